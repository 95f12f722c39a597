using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Tests.Pipelines;

/// <summary>Whole pipelines against a real server.</summary>
public sealed class PipelineRunTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private readonly PipelineFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>raw → clean → model; clean → report.</summary>
    private void Chain(string name)
    {
        _folder.Write("data.txt", "3\n1\n2\n");
        _folder.Component("raw", "cat \"../$1\" >\"$out\"; put raw.txt \"$out\"", "{file: string}");
        _folder.Component("clean", "get \"$1\" in.txt; sort in.txt >\"$out\"; put clean.txt \"$out\"", "{raw: string}");
        _folder.Component("model", "get \"$1\" in.txt; (cat in.txt; echo \"depth $2\") >\"$out\"; put model.txt \"$out\"", "{data: string, depth: int}");
        _folder.Component("report", "get clean.txt:latest in.txt; wc -l in.txt; echo report >\"$out\"; put report.txt \"$out\"");
        _folder.Write("pipeline.yaml", $$$"""
            name: {{{name}}}
            params: {file: data.txt, model: {depth: 5}}
            steps:
              raw: {component: raw, params: {file: "${{ params.file }}"}, outputs: [raw.txt]}
              clean: {component: clean, inputs: {raw: "${{ steps.raw.outputs.raw }}"}, outputs: {data: clean.txt}}
              model: {component: model, params: {data: "${{ steps.clean.outputs.data }}", depth: "${{ params.model.depth }}"}}
              report: {component: report, inputs: [clean.txt]}
            """.Replace("steps.raw.outputs.raw }}", "steps.raw.outputs['raw.txt'] }}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_second_run_executes_nothing_and_a_changed_parameter_only_what_uses_it()
    {
        Chain("chain");
        var first = await _folder.RunAsync(server.Client);
        Assert.True(first.IsSuccess, string.Join('\n', first.Steps));
        Assert.Equal(4, first.Executed);
        Assert.All(first.Steps, step => Assert.Equal("it never ran successfully", step.Reason));
        var second = await _folder.RunAsync(server.Client);
        Assert.Equal("raw:cached clean:cached model:cached report:cached", PipelineFolder.States(second.Steps));
        var third = await _folder.RunAsync(server.Client, "model.depth=7");
        Assert.Equal("raw:cached clean:cached model:succeeded report:cached", PipelineFolder.States(third.Steps));
        Assert.Equal("params changed (depth: 5 → 7)", third.Steps[2].Reason);
        var back = await _folder.RunAsync(server.Client);
        Assert.Equal(0, back.Executed);
        var latest = await server.Client.ResolveArtifactAsync("model.txt:latest", "chain");
        Assert.Equal("v0", latest.Version.Version);
    }

    [Fact]
    public async Task Steps_that_write_into_one_folder_at_the_same_time_run_again_one_after_the_other()
    {
        // The first two wait for each other, so that the second writes over what the first has written before either logs it.
        _folder.Component("both", "n=$1; [ -e ../again ] || { echo x >\"../$n.began\"; while [ ! -e ../1.began ] || [ ! -e ../2.began ]; do sleep 0.02; done; }; echo $n >here.txt; [ -e ../again ] || { echo x >\"../$n.wrote\"; while [ ! -e ../1.wrote ] || [ ! -e ../2.wrote ]; do sleep 0.02; done; echo x >../again; }; put \"made$n.txt\" here.txt", "{n: int}");
        _folder.Component("alone", "cat \"../$1.txt\"", "{n: int}");
        _folder.Write("1.txt", "1");
        _folder.Write("2.txt", "2");
        _folder.Write("pipeline.yaml", "name: crowd\nsteps:\n  both: {component: both, foreach: [1, 2], params: {n: '${{ item }}'}}\n  alone: {component: alone, needs: both, foreach: [1, 2], params: {n: '${{ item }}'}}\n");
        var remarks = new List<string>();
        _folder.Options = _folder.Options with
        {
            Remark = text =>
            {
                lock (remarks)
                {
                    remarks.Add(text);
                }
            },
        };
        var first = await _folder.RunAsync(server.Client);
        Assert.True(first.IsSuccess, string.Join('\n', first.Steps));
        Assert.True(remarks.Count == 2, string.Join("\n", remarks));
        Assert.All(remarks, remark => Assert.Contains("here.txt was written while both[", remark, StringComparison.Ordinal));
        foreach (var n in new[] { "1", "2" })
        {
            var made = await server.Client.ResolveArtifactAsync($"made{n}.txt:latest", "crowd");
            Assert.Equal($"{n}\n", System.Text.Encoding.UTF8.GetString(await ReadAsync(made.Manifest[0].Digest)));
        }

        Assert.Equal("both:cached both[0]:cached both[1]:cached alone:cached alone[0]:cached alone[1]:cached", PipelineFolder.States((await _folder.RunAsync(server.Client)).Steps));

        // Now it is known that it writes: the two are never in the folder together.
        _folder.Component("both", "n=$1; mkdir ../inside; echo $n >here.txt; sleep 0.1; put \"made$n.txt\" here.txt; rmdir ../inside", "{n: int}");
        remarks.Clear();
        var third = await _folder.RunAsync(server.Client);
        Assert.True(third.IsSuccess, string.Join('\n', third.Steps));
        Assert.Empty(remarks);
    }

    [Fact]
    public async Task Different_entry_points_of_one_folder_run_at_the_same_time_though_they_write_there()
    {
        // Each waits for what the other writes.
        const string command = "echo x >{0}.txt; while [ ! -e {1}.txt ]; do sleep 0.02; done";
        _folder.Write("both/MLproject", $"entry_points:\n  a:\n    command: '{string.Format(null, command, "a", "b")}'\n  b:\n    command: '{string.Format(null, command, "b", "a")}'\n");
        _folder.Write("pipeline.yaml", "name: two\nsteps:\n  a: {component: both, entry_point: a}\n  b: {component: both, entry_point: b}\n");
        for (var round = 0; round < 2; round++)
        {
            var result = await _folder.RunAsync(server.Client);
            Assert.True(result.IsSuccess, string.Join('\n', result.Steps));
            File.Delete(Path.Combine(_folder.Path, "both", "a.txt"));
            File.Delete(Path.Combine(_folder.Path, "both", "b.txt"));
            _folder.Write("both/more.txt", "another version of the code");
        }
    }

    private async Task<byte[]> ReadAsync(string digest)
    {
        using var http = new HttpClient();
        return await http.GetByteArrayAsync(new Uri(server.Client.Url, $"api/v1/blobs/{digest}"));
    }

    [Theory]
    [InlineData("depth=abc", "steps.model.params: Parameter 'depth' must be a whole number, 'abc' is not.")]
    [InlineData("file=choice(a,b)", "names several values: -m")]
    [InlineData("more=large", "'more' is a mapping of 'a', and no group")]
    [InlineData("list=[]", "steps.model.params: There is no 'params.list.0': 'params.list' has 0 items")]
    public async Task What_cannot_work_is_refused_before_there_is_a_run(string change, string words)
    {
        _folder.Component("model", "true", "{depth: int, first: string}");
        _folder.Write("pipeline.yaml", $$$"""
            name: refused{{{change.Length}}}
            params: {depth: 1, file: a, more: {a: 1}, list: [1]}
            steps:
              model: {component: model, params: {depth: "${{ params.depth }}", first: "${{ params.list[0] }}"}}
            """);
        var fault = await Assert.ThrowsAsync<PipelineException>(() => _folder.RunAsync(server.Client, change));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CairnClientException>(() => server.Client.GetExperimentAsync($"refused{change.Length}"));
    }

    [Fact]
    public async Task All_runs_hang_below_the_pipelines_run_and_none_is_left_running()
    {
        Chain("tree");
        var result = await _folder.RunAsync(server.Client);
        var run = await server.Client.GetRunAsync(result.RunId);
        Assert.Equal(("finished", "tree"), (run.Run.Status, run.Run.JobType));
        Assert.Equal(["clean", "model", "raw", "report"], run.Children.Select(child => child.Name).Order());
        Assert.All(run.Children, child => Assert.Equal("finished", child.Status));
        Assert.Equal(5, run.Params["model.depth"].GetInt32());
        Assert.Equal(4, (await server.Client.GetLogsAsync(result.RunId)).Lines.Count);
    }

    [Fact]
    public async Task Changed_code_and_changed_data_are_seen_with_their_reason()
    {
        Chain("reasons");
        await _folder.RunAsync(server.Client);
        _folder.Write("clean/run.sh", File.ReadAllText(_folder.Combine("clean/run.sh")) + "# changed\n");
        var code = await _folder.RunAsync(server.Client);
        // The same content comes out: what follows need not run.
        Assert.Equal("raw:cached clean:succeeded model:cached report:cached", PipelineFolder.States(code.Steps));
        Assert.Equal("code changed (run.sh)", code.Steps[1].Reason);
        _folder.Write("data.txt", "3\n9\n");
        var data = await _folder.RunAsync(server.Client);
        Assert.Equal(4, data.Executed);
        Assert.Equal("inputs changed (raw.txt:v0 → raw.txt:v1)", data.Steps[1].Reason);
    }

    [Fact]
    public async Task A_plan_tells_what_would_run_and_changes_nothing()
    {
        Chain("plan");
        Assert.Equal("raw:waiting clean:waiting model:waiting report:waiting", PipelineFolder.States(await _folder.PlanAsync(server.Client)));
        await _folder.RunAsync(server.Client);
        Assert.Equal("raw:cached clean:cached model:waiting report:cached", PipelineFolder.States(await _folder.PlanAsync(server.Client, "model.depth=6")));
        Assert.Equal(5, (await server.Client.ListRunsAsync(new Client.RunQuery { Experiments = ["plan"] })).Runs.Count);
    }

    [Fact]
    public async Task Steps_can_be_forced_and_chosen()
    {
        Chain("choice");
        await _folder.RunAsync(server.Client);
        _folder.Options = _folder.Options with { From = ["clean"] };
        Assert.Equal("raw:cached clean:succeeded model:succeeded report:succeeded", PipelineFolder.States((await _folder.RunAsync(server.Client)).Steps));
        _folder.Options = _folder.Options with { From = [], NoCache = true, Only = ["model"] };
        Assert.Equal("raw:succeeded clean:succeeded model:succeeded report:skipped", PipelineFolder.States((await _folder.RunAsync(server.Client)).Steps));
        _folder.Options = _folder.Options with { Only = ["modle"] };
        Assert.Contains("Did you mean 'model'?", (await Assert.ThrowsAsync<PipelineException>(() => _folder.RunAsync(server.Client))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_pipeline_goes_on_at_the_step_that_failed()
    {
        Chain("resume");
        _folder.Write("model/run.sh", "echo cannot; exit 3\n");
        var failed = await _folder.RunAsync(server.Client);
        Assert.Equal("raw:succeeded clean:succeeded model:failed", PipelineFolder.States(failed.Steps.Take(3)));
        Assert.Equal("exit code 3\ncannot", failed.Steps[2].Reason);
        Assert.Equal("failed", (await server.Client.GetRunAsync(failed.RunId)).Run.Status);
        _folder.Component("model", "get \"$1\" in.txt; cat in.txt >\"$out\"; put model.txt \"$out\"", "{data: string, depth: int}");
        _folder.Options = _folder.Options with { ResumeId = failed.RunId };
        var resumed = await _folder.RunAsync(server.Client);
        Assert.Equal(("finished", failed.RunId), (resumed.Status, resumed.RunId));
        Assert.Equal(StepState.Cached, resumed.Steps[0].State);
        Assert.Equal(StepState.Cached, resumed.Steps[1].State);
        Assert.Equal(StepState.Succeeded, resumed.Steps[2].State);
    }

    [Fact]
    public async Task Steps_that_are_never_cached_are_not_run_twice_by_going_on()
    {
        _folder.Component("once", "echo x >>../count");
        _folder.Component("fails", "[ -e ../go ]");
        _folder.Write("pipeline.yaml", "name: once\nsteps:\n  once: {component: once, cache: false}\n  fails: {component: fails, needs: [once]}\n");
        var failed = await _folder.RunAsync(server.Client);
        Assert.Equal("once:succeeded fails:failed", PipelineFolder.States(failed.Steps));
        _folder.Write("go", "");
        _folder.Options = _folder.Options with { ResumeId = failed.RunId };
        var resumed = await _folder.RunAsync(server.Client);
        Assert.Equal("once:cached fails:succeeded", PipelineFolder.States(resumed.Steps));
        Assert.Equal("x\n", File.ReadAllText(_folder.Combine("count")));
    }

    [Fact]
    public async Task Conditions_lists_retries_variables_and_time_limits_do_what_they_say()
    {
        _folder.Component("one", "echo \"$1 $KIND\" >\"$out\"; put \"part-$1\" \"$out\"", "{name: string}");
        _folder.Component("flaky", "echo x >>../tries; [ \"$(wc -l <../tries)\" -ge 3 ]");
        _folder.Component("slow", "sleep 60");
        _folder.Component("join", "echo \"$1\"", "{parts: string}");
        _folder.Write("pipeline.yaml", """
            name: features
            params: {names: [a, b, c], full: false}
            env: {KIND: plain}
            steps:
              each: {component: one, foreach: "${{ params.names }}", params: {name: "${{ item }}"}, env: {KIND: special}}
              join: {component: join, params: {parts: "${{ steps.each.run }}"}}
              flaky: {component: flaky, retry: {times: 3, delay: 0s}}
              slow: {component: slow, timeout: 0.2s}
              never: {component: one, when: params.full, params: {name: z}}
              after: {component: one, needs: [never], params: {name: z}}
            """);
        _folder.Options = _folder.Options with { KeepGoing = true };
        var result = await _folder.RunAsync(server.Client);
        var states = result.Steps.ToDictionary(step => step.Name, step => step.State);
        Assert.Equal((StepState.Succeeded, StepState.Succeeded, StepState.Succeeded), (states["each[0]"], states["each[2]"], states["join"]));
        Assert.Equal((StepState.Succeeded, StepState.Failed, StepState.Skipped, StepState.Skipped), (states["flaky"], states["slow"], states["never"], states["after"]));
        Assert.Equal("x\nx\nx\n", File.ReadAllText(_folder.Combine("tries")));
        var again = await _folder.RunAsync(server.Client);
        Assert.Equal(StepState.Cached, again.Steps.First(step => step.Name == "each").State);
        var more = await _folder.RunAsync(server.Client, "names=[a,d]");
        Assert.Equal((StepState.Cached, StepState.Succeeded), (more.Steps.First(step => step.Name == "each[0]").State, more.Steps.First(step => step.Name == "each[1]").State));
    }

    [Fact]
    public async Task Secrets_reach_the_command_and_no_record()
    {
        Environment.SetEnvironmentVariable("CAIRN_TEST_TOKEN", "s3cret-42");
        _folder.Component("secret", "[ \"$1\" = s3cret-42 ] && [ \"$TOKEN\" = s3cret-42 ]", "{token: string}");
        _folder.Write("pipeline.yaml", "name: secrets\nsteps:\n  secret: {component: secret, params: {token: \"${{ env.CAIRN_TEST_TOKEN }}\"}, env: {TOKEN: \"${{ env.CAIRN_TEST_TOKEN }}\"}}\n");
        var result = await _folder.RunAsync(server.Client);
        Assert.True(result.IsSuccess);
        var run = await server.Client.GetRunAsync(result.Steps[0].RunId!);
        Assert.DoesNotContain("s3cret", string.Join(' ', run.Params.Values.Select(value => value.ToString()).Concat(run.Tags.Values)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_is_declared_and_not_logged_fails_the_step()
    {
        _folder.Component("liar", "true");
        _folder.Write("pipeline.yaml", "name: liar\nsteps:\n  liar: {component: liar, outputs: [model.bin]}\n");
        var result = await _folder.RunAsync(server.Client);
        Assert.Equal(StepState.Failed, result.Steps[0].State);
        Assert.Contains("'model.bin'", result.Steps[0].Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await _folder.RunAsync(server.Client)).Executed);
    }

    [Fact]
    public async Task Stopping_from_afar_ends_the_steps_and_the_pipeline()
    {
        _folder.Component("long", "echo ready; sleep 1000");
        _folder.Write("pipeline.yaml", "name: stopped\nsteps:\n  long: {component: long}\n  next: {component: long, needs: [long]}\n");
        using var run = await new PipelineRunner(server.Client).CreateAsync(PipelineFile.Open(_folder.Path), _folder.Options, CancellationToken.None);
        var running = run.ExecuteAsync(CancellationToken.None, CancellationToken.None);
        using (var limit = new CancellationTokenSource(SafetyNet.Limit))
        {
            // A step that had not begun yet would only be skipped.
            while (!await IsReadyAsync())
            {
                await Task.Delay(20, limit.Token);
            }
        }

        await server.Client.UpdateRunAsync(run.Run.Id, new RunUpdate(Status: "killed"));
        var result = await running.WaitAsync(SafetyNet.Limit);
        Assert.Equal("killed", result.Status);
        Assert.Equal("long:stopped next:skipped", PipelineFolder.States(result.Steps));

        async Task<bool> IsReadyAsync() =>
            (await server.Client.GetRunAsync(run.Run.Id)).Children is [var step] && (await server.Client.GetLogsAsync(step.Id)).Lines.Any(line => line.Text == "ready");
    }
}
