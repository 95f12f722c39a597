using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>Pipelines and the rest of mlflow run's flags through the program itself.</summary>
public sealed class PipelineTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>Three steps; the second waits for a file while it is told to.</summary>
    private void Chain(string second = "cat in.csv > out.csv")
    {
        _cli.Project("p/first", "echo a >> ../ran; seq 5 > raw.csv && cairn artifact put raw.csv raw.csv");
        _cli.Project("p/second", $"echo b >> ../ran; cairn artifact get {{raw}} --to in.csv >/dev/null 2>&1 || cp \"$(cairn artifact get {{raw}} --cached)\" in.csv; {second}; cairn artifact put out.csv out.csv", "{raw: string}");
        _cli.Project("p/third", "echo c >> ../ran; echo depth {depth}", "{depth: int}");
        _cli.Write("p/pipeline.yaml", """
            name: chain
            params: {depth: 5}
            steps:
              first: {component: first, outputs: {raw: raw.csv}}
              second: {component: second, inputs: {raw: "${{ steps.first.outputs.raw }}"}, outputs: [out.csv]}
              third: {component: third, needs: [second], params: {depth: "${{ params.depth }}"}}
            """);
    }

    private string Ran => File.ReadAllText(Path.Combine(_cli.Work, "p/ran")).Replace("\n", "", StringComparison.Ordinal);

    private static string States(JsonElement report) => string.Join(' ', report.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()));

    [Fact]
    public async Task A_pipeline_runs_once_and_then_only_what_changed()
    {
        Chain();
        var first = await _cli.CairnAsync("pipeline", "run", "p", "--json");
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Equal("succeeded succeeded succeeded", States(first.Json));
        Assert.Contains("3 executed, 0 cached", first.Error, StringComparison.Ordinal);
        var second = await _cli.CairnAsync("pipeline", "run", "p", "--json");
        Assert.Equal("cached cached cached", States(second.Json));
        var graph = await _cli.CairnAsync("pipeline", "graph", second.Json.GetProperty("runId").GetString()!, "--json");
        Assert.True(graph.ExitCode == 0, graph.ToString());
        Assert.Equal(["first", "second", "third"], graph.Json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
        Assert.Equal("cached cached waiting", States((await _cli.CairnAsync("pipeline", "plan", "p", "depth=7", "--json")).Json));
        Assert.Equal("cached cached succeeded", States((await _cli.CairnAsync("pipeline", "run", "p", "depth=7", "--json")).Json));
        Assert.Equal("abcc", Ran);
        Assert.Equal("finished", (await _cli.CairnAsync("pipeline", "status", "--json")).Json.GetProperty("status").GetString());
        Assert.Equal("depth 7\n", (await _cli.CairnAsync("pipeline", "logs", "third")).Out);
    }

    [Fact]
    public async Task An_alias_that_a_step_missed_and_set_itself_is_no_news_to_it_but_one_set_by_others_is()
    {
        _cli.Project("p/check", "echo c >> ../ran; echo 1 > x.csv; cairn artifact put x.csv x.csv; cairn artifact get x.csv:reference || cairn artifact alias x.csv:latest reference");
        _cli.Project("p/judge", "echo j >> ../ran; cairn artifact get x.csv:approved || true");
        _cli.Write("p/pipeline.yaml", "name: own\nsteps:\n  check: {component: check, outputs: [x.csv]}\n  judge: {component: judge, needs: [check]}\n");
        async Task<string> Run() => States((await _cli.CairnAsync("pipeline", "run", "p", "--json")).Json);
        Assert.Equal("succeeded succeeded", await Run());
        Assert.Equal("cached cached", await Run());
        Assert.Equal(0, (await _cli.CairnAsync("artifact", "alias", "x.csv:latest", "approved", "--experiment", "own")).ExitCode);
        Assert.Equal("cached succeeded", await Run());
        Assert.Equal("cjj", Ran);
    }

    [Theory]
    [InlineData("'model=hu': group 'model' has no option 'hu'", "model=small,hu")]
    [InlineData("no step 'nope'", "model=small,big", "--from", "nope")]
    [InlineData("'choice(1,2' is not closed", "n=choice(1,2")]
    [InlineData("'[1,2' is no list or mapping", "n=1,[1,2")]
    public async Task A_sweep_of_which_one_cannot_begin_begins_with_none(string words, params string[] changes)
    {
        _cli.Project("p/a", "echo {n}", "{n: string}");
        _cli.Write("p/pipeline.yaml", "name: swept\nparams: {n: 1}\ngroups: {model: {small: {d: 1}, big: {d: 2}}}\nsteps:\n  a: {component: a, params: {n: \"${{ params.n }}\"}}\n");
        var answer = await _cli.CairnAsync(["pipeline", "run", "p", "-m", .. changes]);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
        Assert.Empty((await _cli.CairnAsync("runs", "ls", "--json")).Json.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task A_secret_of_the_environment_is_nowhere_in_the_record()
    {
        _cli.Project("p/a", "echo token $TOKEN; echo given {key}; exit 3", "{key: string}");
        _cli.Write("p/pipeline.yaml", "name: hush\nenv: {TOKEN: \"${{ env.MY_TOKEN }}\"}\nsteps:\n  a: {component: a, params: {key: \"Bearer ${{ env.MY_TOKEN }}\"}}\n");
        var run = await _cli.RunAsync(CliFixture.Executable, ["pipeline", "run", "p", "--json"], new() { ["MY_TOKEN"] = "tok-5ecret" });
        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("tok-5ecret", run.ToString(), StringComparison.Ordinal);
        Assert.Equal("token ***\ngiven Bearer ***\n", (await _cli.CairnAsync("pipeline", "logs", "a")).Out);
        Assert.DoesNotContain(Directory.EnumerateFiles(_cli.Data, "*", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains("tok-5ecret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_component_may_lie_in_another_repository_seen_from_the_file_at_a_version()
    {
        _cli.Project("other/part", "echo old");
        using (var git = _cli.Start("/bin/sh", ["-c", "cd other && git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm one && git tag v1"], []))
        {
            await CliFixture.EndAsync(git);
            Assert.SkipUnless(git.ExitCode == 0, "git is not installed");
        }

        _cli.Project("other/part", "echo new");
        _cli.Write("deep/p/pipeline.yaml", "name: parts\nsteps:\n  old: {component: \"../../other#part\", version: v1}\n  new: {component: \"../../other#part\"}\n");
        Assert.Equal(0, (await _cli.CairnAsync("check", "deep/p")).ExitCode);
        var run = await _cli.CairnAsync("pipeline", "run", "deep/p");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("old\n", (await _cli.CairnAsync("pipeline", "logs", "old")).Out);
        Assert.Equal("new\n", (await _cli.CairnAsync("pipeline", "logs", "new")).Out);
    }

    [Fact]
    public async Task A_check_tells_programs_what_it_found()
    {
        _cli.Write("p/MLproject", "name: odd\nconda_env: conda.yml\nentry_points: {main: {command: 'echo {x}'}}\n");
        var answer = await _cli.CairnAsync("check", "p", "--json");
        Assert.Equal(2, answer.ExitCode);
        Assert.False(answer.Json.GetProperty("ok").GetBoolean());
        Assert.Equal(
            ["fault 2:12 conda_env", "fault 3:32 entry_points.main.command"],
            answer.Json.GetProperty("findings").EnumerateArray().Select(one => $"{one.GetProperty("kind")} {one.GetProperty("line")}:{one.GetProperty("column")} {one.GetProperty("field")}"));
        _cli.Write("e/python_env.yaml", "dependencies:\n  - -r gone.txt\n");
        _cli.Write("e/MLproject", "python_env: python_env.yaml\nentry_points: {main: {command: 'echo'}}\n");
        var missing = await _cli.CairnAsync("check", "e");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("gone.txt, which is not there", missing.Out, StringComparison.Ordinal);
        _cli.Project("q", "echo hi");
        Assert.Equal("✔ q: 1 entry point\n", (await _cli.CairnAsync("check", "q")).Out);
        Assert.Empty((await _cli.CairnAsync("env", "ls", "--json")).Json.GetProperty("environments").EnumerateArray());
        Assert.Equal(0, (await _cli.CairnAsync("env", "prune", "--older-than", "90d", "--json")).Json.GetProperty("freedBytes").GetInt64());
    }

    [Fact]
    public async Task A_pipeline_that_was_moved_away_is_named_when_its_run_is_gone_on_with()
    {
        _cli.Project("p/end", "exit 1");
        _cli.Write("p/pipeline.yaml", "name: moved\nsteps: {end: {component: end}}\n");
        Assert.Equal("graph TD\n  end_[\"end\"]\n", (await _cli.CairnAsync("pipeline", "graph", "p", "--mermaid")).Out);
        Assert.Equal(1, (await _cli.CairnAsync("pipeline", "run", "p")).ExitCode);
        Directory.Move(Path.Combine(_cli.Work, "p"), Path.Combine(_cli.Work, "q"));
        var answer = await _cli.CairnAsync("resume");
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("p/pipeline.yaml', which is not there any more", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_artifact_of_another_experiment_is_pointed_to()
    {
        _cli.Write("m.txt", "1");
        Assert.Equal(0, (await _cli.CairnAsync("artifact", "put", "model", "m.txt", "--experiment", "weather")).ExitCode);
        foreach (var command in new[] { "promote model:v0", "rollback model", "artifact alias model:v0 prod", "artifact history model" })
        {
            var answer = await _cli.CairnAsync(command.Split(' '));
            Assert.Equal(4, answer.ExitCode);
            Assert.Contains("There is 'weather/model': write that", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_runs_for_each_of_several_things_is_planned_and_shown_under_their_names()
    {
        _cli.Project("p/each", "echo {n}", "{n: int}");
        _cli.Write("p/pipeline.yaml", "name: each\nparams: {more: [1, 2]}\nsteps:\n  z: {component: each, params: {n: 0}}\n  a: {component: each, needs: [z], foreach: \"${{ params.more }}\", params: {n: \"${{ item }}\"}}\n");
        var run = await _cli.CairnAsync("pipeline", "run", "p");
        Assert.Contains("3 executed, 0 cached", run.Error, StringComparison.Ordinal);
        Assert.Equal(["z", "a", "a[0]", "a[1]"], (await _cli.CairnAsync("pipeline", "status", "--json")).Json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
        Assert.Equal("2\n", (await _cli.CairnAsync("pipeline", "logs", "a[1]")).Out);
        Assert.Equal("cached cached", States((await _cli.CairnAsync("pipeline", "plan", "p", "--json")).Json));
        var changed = (await _cli.CairnAsync("pipeline", "plan", "p", "more=[1,5]", "--json")).Json;
        Assert.Equal("cached waiting", States(changed));
        Assert.StartsWith("1 of 2: [1] params changed", changed.GetProperty("steps")[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_is_a_run_for_each_combination_below_one()
    {
        Chain();
        var answer = await _cli.CairnAsync("pipeline", "run", "p", "-m", "depth=1,2,3", "-j", "1", "--run-name", "sweep");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Contains("3 of 3 finished", answer.Error, StringComparison.Ordinal);
        Assert.Equal("abccc", Ran);
        Assert.Equal(3, (await _cli.CairnAsync("runs", "show", "sweep", "--json")).Json.GetProperty("children").GetArrayLength());
    }

    [Fact]
    public async Task What_was_asked_for_holds_when_a_pipeline_is_gone_on_with()
    {
        Chain("[ -e ../go ] || exit 1; cat in.csv > out.csv");
        var failed = await _cli.CairnAsync("pipeline", "run", "p", "--step", "second", "--env-manager", "system", "--json");
        Assert.Equal("succeeded failed skipped", States(failed.Json));
        _cli.Write("p/go", "");
        var resumed = await _cli.CairnAsync("resume", "--json");
        Assert.Equal("cached succeeded skipped", States(resumed.Json));
        var tags = (await _cli.CairnAsync("runs", "show", resumed.Json.GetProperty("runId").GetString()!, "--json")).Json.GetProperty("tags");
        Assert.Equal("system", tags.GetProperty("cairn.pipeline.env_manager").GetString());
    }

    [Fact]
    public async Task What_was_to_run_whatever_is_known_still_is_when_a_pipeline_is_gone_on_with()
    {
        Chain("[ -e ../go ] || exit 1; cat in.csv > out.csv");
        _cli.Write("p/go", "");
        Assert.Equal("succeeded succeeded succeeded", States((await _cli.CairnAsync("pipeline", "run", "p", "--json")).Json));

        // All three are known. "second" and "third" are asked for; what "first" has made holds.
        File.Delete(Path.Combine(_cli.Work, "p/go"));
        Assert.Equal("cached failed skipped", States((await _cli.CairnAsync("pipeline", "run", "p", "--from", "second", "--json")).Json));
        _cli.Write("p/go", "");
        Assert.Equal("cached succeeded succeeded", States((await _cli.CairnAsync("resume", "--json")).Json));
        Assert.Equal("abcbbc", Ran);

        // What this run itself has done is not done once more.
        File.Delete(Path.Combine(_cli.Work, "p/go"));
        Assert.Equal("succeeded failed skipped", States((await _cli.CairnAsync("pipeline", "run", "p", "--no-cache", "--json")).Json));
        _cli.Write("p/go", "");
        var resumed = await _cli.CairnAsync("resume", "--json");
        Assert.Equal("cached succeeded succeeded", States(resumed.Json));
        Assert.Equal("abcbbcabbc", Ran);
        Assert.Equal("done before the pipeline was interrupted", resumed.Json.GetProperty("steps")[0].GetProperty("reason").GetString());

        // A sweep too.
        File.Delete(Path.Combine(_cli.Work, "p/go"));
        Assert.NotEqual(0, (await _cli.CairnAsync("pipeline", "run", "p", "-m", "depth=5,6", "-j", "1", "--no-cache", "--step", "second")).ExitCode);
        _cli.Write("p/go", "");
        Assert.Equal(0, (await _cli.CairnAsync("resume")).ExitCode);
        Assert.Equal("abcbbcabbcabab" + "bb", Ran);
    }

    [Fact]
    public async Task After_kill_9_the_steps_are_ended_the_runs_closed_and_the_pipeline_goes_on()
    {
        Chain("[ -e ../go ] || (echo $$ > ../pid; sleep 1000); cat in.csv > out.csv");
        using var process = _cli.Start(CliFixture.Executable, ["pipeline", "run", "p"], []);
        var pid = (await _cli.FileAsync("p/pid")).Trim();
        CliFixture.Signal(process, "KILL");
        await CliFixture.EndAsync(process);
        await CliFixture.GoneAsync(pid);
        _cli.Write("p/go", "");
        var resumed = await _cli.CairnAsync("resume", "--json");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("cached succeeded succeeded", States(resumed.Json));
        Assert.Equal("abbc", Ran);
        var run = (await _cli.CairnAsync("runs", "show", resumed.Json.GetProperty("runId").GetString()!, "--json")).Json;
        Assert.Equal("finished", run.GetProperty("run").GetProperty("status").GetString());
        Assert.Equal(["crashed", "finished", "finished", "finished"], run.GetProperty("children").EnumerateArray().Select(child => child.GetProperty("status").GetString()).Order());
    }

    [Fact]
    public async Task A_pipeline_that_is_being_carried_out_is_not_gone_on_with_beside_it()
    {
        Chain("[ -e ../go ] || echo $$ > ../pid; while [ ! -e ../go ]; do sleep 0.02; done; cat in.csv > out.csv");
        using var process = _cli.Start(CliFixture.Executable, ["pipeline", "run", "p"], []);
        await _cli.FileAsync("p/pid");
        var second = await _cli.CairnAsync("resume");
        Assert.True(second.ExitCode != 0, second.ToString());
        Assert.Contains($"is being carried out by process {process.Id}", second.Error, StringComparison.Ordinal);
        _cli.Write("p/go", "");
        await CliFixture.EndAsync(process);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("abc", Ran);
        var tree = await _cli.CairnAsync("runs", "show", (await _cli.CairnAsync("pipeline", "status", "--json")).Json.GetProperty("runId").GetString()!, "--tree", "--json");
        Assert.Equal(["finished", "finished", "finished", "finished"], tree.Json.GetProperty("runs").EnumerateArray().Select(row => row.GetProperty("run").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_check_finds_what_would_fail_with_its_place()
    {
        Chain();
        _cli.Write("p/pipeline.yaml", """
            name: chain
            steps:
              first: {component: frist}
              second: {component: second}
              third: {component: third, inputs: [nothing.csv], params: {dept: 5}, code: [gone.py]}
            """);
        var answer = await _cli.CairnAsync("check", "p");
        Assert.Equal(2, answer.ExitCode);
        Assert.All(
            ["p/pipeline.yaml:3:22: steps.first.component", "'raw' has no value", "'depth' has no value", "'dept' is not declared", "nothing.csv", "gone.py"],
            part => Assert.Contains(part, answer.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_closes_the_records_of_a_killed_runner_leaves_those_of_the_one_that_goes_on()
    {
        _cli.Project("p/slow", "echo $$ > ../pid; while [ ! -e \"$HOME/go\" ]; do sleep 0.05; done");
        _cli.Write("p/pipeline.yaml", "name: slow\nsteps: {slow: {component: slow}}\n");
        using var running = _cli.Start(CliFixture.Executable, ["pipeline", "run", "p", "--run-name", "taken-up"], []);
        await _cli.FileAsync("p/pid");
        var late = await _cli.CairnAsync("runs", "end", "taken-up", "--status", "crashed", "--runner", "machine 1 1");
        Assert.Equal("taken-up  another process goes on with it\n", late.Error);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(_cli.Work)!, "go"), "");
        await CliFixture.EndAsync(running);
        Assert.Equal(0, running.ExitCode);
        var runs = (await _cli.CairnAsync("runs", "ls", "--json")).Json.GetProperty("runs").EnumerateArray().Select(row => row.GetProperty("run").GetProperty("status").GetString());
        Assert.Equal(["finished", "finished"], runs);
    }

    [Fact]
    public async Task A_graph_shows_who_waits_for_whom()
    {
        Chain();
        Assert.Equal("graph TD\n  first\n  first --> second\n  second --> third\n", (await _cli.CairnAsync("pipeline", "graph", "p", "--mermaid")).Out);
    }

    [Fact]
    public async Task A_script_runs_without_a_project_file()
    {
        _cli.Write("s/job.sh", "echo script \"$@\"");
        var answer = await _cli.CairnAsync("run", "s", "-e", "job.sh", "-P", "x=a b");
        Assert.Equal("script --x a b\n", answer.Out);
        Assert.Equal(2, (await _cli.CairnAsync("run", "s", "-e", "../job.sh")).ExitCode);
    }

    [Fact]
    public async Task A_run_that_is_not_waited_for_ends_by_itself()
    {
        _cli.Project("p", "echo {x} > done.txt", "{x: string}");
        var answer = await _cli.CairnAsync("run", "p", "-P", "x=1", "--no-wait");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Matches("^[0-9a-f]{32}\n$", answer.Out);
        await _cli.FileAsync("p/done.txt");
        var status = "";
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); status != "finished" && clock.Elapsed < CliFixture.Limit;)
        {
            status = (await _cli.CairnAsync("runs", "show", answer.Out.Trim(), "--json")).Json.GetProperty("run").GetProperty("status").GetString();
        }

        Assert.Equal("finished", status);
    }

    [Fact]
    public async Task Steps_and_settings_become_the_parameters_that_chains_declare()
    {
        _cli.Project("p", "printf '%s\\n' {steps} {hydra_options}", "{steps: {type: string, default: all}, hydra_options: {type: string, default: ''}}");
        var answer = await _cli.CairnAsync("run", "p", "--step", "a,b", "--set", "m.x=1", "--set", "etl.y=$(id)");
        Assert.Equal("a,b\nm.x=1 etl.y=$(id)\n", answer.Out);
        _cli.Project("q", "true");
        Assert.Equal(2, (await _cli.CairnAsync("run", "q", "--step", "a")).ExitCode);
    }

    [Fact]
    public async Task An_existing_run_can_be_run_as()
    {
        _cli.Project("p", "echo {x}", "{x: string}");
        var first = (await _cli.CairnAsync("run", "p", "-P", "x=1", "--json")).Json.GetProperty("run").GetProperty("id").GetString()!;
        var again = await _cli.CairnAsync("run", "p", "-P", "x=1", "--run-id", first, "--json");
        Assert.Equal(first, again.Json.GetProperty("run").GetProperty("id").GetString());
        Assert.Equal("finished", again.Json.GetProperty("run").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Both_clients_find_what_they_need()
    {
        _cli.Project("p", "env");
        var answer = await _cli.CairnAsync("run", "p", "--experiment", "both");
        Assert.All(
            ["MLFLOW_TRACKING_URI=http://127.0.0.1:", "MLFLOW_RUN_ID=", "WANDB_BASE_URL=http://127.0.0.1:", "WANDB_PROJECT=both\n"],
            part => Assert.Contains(part, answer.Out, StringComparison.Ordinal));
        Assert.DoesNotContain("WANDB_RUN_ID", answer.Out, StringComparison.Ordinal);
        Assert.Matches("WANDB_API_KEY=\\w{40}", answer.Out);
    }
}
