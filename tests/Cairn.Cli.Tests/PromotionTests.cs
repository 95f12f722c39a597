using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>Gates, promotions, triggers and workers through the program itself.</summary>
public sealed class PromotionTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_gate_keeps_an_alias_until_somebody_approves_and_a_rollback_is_one_command()
    {
        _cli.Write("a.txt", "a");
        _cli.Write("b.txt", "b");
        await DoAsync("gate", "set", "model", "--approvals", "1", "--approver", "ann");
        await DoAsync("artifact", "put", "model", "a.txt", "--type", "model");
        var refused = await _cli.CairnAsync("promote", "model:v0", "--why", "first");
        Assert.True(refused.ExitCode == 5, refused.ToString());
        Assert.Contains("cairn approve model:v0 --alias prod", refused.Error, StringComparison.Ordinal);
        Assert.Equal(5, (await _cli.CairnAsync("gate", "check", "model:v0")).ExitCode);
        await DoAsync("approve", "model:v0", "--as", "ann", "--why", "looks good");
        Assert.Equal("model:prod  → v0\n", await DoAsync("promote", "model:v0", "--why", "first"));
        await DoAsync("artifact", "put", "model", "b.txt", "--type", "model");
        await DoAsync("approve", "model:latest", "--as", "ann");
        Assert.Equal("model:prod  v0 → v1\n", await DoAsync("promote", "model:latest", "--expect", "v0"));
        Assert.Equal("model:prod  v1 → v0\n", await DoAsync("rollback", "model", "--why", "too slow", "--as", "eva"));
        var log = JsonDocument.Parse(await DoAsync("gate", "log", "model", "--json")).RootElement.GetProperty("decisions").EnumerateArray().ToArray();
        Assert.Equal(["rolled_back", "accepted", "accepted", "refused", "gate_set"], log.Select(decision => decision.GetProperty("outcome").GetString()));
        Assert.Equal(("eva", "too slow"), (log[0].GetProperty("who").GetString(), log[0].GetProperty("why").GetString()));
        Assert.Contains("1 approval of ann", await DoAsync("gate", "show", "model"), StringComparison.Ordinal);
        await DoAsync("gate", "rm", "model");
        await DoAsync("promote", "model:v1");
    }

    [Fact]
    public async Task Bad_usage_names_what_is_wrong()
    {
        _cli.Write("a.txt", "a");
        await DoAsync("artifact", "put", "model", "a.txt");
        Assert.Equal(2, (await _cli.CairnAsync("gate", "set", "model")).ExitCode);
        var condition = await _cli.CairnAsync("gate", "set", "model", "--when", "metrics.mae = 3");
        Assert.True(condition.ExitCode == 2 && condition.Error.Contains("column 13", StringComparison.Ordinal), condition.ToString());
        Assert.Equal(2, (await _cli.CairnAsync("gate", "set", "model:v0", "--when", "metrics.a < 1")).ExitCode);
        Assert.Equal(4, (await _cli.CairnAsync("promote", "model:v7")).ExitCode);
        Assert.Equal(5, (await _cli.CairnAsync("rollback", "model")).ExitCode);
        Assert.Equal(2, (await _cli.CairnAsync("approve", "model:v0", "--object", "--withdraw")).ExitCode);
        Assert.Equal(2, (await _cli.CairnAsync("check", "report", "drift", "perhaps")).ExitCode);
        Assert.Equal(4, (await _cli.CairnAsync("trigger", "fire", "nobody")).ExitCode);
        Assert.Equal(2, (await _cli.CairnAsync("worker", "--slots", "0")).ExitCode);
    }

    [Fact]
    public async Task A_pipeline_is_set_going_by_new_data_with_its_gate_and_its_run_says_why()
    {
        _cli.Project("p/train", "echo t >> \"$HOME/ran\"; cairn check report drift failed --detail 'psi 0.4'; seq {depth} > m.txt; cairn artifact put model m.txt --type model", "{depth: int}");
        _cli.Write("p/pipeline.yaml", """
            name: retrain
            params: {depth: 5}
            steps:
              train: {component: train, params: {depth: "${{ params.depth }}"}, outputs: [model]}
            promote:
              model: {when: metrics.mae < 1}
            triggers:
              data: {artifact: raw.csv, set: [depth=7]}
              hook: {webhook: {secret: "${{ env.HOOK_SECRET }}"}}
              own: {artifact: model}
            """);
        var missing = await _cli.CairnAsync("pipeline", "register", "p");
        Assert.True(missing.ExitCode == 2 && missing.Error.Contains("HOOK_SECRET is not set", StringComparison.Ordinal), missing.ToString());
        var registered = await _cli.RunAsync(CliFixture.Executable, ["pipeline", "register", "p", "--json"], new() { ["HOOK_SECRET"] = "a secret of some length" });
        Assert.True(registered.ExitCode == 0, registered.ToString());
        Assert.Equal("retrain/pipeline-retrain:v0", registered.Json.GetProperty("source").GetProperty("location").GetString());

        // What lies in the folder now is not what was registered.
        _cli.Write("p/train/MLproject", "entry_points: {main: {command: 'false'}}\n");
        _cli.Write("raw.csv", "1");
        await DoAsync("artifact", "put", "raw.csv", "raw.csv", "--experiment", "retrain");
        await DoAsync("worker", "--until-idle");
        var job = Assert.Single((await JobsAsync()).ToArray());
        Assert.Equal(("finished", "raw.csv:v0 was logged"), (job.GetProperty("state").GetString(), job.GetProperty("cause").GetString()));
        var run = (await _cli.CairnAsync("runs", "show", job.GetProperty("runId").GetString()!, "--json")).Json;
        Assert.Equal("data", run.GetProperty("tags").GetProperty("cairn.trigger").GetString());
        Assert.Equal("7", run.GetProperty("params").GetProperty("depth").ToString());
        Assert.Equal("finished", run.GetProperty("run").GetProperty("status").GetString());
        Assert.Equal(5, (await _cli.CairnAsync("promote", "retrain/model:latest")).ExitCode);
        Assert.Contains("metrics.mae < 1", await DoAsync("gate", "show"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_worker_was_killed_goes_on_with_the_same_run_and_repeats_nothing()
    {
        var home = Path.GetDirectoryName(_cli.Work)!;
        _cli.Project("p/first", "echo a >> \"$HOME/ran\"; seq 5 > raw.csv && cairn artifact put raw.csv raw.csv");
        _cli.Project("p/second", "echo b >> \"$HOME/ran\"; [ -e \"$HOME/go\" ] || (echo $$ > \"$HOME/work/pid\"; sleep 1000)");
        _cli.Write("p/pipeline.yaml", """
            name: slow
            steps:
              first: {component: first, outputs: [raw.csv]}
              second: {component: second, needs: [first]}
            triggers: {drift: {check: drift}}
            """);
        await DoAsync("pipeline", "register", "p");
        await DoAsync("trigger", "fire", "drift");
        using var worker = _cli.Start(CliFixture.Executable, ["worker", "--lease", "5"], []);
        var pid = await _cli.FileAsync("pid");
        CliFixture.Signal(worker, "KILL");
        await CliFixture.EndAsync(worker);
        await CliFixture.GoneAsync(pid);
        File.WriteAllText(Path.Combine(home, "go"), "");
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); (await JobsAsync()).Single().GetProperty("state").GetString() == "running";)
        {
            Assert.True(clock.Elapsed < CliFixture.Limit, "Nobody took the job up.");
            await DoAsync("worker", "--until-idle");
            await Task.Delay(200);
        }

        var job = (await JobsAsync()).Single();
        Assert.Equal(("finished", 2), (job.GetProperty("state").GetString(), job.GetProperty("attempt").GetInt32()));
        Assert.Equal("abb", (await File.ReadAllTextAsync(Path.Combine(home, "ran"))).Replace("\n", "", StringComparison.Ordinal));
        var run = (await _cli.CairnAsync("runs", "show", job.GetProperty("runId").GetString()!, "--json")).Json;
        Assert.Equal("finished", run.GetProperty("run").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Running_a_changed_file_leaves_the_gate_and_registering_it_changes_it()
    {
        _cli.Project("p/train", "true");
        void Write(string when) => _cli.Write("p/pipeline.yaml", $"name: g\nsteps: {{train: {{component: train}}}}\npromote: {{model: {{when: {when}}}}}\n");
        Write("metrics.mae < 1");
        await DoAsync("pipeline", "run", "p");
        Write("metrics.mae < 100");
        var loose = await _cli.CairnAsync("pipeline", "run", "p");
        Assert.Contains("The gate before model:prod is another one on the server (metrics.mae < 1)", loose.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("metrics.mae < 100", await DoAsync("gate", "show"), StringComparison.Ordinal);
        await DoAsync("pipeline", "register", "p");
        Assert.Contains("metrics.mae < 100", await DoAsync("gate", "show"), StringComparison.Ordinal);
    }

    private async Task<JsonElement.ArrayEnumerator> JobsAsync() =>
        JsonDocument.Parse(await DoAsync("trigger", "jobs", "--json")).RootElement.GetProperty("jobs").EnumerateArray();

    private async Task<string> DoAsync(params string[] arguments)
    {
        var answer = await _cli.CairnAsync(arguments);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer.Out;
    }
}
