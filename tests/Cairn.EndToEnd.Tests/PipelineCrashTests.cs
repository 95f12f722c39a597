using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Cairn.Client.Wire;

namespace Cairn.EndToEnd.Tests;

/// <summary>
/// kill -9 of the runner (by hand, or a worker that carries out a trigger's job), of the server, or of a process of a step, at
/// random moments of a pipeline. Then it is gone on with, at once or a little later, and an oracle that knows what must have
/// come of it looks at everything. CAIRN_PIPELINE_KILLS sets how often each of the three is killed (3; `make torture` takes 100).
/// </summary>
public sealed class PipelineCrashTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-pipeline-crash-").FullName;
    private readonly CrashPipeline _pipeline;
    private readonly ServerProcess _server;
    private readonly HttpClient _http;
    private readonly CrashOracle _oracle;
    private readonly List<string> _output = [];
    private int _seed;
    private int _tickets;

    public PipelineCrashTests()
    {
        _pipeline = new CrashPipeline(_folder);
        _server = new ServerProcess(Path.Combine(_folder, "data"));
        _http = new HttpClient { BaseAddress = _server.Address, Timeout = ServerProcess.Limit };
        _oracle = new CrashOracle(_http, _pipeline);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
        using var remove = Process.Start("/bin/sh", ["-c", "chmod -R u+w \"$1\"; rm -rf \"$1\"", "sh", _folder]);
        remove.WaitForExit();
    }

    [Theory(Timeout = 90 * 60 * 1000)]
    [InlineData("runner")]
    [InlineData("server")]
    [InlineData("step")]
    public async Task No_step_is_run_twice_after_it_succeeded_and_no_trigger_or_promotion_goes_wrong(string victim)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && Directory.Exists("/proc/self"), "curl and /proc are needed");
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var kills = int.Parse(Environment.GetEnvironmentVariable("CAIRN_PIPELINE_KILLS") ?? "3", CultureInfo.InvariantCulture);
        await _server.StartAsync(Cancellation);
        await EndAsync(Start("pipeline", "register", _pipeline.Project));
        var watch = Stopwatch.StartNew();
        _seed++;
        await EndAsync(Start("pipeline", "run", _pipeline.Project, Seed));
        var whole = (int)watch.ElapsedMilliseconds;
        Assert.True(await RootAsync() is not null, string.Join("\n", _output));
        await _oracle.CheckAsync(_seed, (await RootAsync())!);
        var (hits, late) = (0, 0);
        while (hits < kills)
        {
            // Every third is set going by a trigger and carried out by a worker.
            var withTicket = hits % 3 == 2;
            _seed++;
            var moment = RandomNumberGenerator.GetInt32(whole);
            var hit = await BreakAsync(victim, withTicket, moment);
            try
            {
                await _oracle.CheckAsync(_seed, withTicket ? await CarryOutAsync() : await GoOnAsync());
                await AssertNothingIsLeftAsync();
            }
            catch (Exception)
            {
                Say($"seed {_seed}: the {victim} after {moment} ms{(withTicket ? ", by a ticket" : "")}\n{string.Join('\n', _output)}");
                throw;
            }

            _output.Clear();
            (hits, late) = hit ? (hits + 1, late) : (hits, late + 1);
        }

        await _oracle.CheckAllAsync(_tickets);
        Say($"{hits} kills of the {victim} ({late} came too late and are not counted), {_seed} runs, {_tickets} triggers, {_oracle.Promotions} promotions, "
            + $"{_oracle.Unrecorded} commands ended but were not recorded; a run takes {whole} ms");
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    private string Seed => $"seed={_seed.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Runs the pipeline and kills; false where there was nothing left to kill.</summary>
    private async Task<bool> BreakAsync(string victim, bool withTicket, int moment)
    {
        if (withTicket && victim == "server" && moment % 2 == 0)
        {
            // While the new version is logged that sets it going.
            var ticket = TicketAsync();
            await Task.Delay(moment % 40, Cancellation);
            await _server.KillAsync(Cancellation);
            await _server.StartAsync(Cancellation);
            await ticket;
            return true;
        }

        if (withTicket)
        {
            await TicketAsync();
        }

        using var runner = withTicket ? Worker() : Start("pipeline", "run", _pipeline.Project, Seed);
        await Task.Delay(moment, Cancellation);
        var hit = await KillAsync(victim, runner);
        await EndAsync(runner);
        return hit;
    }

    private async Task<bool> KillAsync(string victim, Process runner)
    {
        switch (victim)
        {
            case "server":
                var works = !runner.HasExited;
                await _server.KillAsync(Cancellation);
                await Task.Delay(RandomNumberGenerator.GetInt32(500), Cancellation);
                await _server.StartAsync(Cancellation);
                return works;
            case "runner":
                var goesOn = !runner.HasExited;
                runner.Kill();
                return goesOn;
            default:
                while (!runner.HasExited)
                {
                    var processes = CrashProcesses.OfSteps(_pipeline.Ledger);
                    if (processes.Count > 0 && await ShellAsync($"kill -9 {processes[RandomNumberGenerator.GetInt32(processes.Count)].ToString(CultureInfo.InvariantCulture)}"))
                    {
                        return true;
                    }

                    await Task.Delay(5, Cancellation);
                }

                return false;
        }
    }

    /// <summary>Until the run that was begun by hand has finished. One that was killed before its record was made is begun anew.</summary>
    private async Task<RunDetail> GoOnAsync()
    {
        var patient = RandomNumberGenerator.GetInt32(2) == 0;
        for (var clock = Stopwatch.StartNew(); ;)
        {
            Assert.True(clock.Elapsed < Limit, "It was not to be ended.");
            var root = await RootAsync();
            if (root?.Run.Status == "finished")
            {
                return root;
            }

            if (root?.Run.Status == "running" && patient)
            {
                // The runner is gone; what guards its record has not closed it yet.
                await Task.Delay(50, Cancellation);
                continue;
            }

            await EndAsync(root is null ? Start("pipeline", "run", _pipeline.Project, Seed) : Start("resume", root.Run.Id));
        }
    }

    /// <summary>Until the run of the newest ticket has finished: by workers, and by hand where its job has failed.</summary>
    private async Task<RunDetail> CarryOutAsync()
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            Assert.True(clock.Elapsed < Limit, "It was not to be ended.");
            var job = (await _http.GetFromJsonAsync("/api/v1/jobs?limit=1", CairnJson.Default.JobList, Cancellation))!.Jobs[0];
            switch (job.State)
            {
                case "finished" or "failed":
                    var root = (await _http.GetFromJsonAsync($"/api/v1/runs/{job.RunId}", CairnJson.Default.RunDetail, Cancellation))!;
                    if (root.Run.Status == "finished")
                    {
                        return root;
                    }

                    Assert.NotEqual("finished", job.State);
                    await EndAsync(Start("resume", job.RunId));
                    break;
                default:
                    await EndAsync(Worker());
                    await Task.Delay(100, Cancellation);
                    break;
            }
        }
    }

    private async Task<RunDetail?> RootAsync()
    {
        var filter = Uri.EscapeDataString($"params.seed = '{_seed.ToString(CultureInfo.InvariantCulture)}'");
        var page = (await _http.GetFromJsonAsync($"/api/v1/runs?limit=100&filter={filter}", CairnJson.Default.RunPage, Cancellation))!;
        var roots = page.Runs.Where(row => row.Run.ParentId is null).ToList();
        return roots.Count == 0 ? null : await _http.GetFromJsonAsync($"/api/v1/runs/{Assert.Single(roots).Run.Id}", CairnJson.Default.RunDetail, Cancellation);
    }

    /// <summary>A new version of what the trigger listens to, asked for until the server has said yes.</summary>
    private async Task TicketAsync()
    {
        _tickets++;
        var content = Encoding.UTF8.GetBytes(_seed.ToString(CultureInfo.InvariantCulture));
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        var request = new CommitVersionRequest("ticket", "dataset", [new ManifestEntry("ticket", digest, content.Length)], Experiment: "feed");
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var body = new ByteArrayContent(content);
                using var put = await _http.PutAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), body, Cancellation);
                using var answer = await _http.PostAsJsonAsync("/api/v1/artifacts/versions", request, CairnJson.Default.CommitVersionRequest, Cancellation);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (clock.Elapsed < Limit)
            {
                await Task.Delay(10, Cancellation);
            }
        }
    }

    /// <summary>Orphans and temporary folders go by themselves, if not at once.</summary>
    private async Task AssertNothingIsLeftAsync()
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50, Cancellation))
        {
            string[] left = [.. CrashProcesses.Left(_pipeline.Ledger, _server.Address).Where(process => !process.Contains("server --data", StringComparison.Ordinal)), .. Directory.EnumerateFileSystemEntries(_pipeline.Temporary)];
            if (left.Length == 0)
            {
                return;
            }

            Assert.True(clock.Elapsed < Limit, $"There is still {string.Join("; ", left)}");
        }
    }

    private Process Worker() => Start("worker", "--until-idle", "--lease", "5");

    private Process Start(params string[] arguments)
    {
        var start = CairnProgram.Command(arguments);
        start.Environment["CAIRN_URL"] = _server.Address.ToString();
        start.Environment["PATH"] = $"{Path.GetDirectoryName(CairnProgram.Path)}:{start.Environment["PATH"]}";
        foreach (var (name, value) in _pipeline.Variables)
        {
            start.Environment[name] = value;
        }

        _output.Add($"$ cairn {string.Join(' ', arguments)}");
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Add(line);
            }
        }
    }

    private static async Task EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
    }

    private static async Task<bool> ShellAsync(string line)
    {
        using var shell = Process.Start("/bin/sh", ["-c", $"{line} 2>/dev/null"]);
        await shell.WaitForExitAsync(Cancellation);
        return shell.ExitCode == 0;
    }
}
