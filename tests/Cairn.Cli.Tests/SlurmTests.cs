using System.Diagnostics;
using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>Runs and pipelines as jobs of a real Slurm.</summary>
[Collection(SlurmCluster.Collection)]
public sealed class SlurmTests(SlurmCluster cluster) : IAsyncLifetime
{
    private readonly CliFixture _cli = new();
    private Dictionary<string, string> _variables = [];
    private Process? _server;

    public async ValueTask InitializeAsync()
    {
        cluster.Require();
        _server = _cli.Start(CliFixture.Executable, ["server", "--listen", "127.0.0.1:0", "--json"], []);
        var line = await _server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit);
        _variables = new(cluster.Variables) { ["CAIRN_URL"] = JsonDocument.Parse(line!).RootElement.GetProperty("url").GetString()! };
        // A file that a command names by its path counts as its code; this one must not.
        _variables["GO"] = Path.Combine(_cli.Work, "go");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await cluster.AskAsync("scancel", "--full", "--me");
            CliFixture.Signal(_server, "TERM");
            await CliFixture.EndAsync(_server);
            _server.Dispose();
        }

        _cli.Dispose();
    }

    private Task<CliFixture.Answer> CairnAsync(params string[] arguments) => _cli.RunAsync(CliFixture.Executable, arguments, _variables);

    private Process Start(params string[] arguments) => _cli.Start(CliFixture.Executable, arguments, _variables);

    /// <summary>first → second → third, each leaving a letter; <paramref name="second"/> is what the second does.</summary>
    private void Chain(string second = "true")
    {
        _cli.Project("p/first", "echo a >> ../ran; seq 5 > raw.csv && cairn artifact put raw.csv raw.csv");
        _cli.Project("p/second", $"echo b >> ../ran; {second}; cp \"$(cairn artifact get {{raw}} --cached)\" out.csv; cairn artifact put out.csv out.csv", "{raw: string}");
        _cli.Project("p/third", "echo c >> ../ran; echo depth {depth} on $SLURM_CPUS_PER_TASK", "{depth: int}");
        _cli.Write("p/pipeline.yaml", """
            name: chain
            params: {depth: 5}
            steps:
              first: {component: first, outputs: {raw: raw.csv}}
              second: {component: second, inputs: {raw: "${{ steps.first.outputs.raw }}"}, outputs: [out.csv]}
              third: {component: third, needs: [second], resources: {cpus: 2, memory: 100M}, params: {depth: "${{ params.depth }}"}}
            """);
    }

    private string Ran => File.ReadAllText(Path.Combine(_cli.Work, "p/ran")).Replace("\n", "", StringComparison.Ordinal);

    private static string States(JsonElement report) => string.Join(' ', report.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()));

    private async Task<JsonElement> RunOfAsync(string run) => (await CairnAsync("runs", "show", run, "--json")).Json;

    private static string StatusOf(JsonElement run) => run.GetProperty("run").GetProperty("status").GetString()!;

    private async Task NothingRunsAsync() =>
        Assert.All(
            (await CairnAsync("runs", "ls", "--json")).Json.GetProperty("runs").EnumerateArray(),
            run => Assert.DoesNotContain(run.GetProperty("run").GetProperty("status").GetString(), new[] { "running", "scheduled" }));

    [Fact]
    public async Task A_run_is_a_job_with_its_output_exit_code_and_resources()
    {
        _cli.Project("p", "echo out {x}; echo err >&2; echo \"$SLURM_CPUS_PER_TASK $SLURM_MEM_PER_NODE $SECRET\"; exit 7", "{x: string}");
        _variables["SECRET"] = "it's \"$HOME\"\nand more";
        var answer = await CairnAsync("run", "p", "-P", "x=$(id) '", "--backend", "slurm", "--backend-config", """{"cpus": 3, "memory": "200M", "partition": "main"}""", "--json");
        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(7, answer.Json.GetProperty("exitCode").GetInt32());
        Assert.Contains("out $(id) '\nerr\n3 200 it's \"$HOME\"\nand more\n", answer.Error, StringComparison.Ordinal);
        var id = answer.Json.GetProperty("run").GetProperty("id").GetString()!;
        var tags = (await RunOfAsync(id)).GetProperty("tags");
        Assert.Equal("slurm", tags.GetProperty("mlflow.project.backend").GetString());
        Assert.Matches("^[0-9]+$", tags.GetProperty("cairn.backend.job").GetString());
        Assert.Contains("err\n", (await CairnAsync("runs", "show", id, "--logs")).Out, StringComparison.Ordinal);
        var left = Directory.EnumerateDirectories(tags.GetProperty("cairn.backend.folder").GetString()!).Select(Path.GetFileName).ToArray();
        Assert.Equal(["batches"], left);
    }

    [Fact]
    public async Task Wrong_settings_are_told_before_anything_is_submitted()
    {
        _cli.Project("p", "true");
        async Task Refused(string expected, params string[] arguments)
        {
            var answer = await CairnAsync(["run", "p", .. arguments]);
            Assert.Equal(2, answer.ExitCode);
            Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        }

        await Refused("Did you mean 'slurm'?", "--backend", "slrum");
        await Refused("Did you mean 'partition'?", "--backend", "slurm", "--backend-config", "{\"partitoin\": \"x\"}");
        await Refused("one word", "--backend", "slurm", "--backend-config", "{\"partition\": \"--wrap=id\"}");
        await Refused("no file 'nowhere.json'", "--backend", "slurm", "--backend-config", "nowhere.json");
        var unknown = await CairnAsync("run", "p", "--backend", "slurm", "--backend-config", "{\"partition\": \"nowhere\"}");
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("invalid partition", unknown.Error, StringComparison.OrdinalIgnoreCase);
        _variables.Remove("CAIRN_URL");
        _variables["CAIRN_DATA"] = Path.Combine(_cli.Work, "other");
        await Refused("outlives this command", "--backend", "slurm");
        _variables = [];
    }

    [Fact]
    public async Task A_pipeline_runs_on_it_once_and_then_only_what_changed()
    {
        Chain();
        var first = await CairnAsync("pipeline", "run", "p", "--backend", "slurm", "--json");
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Equal("succeeded succeeded succeeded", States(first.Json));
        Assert.Equal("depth 5 on 2\n", (await CairnAsync("pipeline", "logs", "third")).Out);
        var second = await CairnAsync("pipeline", "run", "p", "--backend", "slurm", "--json");
        Assert.Equal("cached cached cached", States(second.Json));
        Assert.Equal("abc", Ran);
        await NothingRunsAsync();
    }

    [Fact]
    public async Task A_sweep_of_twenty_shares_what_is_equal_and_is_made_of_arrays()
    {
        Chain();
        var answer = await CairnAsync("pipeline", "run", "p", "-m", "depth=range(1,21)", "--backend", "slurm", "--run-name", "sweep");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Contains("20 of 20 finished", answer.Error, StringComparison.Ordinal);
        Assert.Equal("ab" + new string('c', 20), Ran);
        var rows = (await CairnAsync("runs", "ls", "--limit", "200", "--json")).Json.GetProperty("runs").EnumerateArray()
            .Select(run => run.GetProperty("tags")).Where(tags => tags.TryGetProperty("cairn.step.name", out var name) && name.GetString() == "chain/third")
            .Select(tags => tags.GetProperty("cairn.backend.job").GetString()!).ToArray();
        Assert.Equal(20, rows.Length);
        Assert.Contains(rows, job => job.Contains('_', StringComparison.Ordinal));
        Assert.InRange(rows.Select(job => job.Split('_')[0]).Distinct().Count(), 1, 15);
        await NothingRunsAsync();
    }

    [Fact]
    public async Task A_job_that_is_cancelled_outside_ends_its_run_and_the_pipeline_can_go_on()
    {
        Chain("[ -e ../go ] || (echo $SLURM_JOB_ID > ../job; sleep 1000) || exit");
        using var process = Start("pipeline", "run", "p", "--backend", "slurm", "--json");
        await cluster.AskAsync("scancel", await _cli.FileAsync("p/job"));
        var report = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync()).RootElement;
        await CliFixture.EndAsync(process);
        Assert.Equal("succeeded stopped skipped", States(report));
        await NothingRunsAsync();
        _cli.Write("p/go", "");
        var resumed = await CairnAsync("resume", "--json");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("abbc", Ran);
    }

    [Fact]
    public async Task A_drained_node_makes_jobs_wait_and_says_so()
    {
        _cli.Project("p", "echo ran");
        await cluster.DrainAsync(true);
        var isDrained = true;
        try
        {
            using var process = Start("run", "p", "--backend", "slurm", "--run-name", "waiting");
            var errors = new List<string>();
            while (await process.StandardError.ReadLineAsync().WaitAsync(CliFixture.Limit) is { } line)
            {
                errors.Add(line);
                if (line.Contains("waits:", StringComparison.Ordinal))
                {
                    break;
                }
            }

            // Slurm says one or the other, by which of its passes looks at the job first.
            Assert.Matches("NotAvail|DRAINED", errors[^1]);
            Assert.Equal("scheduled", StatusOf(await RunOfAsync("waiting")));
            await cluster.DrainAsync(false);
            isDrained = false;
            Assert.Equal("ran\n", await process.StandardOutput.ReadToEndAsync());
            await CliFixture.EndAsync(process);
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("finished", StatusOf(await RunOfAsync("waiting")));
        }
        finally
        {
            if (isDrained)
            {
                await cluster.DrainAsync(false);
            }
        }
    }

    [Fact]
    public async Task A_runner_that_was_killed_goes_on_watching_the_same_jobs()
    {
        Chain("echo one; echo $$ > ../pid; while [ ! -e \"$GO\" ]; do sleep 0.1; done; echo two");
        using (var process = Start("pipeline", "run", "p", "--backend", "slurm"))
        {
            await _cli.FileAsync("p/pid");
            CliFixture.Signal(process, "KILL");
            await CliFixture.EndAsync(process);
        }

        using (var second = Start("resume", "--verbose"))
        {
            // Killed once more while it watches.
            await UntilAsync(second.StandardError, "one");
            CliFixture.Signal(second, "KILL");
            await CliFixture.EndAsync(second);
        }

        _cli.Write("go", "");
        var resumed = await CairnAsync("resume", "--json");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("cached succeeded succeeded", States(resumed.Json));
        Assert.Equal("abc", Ran);
        Assert.StartsWith("one\ntwo\n", (await CairnAsync("pipeline", "logs", "second")).Out, StringComparison.Ordinal);
        await NothingRunsAsync();
    }

    [Fact]
    public async Task A_job_that_ended_while_nobody_watched_is_taken_as_it_ended()
    {
        Chain("echo $$ > ../pid; while [ ! -e \"$GO\" ]; do sleep 0.1; done");
        using (var process = Start("pipeline", "run", "p", "--backend", "slurm"))
        {
            await _cli.FileAsync("p/pid");
            CliFixture.Signal(process, "KILL");
            await CliFixture.EndAsync(process);
        }

        _cli.Write("go", "");
        await EmptyQueueAsync();
        Assert.Equal("ab", Ran);
        var resumed = await CairnAsync("resume", "--json");
        Assert.Equal("cached succeeded succeeded", States(resumed.Json));
        Assert.Equal("abc", Ran);
        await NothingRunsAsync();
    }

    [Fact]
    public async Task Time_limits_and_stops_end_the_jobs()
    {
        // The limit counts from Slurm's word that it runs: on a busy machine the shell comes to its trap seconds later.
        _cli.Project("p/slow", "trap 'echo ended >> ../ended' TERM; echo $$ >> ../pids; sleep 1000 & wait");
        _cli.Write("p/pipeline.yaml", "name: slow\nsteps:\n  slow: {component: slow, timeout: 8s}\n");
        var answer = await CairnAsync("pipeline", "run", "p", "--backend", "slurm", "--json");
        Assert.Equal("failed", States(answer.Json));
        Assert.Contains("time of", answer.Json.GetProperty("steps")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("ended", await _cli.FileAsync("p/ended"));
        File.Delete(Path.Combine(_cli.Work, "p/pids"));
        _cli.Write("p/pipeline.yaml", "name: slow\nsteps:\n  slow: {component: slow}\n");
        using var process = Start("pipeline", "run", "p", "--backend", "slurm", "--run-name", "stopped");
        await _cli.FileAsync("p/pids");
        CliFixture.Signal(process, "INT");
        await CliFixture.EndAsync(process);
        Assert.Equal(130, process.ExitCode);
        await EmptyQueueAsync();
        Assert.Equal("killed", StatusOf(await RunOfAsync("stopped")));
        await NothingRunsAsync();
    }

    [Fact]
    public async Task A_single_run_is_gone_on_with_too()
    {
        _cli.Project("p", "echo {x} >> ran; echo $$ > pid; while [ ! -e \"$GO\" ]; do sleep 0.1; done; echo done", "{x: string}");
        using (var process = Start("run", "p", "-P", "x=a b", "--backend", "slurm"))
        {
            await _cli.FileAsync("p/pid");
            CliFixture.Signal(process, "KILL");
            await CliFixture.EndAsync(process);
        }

        _cli.Write("go", "");
        var resumed = await CairnAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("done\n", resumed.Out);
        Assert.Equal("a b\n", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "p/ran")));
        await NothingRunsAsync();
    }

    [Fact]
    public async Task A_job_whose_runner_is_gone_is_ended_from_afar()
    {
        _cli.Project("p", "echo $$ > pid; sleep 1000");
        using (var process = Start("run", "p", "--backend", "slurm", "--run-name", "left"))
        {
            await _cli.FileAsync("p/pid");
            CliFixture.Signal(process, "KILL");
            await CliFixture.EndAsync(process);
        }

        // "scheduled" where it was killed before it saw that the job began.
        Assert.Contains(StatusOf(await RunOfAsync("left")), new[] { "running", "scheduled" });
        Assert.Equal(0, (await CairnAsync("runs", "end", "left")).ExitCode);
        await EmptyQueueAsync();
        Assert.Equal("killed", StatusOf(await RunOfAsync("left")));
    }

    private async Task EmptyQueueAsync()
    {
        using var limit = new CancellationTokenSource(CliFixture.Limit);
        while ((await cluster.AskAsync("squeue", "-h")).Length > 0)
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task UntilAsync(StreamReader reader, string part)
    {
        while (await reader.ReadLineAsync().WaitAsync(CliFixture.Limit) is { } line && !line.Contains(part, StringComparison.Ordinal))
        {
        }
    }
}
