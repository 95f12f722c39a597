using System.Diagnostics;
using Cairn.Client.Tests.Fakes;

namespace Cairn.Client.Tests;

/// <summary>What becomes of a run nobody disposed: real processes, ended in real ways.</summary>
public sealed class ProcessExitTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeCairn _server = new();

    [Theory]
    [InlineData("return", 0, "finished")]
    [InlineData("exit", 3, "failed")]
    [InlineData("throw", 134, "failed")]
    public async Task A_run_ends_with_its_process_and_nothing_is_lost(string how, int code, string status)
    {
        using var process = Start(how);
        var id = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

        Assert.Equal(code, await ExitAsync(process));

        var stored = _server.Runs[id!];
        Assert.Equal(0.5, Assert.Single(stored.Points).Value);
        Assert.Equal("line", stored.Logs[0].Text);
        Assert.Equal(status, stored.Info.Status);
        Assert.Equal(how == "throw", stored.Tags.ContainsKey("cairn.error"));
    }

    [Fact]
    public async Task A_process_that_is_told_to_end_delivers_what_it_has()
    {
        using var process = Start("wait");
        var id = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await ExitAsync(process);

        Assert.Single(_server.Runs[id!].Points);
        Assert.Equal("killed", _server.Runs[id!].Info.Status);
    }

    [Fact]
    public async Task A_launched_process_adopts_the_run_it_is()
    {
        var id = new string('a', 32);
        _server.AddRun(id);
        using var process = Start("return", id);

        Assert.Equal(id, await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) switch
        {
            "line" => await process.StandardOutput.ReadLineAsync().WaitAsync(Patience),
            var first => first,
        });
        Assert.Equal(0, await ExitAsync(process));
        Assert.Single(_server.Runs[id].Points);
        Assert.Empty(_server.Runs[id].Logs);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<int> ExitAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
        finally
        {
            process.Kill();
        }
    }

    private Process Start(string how, string? runId = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Cairn.Client.ExitProbe.dll"), how])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CAIRN_URL"] = _server.Http.Url.ToString(), ["CAIRN_RUN_ID"] = runId ?? "", ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
