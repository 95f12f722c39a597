using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.EndToEnd.Tests;

/// <summary>
/// kill -9 of the runner, of the server or of a step at random moments of a pipeline of the sample's shape. Afterwards the
/// pipeline is gone on with, and then: every step has succeeded exactly once, none was started after it had, no run says
/// that it still goes on. CAIRN_PIPELINE_KILLS sets how often (6; `make torture` takes 100).
/// </summary>
public sealed class PipelineCrashTests : IDisposable
{
    private const string Steps = "download preprocess check split train evaluate";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-pipeline-crash-").FullName;

    public void Dispose()
    {
        using var remove = Process.Start("/bin/sh", ["-c", "chmod -R u+w \"$1\"; rm -rf \"$1\"", "sh", _folder]);
        remove.WaitForExit();
    }

    [Fact(Timeout = 60 * 60 * 1000)]
    public async Task No_step_is_run_twice_after_it_succeeded_and_none_stays_running()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("CAIRN_PIPELINE_KILLS") ?? "6", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        Write();
        using var server = new ServerProcess(Path.Combine(_folder, "data"));
        await server.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
        var watch = Stopwatch.StartNew();
        await EndAsync(Start(server, "pipeline", "run", Project, "seed=0"));
        var whole = (int)watch.ElapsedMilliseconds;
        for (var kill = 1; kill <= kills; kill++)
        {
            var victim = (kill % 3) switch { 0 => "server", 1 => "runner", _ => "step" };
            var moment = RandomNumberGenerator.GetInt32(whole / 10, whole);
            using var runner = Start(server, "pipeline", "run", Project, $"seed={kill}");
            await Task.Delay(moment, cancellation);
            var hit = await KillAsync(victim, server, runner, cancellation);
            await EndAsync(runner);
            await GoOnAsync(server, http, kill, cancellation);
            await CheckAsync(http, kill, cancellation);
            TestContext.Current.TestOutputHelper!.WriteLine($"kill {kill}: {victim} after {moment} ms{(hit ? "" : " (it had ended)")}");
        }
    }

    private string Project => Path.Combine(_folder, "project");

    private void Write()
    {
        const string put = "cairn artifact put";
        Component("download", $"echo \"$1\" > out; {put} raw.csv out");
        Component("preprocess", $"cat \"$(cairn artifact get raw.csv:latest --cached)\" > out; echo clean >> out; {put} clean.csv out");
        Component("check", "grep -q clean \"$(cairn artifact get clean.csv:latest --cached)\"");
        Component("split", $"cat \"$(cairn artifact get clean.csv:latest --cached)\" > out; {put} train.csv out; {put} test.csv out");
        Component("train", $"cat \"$(cairn artifact get train.csv:latest --cached)\" > out; echo model >> out; {put} model out");
        Component("evaluate", "cairn artifact get model:latest --cached >/dev/null; cairn artifact get test.csv:latest --cached >/dev/null");
        var needs = "";
        var text = "name: crash\nparams: {seed: 0}\nsteps:\n";
        foreach (var step in Steps.Split(' '))
        {
            text += $"  {step}: {{component: {step}, params: {{seed: \"${{{{ params.seed }}}}\"}}{needs}}}\n";
            needs = $", needs: [{step}]";
        }

        File.WriteAllText(Path.Combine(Project, "pipeline.yaml"), text);
    }

    /// <summary>Every command tells its process before it works, and works long enough to be hit.</summary>
    private void Component(string name, string script)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Project, name)).FullName;
        File.WriteAllText(
            Path.Combine(folder, "run.sh"),
            $"set -eu\nseed=$1\necho $$ > \"$PIDS/now\"\nwork=$(mktemp -d); cd \"$work\"; trap 'rm -rf \"$work\"' EXIT\nsleep 0.15\n{script}\n");
        File.WriteAllText(Path.Combine(folder, "MLproject"), $"name: {name}\nentry_points:\n  main:\n    parameters: {{seed: int}}\n    command: sh run.sh {{seed}}\n");
    }

    private Process Start(ServerProcess server, params string[] arguments)
    {
        var start = CairnProgram.Command(arguments);
        start.Environment["CAIRN_URL"] = server.Address.ToString();
        start.Environment["CAIRN_CACHE_DIR"] = Path.Combine(_folder, "cache");
        start.Environment["PIDS"] = _folder;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
    }

    private async Task<bool> KillAsync(string victim, ServerProcess server, Process runner, CancellationToken cancellation)
    {
        switch (victim)
        {
            case "server":
                await server.KillAsync(cancellation);
                await server.StartAsync(cancellation);
                return true;
            case "runner":
                var goesOn = !runner.HasExited;
                runner.Kill();
                return goesOn;
            default:
                var file = Path.Combine(_folder, "now");
                using (var kill = Process.Start("/bin/sh", ["-c", "kill -9 \"$(cat \"$1\")\" 2>/dev/null", "sh", file]))
                {
                    await kill.WaitForExitAsync(cancellation);
                    return kill.ExitCode == 0;
                }
        }
    }

    /// <summary>Until the pipeline has finished. A run that was killed before its record was made is begun anew.</summary>
    private async Task GoOnAsync(ServerProcess server, HttpClient http, int seed, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        while (true)
        {
            var run = await PipelineAsync(http, seed, limit.Token);
            if (run?.Status == "finished")
            {
                return;
            }

            if (run?.Status == "running")
            {
                // The runner is gone; what guards its record has not closed it yet.
                await Task.Delay(50, limit.Token);
                continue;
            }

            using var again = run is null ? Start(server, "pipeline", "run", Project, $"seed={seed}") : Start(server, "resume", run.Id);
            await EndAsync(again);
        }
    }

    private static async Task<RunInfo?> PipelineAsync(HttpClient http, int seed, CancellationToken cancellation)
    {
        var page = await http.GetFromJsonAsync("/api/v1/runs?experiment=crash&limit=1000", CairnJson.Default.RunPage, cancellation);
        return page!.Runs.FirstOrDefault(row => row.Run.ParentId is null && row.Params.TryGetValue("seed", out var value) && value.ValueKind == JsonValueKind.Number && value.GetInt32() == seed)?.Run;
    }

    private static async Task CheckAsync(HttpClient http, int seed, CancellationToken cancellation)
    {
        var run = (await PipelineAsync(http, seed, cancellation))!;
        var page = (await http.GetFromJsonAsync("/api/v1/runs?experiment=crash&limit=10000", CairnJson.Default.RunPage, cancellation))!;
        Assert.DoesNotContain(page.Runs, row => row.Run.Status is "running" or "scheduled");
        var children = page.Runs.Where(row => row.Run.ParentId == run.Id).OrderBy(row => row.Run.StartedAt).ToList();
        foreach (var step in Steps.Split(' '))
        {
            var runs = children.Where(row => row.Run.Name == step).ToList();
            Assert.Equal("finished", runs[^1].Run.Status);
            Assert.All(runs.SkipLast(1), row => Assert.NotEqual("finished", row.Run.Status));
        }
    }
}
