using System.Diagnostics;
using System.Globalization;
using Cairn.Tests;

namespace Cairn.EndToEnd.Tests;

/// <summary>A server as a process that can be killed and started again on the same folder and port.</summary>
public sealed class ServerProcess : IDisposable
{
    /// <summary>For starting, and for each request: only keeps a broken test from waiting for ever.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string data;
    private readonly int port = FreePort.Take();
    private readonly List<string> output = [];
    private Process? process;

    public ServerProcess(string data) => this.data = data;

    public Uri Address => new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join(Environment.NewLine, output);
            }
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process = Process.Start(CairnProgram.Command("server", "--data", data, "--listen", Address.Authority))!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "/health"), cancellationToken);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (!process.HasExited && clock.Elapsed < Limit)
            {
                await Task.Delay(5, cancellationToken);
            }
            catch (HttpRequestException fault)
            {
                throw new InvalidOperationException($"The server did not start: {Output}", fault);
            }
        }
    }

    /// <summary>kill -9: the process gets no chance to write anything.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        process!.Kill();
        await process.WaitForExitAsync(cancellationToken);
        process.Dispose();
        process = null;
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process?.Dispose();
        process = null;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.Add(line);
            }
        }
    }
}
