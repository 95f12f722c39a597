using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cairn.Tests;

namespace Cairn.Cli.Tests;

/// <summary>The sample of the house, samples/seattle-weather, on a real Slurm: its components really learn and judge.</summary>
[Collection(SlurmCluster.Collection)]
public sealed class SlurmSampleTests(SlurmCluster cluster) : IAsyncDisposable
{
    private const int Sweep = 20;
    private const string Training = "seattle-weather/train_random_forest";

    /// <summary>Its components may have to be built first, and twenty of them learn at once.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly CliFixture _cli = new();
    private readonly int _port = FreePort.Take();
    private Process? _server;

    private Dictionary<string, string> Variables => new(cluster.Variables) { ["CAIRN_URL"] = $"http://127.0.0.1:{_port}" };

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await cluster.AskAsync("scancel", "--me");
            CliFixture.Signal(_server, "KILL");
            await CliFixture.EndAsync(_server);
            _server.Dispose();
        }

        _cli.Dispose();
    }

    [Fact]
    public async Task Only_what_changed_is_run_and_a_sweep_survives_a_cancelled_job_a_drained_node_and_two_kills()
    {
        cluster.Require();
        await StartServerAsync();
        var first = await PipelineAsync();
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Equal(["succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "succeeded"], States(first));
        Assert.Equal(["cached", "cached", "cached", "cached", "cached", "cached"], States(await PipelineAsync()));
        Assert.Equal(["cached", "cached", "cached", "cached", "succeeded", "succeeded"], States(await PipelineAsync("model.leaves=8")));

        // Nothing of the sweep begins while the node is drained: twenty tasks of one array wait.
        await cluster.DrainAsync(true);
        try
        {
            await SweepAsync();
        }
        finally
        {
            if ((await cluster.AskAsync("sinfo", "-h", "-o", "%T")).StartsWith("dr", StringComparison.Ordinal))
            {
                await cluster.DrainAsync(false);
            }
        }

        var rows = await RunsAsync();
        Assert.DoesNotContain(rows, row => row.Status is "running" or "scheduled");
        // Two of the runs before the sweep, one for each of its combinations: nothing was learnt twice.
        Assert.Equal(2 + Sweep, rows.Count(row => row.Step == Training && row.Status == "finished"));
        Assert.Single(rows, row => row.Step == Training && row.Status == "killed");
        Assert.Equal(2, rows.Count(row => row.Step == "seattle-weather/evaluate"));
        Assert.Equal(1, rows.Count(row => row.Step == "seattle-weather/download_data"));
    }

    private async Task SweepAsync()
    {
        string cancelled;
        using (var runner = _cli.Start(CliFixture.Executable, ["pipeline", "run", Sample, "-m", $"model.trees=range(1,{Sweep + 1})", "--step", "train_random_forest", "--backend", "slurm", "--run-name", "sweep"], Variables))
        {
            // Its pipes are to be read, or it stops when they are full.
            var said = Task.WhenAll(runner.StandardOutput.ReadToEndAsync(), runner.StandardError.ReadToEndAsync());
            var waiting = await UntilAsync(async () => await QueueAsync(), queue => queue.Length == Sweep);
            // One array; on a machine that is slow to begin them those that come two seconds late make another.
            Assert.InRange(waiting.Select(task => task.Split('_')[0]).Distinct().Count(), 1, Sweep / 2);
            cancelled = waiting[7];
            await cluster.AskAsync("scancel", cancelled);
            await UntilAsync(RunsAsync, rows => rows.Any(row => row.Job == cancelled && row.Status == "killed"));
            Assert.Equal(Sweep - 1, (await RunsAsync()).Count(row => row.Step == Training && row.Status == "scheduled"));

            // The server, beside a runner that lives; then the runner.
            CliFixture.Signal(_server!, "KILL");
            await CliFixture.EndAsync(_server!);
            _server!.Dispose();
            await StartServerAsync();
            CliFixture.Signal(runner, "KILL");
            await CliFixture.EndAsync(runner);
            await said;
        }

        Assert.Equal(Sweep - 1, (await QueueAsync()).Length);
        await cluster.DrainAsync(false);
        var resumed = await _cli.RunAsync(CliFixture.Executable, ["resume", "sweep"], Variables, Longest);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Contains($"{Sweep} of {Sweep} finished", resumed.Error, StringComparison.Ordinal);
    }

    private Task<CliFixture.Answer> PipelineAsync(params string[] more) =>
        _cli.RunAsync(CliFixture.Executable, ["pipeline", "run", Sample, "--backend", "slurm", "--json", .. more], Variables, Longest);

    private static string[] States(CliFixture.Answer answer) =>
        [.. answer.Json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()!)];

    private async Task<string[]> QueueAsync() => (await cluster.AskAsync("squeue", "-h", "-r", "-o", "%i")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<IReadOnlyList<(string? Step, string Status, string? Job)>> RunsAsync()
    {
        var page = (await _cli.RunAsync(CliFixture.Executable, ["runs", "ls", "--limit", "300", "--json"], Variables)).Json;
        return [.. page.GetProperty("runs").EnumerateArray().Select(row => (Tag(row, "cairn.step.name"), row.GetProperty("run").GetProperty("status").GetString()!, Tag(row, "cairn.backend.job")))];
    }

    private static string? Tag(JsonElement row, string name) => row.GetProperty("tags").TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> holds)
    {
        using var limit = new CancellationTokenSource(CliFixture.Limit);
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
            {
                return answer;
            }

            await Task.Delay(200, limit.Token);
        }
    }

    private async Task StartServerAsync()
    {
        _server = _cli.Start(CliFixture.Executable, ["server", "--listen", $"127.0.0.1:{_port}", "--json"], []);
        Assert.NotNull(await _server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit));
    }

    private static string Sample => Path.Combine(Root(), "samples", "seattle-weather");

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
