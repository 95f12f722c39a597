using System.Globalization;
using System.Text;
using Cairn.Client.Wire;
using Cairn.Projects.Binding;
using Cairn.Projects.Running;

namespace Cairn.Projects.Tests;

/// <summary>Whole runs against a real server.</summary>
public sealed class ProjectRunTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private static readonly TimeSpan Limit = SafetyNet.Limit;

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _output = new();
    private Action? _taken;
    private readonly List<string> _remarks = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _force = new();

    public void Dispose()
    {
        _folder.Dispose();
        _stop.Dispose();
        _force.Dispose();
    }

    private async Task<ProjectRun> CreateAsync(string command, ProjectRunOptions? options = null, params string[] given)
    {
        _folder.Write("MLproject", $"name: sample\nentry_points:\n  main:\n    command: |\n      {command.Replace("\n", "\n      ", StringComparison.Ordinal)}\n");
        var bound = ParameterBinder.Bind(ProjectFile.Open(_folder.Path), "main", ParameterBinder.Split(given), _folder.Path);
        return await new ProjectRunner(server.Client).CreateAsync(
            bound,
            (options ?? new ProjectRunOptions()) with
            {
                Output = (isError, bytes) =>
                {
                    lock (_output)
                    {
                        _output.Append(Encoding.UTF8.GetString(bytes));
                    }

                    _taken?.Invoke();
                },
                Remark = message =>
                {
                    lock (_remarks)
                    {
                        _remarks.Add(message);
                    }
                },
            },
            CancellationToken.None);
    }

    private async Task<ProjectRunResult> RunAsync(string command, ProjectRunOptions? options = null, params string[] given) =>
        await (await CreateAsync(command, options, given)).ExecuteAsync(_stop.Token, _force.Token).WaitAsync(Limit);

    private async Task<string[]> LogAsync(string runId) =>
        (await server.Client.GetLogsAsync(runId)).Lines.Select(line => $"{line.Stream}: {line.Text}").ToArray();

    /// <summary>Waits until the run's log, as the server has it, holds the text.</summary>
    private async Task LoggedAsync(string runId, string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!(await LogAsync(runId)).Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task A_command_that_succeeds_finishes_its_run_with_everything_recorded()
    {
        var result = await RunAsync("echo out; echo err >&2; printf unfinished", new ProjectRunOptions { Experiment = "records", RunName = "first" }, "msg=a b'c $(x)");
        Assert.True(result.IsSuccess);
        var detail = await server.Client.GetRunAsync(result.Run.Run.Id);
        Assert.Equal(("finished", "first", "sample", "records", Environment.UserName),
            (detail.Run.Status, detail.Run.Name, detail.Run.JobType, detail.Run.ExperimentName, detail.Run.Author));
        Assert.NotNull(detail.Run.EndedAt);
        Assert.Equal("a b'c $(x)", detail.Params["msg"].GetString());
        Assert.Equal("PROJECT", detail.Tags["mlflow.source.type"]);
        Assert.Equal(_folder.Path, detail.Tags["mlflow.source.name"]);
        Assert.Equal("main", detail.Tags["mlflow.project.entryPoint"]);
        Assert.Equal("local", detail.Tags["mlflow.project.backend"]);
        Assert.Equal("system", detail.Tags["mlflow.project.env"]);
        Assert.Equal(Environment.UserName, detail.Tags["mlflow.user"]);
        var log = await LogAsync(detail.Run.Id);
        Assert.Equal(["stderr: err", "stdout: out", "stdout: unfinished"], log.Order());
        Assert.Contains("out\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_fails_its_run()
    {
        var result = await RunAsync("exit 3");
        Assert.Equal((false, "failed", "exit code 3"), (result.IsSuccess, result.Run.Run.Status, result.Exit.ToString()));
        Assert.Equal("failed", (await server.Client.GetRunAsync(result.Run.Run.Id)).Run.Status);
    }

    [Fact]
    public async Task The_environment_is_the_documented_one_and_the_run_a_child_of_its_parent()
    {
        var parent = await server.Client.CreateRunAsync(new CreateRunRequest("environment"));
        var cli = _folder.Write("bin/cairn", "");
        var result = await RunAsync(
            "env; pwd",
            new ProjectRunOptions { Experiment = "environment", ParentId = parent.Id, CliPath = cli, Variables = new Dictionary<string, string> { ["EXTRA"] = "x" } });
        var id = result.Run.Run.Id;
        var url = server.Client.Url.AbsoluteUri.TrimEnd('/');
        var lines = _output.ToString().Split('\n');
        Assert.All(
            [
                $"CAIRN_URL={url}", $"CAIRN_RUN_ID={id}", $"CAIRN_PARENT_RUN_ID={id}", "CAIRN_EXPERIMENT=environment", $"CAIRN_CLI={cli}",
                $"MLFLOW_TRACKING_URI={url}", $"MLFLOW_RUN_ID={id}", $"MLFLOW_EXPERIMENT_ID={result.Run.Run.ExperimentId}", "PYTHONUNBUFFERED=1", "EXTRA=x", _folder.Path,
            ],
            expected => Assert.Contains(expected, lines));
        Assert.Contains(lines, line => line.StartsWith($"PATH={Path.GetDirectoryName(cli)}:", StringComparison.Ordinal));
        Assert.Equal(parent.Id, result.Run.Run.ParentId);
    }

    [Fact]
    public async Task The_log_is_live_and_unfinished_lines_are_in_it()
    {
        var run = await CreateAsync("printf 'epoch 1'; while [ ! -e go ]; do sleep 0.02; done; echo ' done'");
        var running = run.ExecuteAsync(_stop.Token, _force.Token);
        await LoggedAsync(run.Run.Id, "epoch 1");
        _folder.Write("go", "");
        await running.WaitAsync(Limit);
        Assert.Equal(["stdout: epoch 1 done"], await LogAsync(run.Run.Id));
    }

    [Fact]
    public async Task Very_many_lines_arrive_complete_and_in_order()
    {
        var result = await RunAsync("seq 1 120000");
        Assert.True(result.IsSuccess);
        var expected = 1;
        long after = -1;
        while (expected <= 120_000)
        {
            var page = await server.Client.GetLogsAsync(result.Run.Run.Id, after, 10_000);
            Assert.NotEmpty(page.Lines);
            foreach (var line in page.Lines)
            {
                Assert.Equal(expected.ToString(CultureInfo.InvariantCulture), line.Text);
                expected++;
            }

            after = page.Lines[^1].Line;
        }
    }

    [Fact]
    public async Task What_was_printed_is_read_to_its_end_however_slowly_it_is_taken()
    {
        // All of it fits into the pipe: the command has ended long before the second half is read.
        _taken = () => Thread.Sleep(2_500);
        var result = await RunAsync("seq 1 10000");
        Assert.True(result.IsSuccess);
        Assert.EndsWith("\n10000\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("10000", (await server.Client.GetLogsAsync(result.Run.Run.Id, 9_998, 10)).Lines.Single().Text);
    }

    [Theory]
    [InlineData("while :; do echo talk; sleep 0.1; done")]
    [InlineData("yes")]
    public async Task A_daemon_that_goes_on_printing_is_not_waited_for(string daemon)
    {
        var result = await RunAsync($"echo done; setsid sh -c '{daemon}' &");
        Assert.True(result.IsSuccess);
        Assert.Equal("done", (await server.Client.GetLogsAsync(result.Run.Run.Id, -1, 1)).Lines.Single().Text);
    }

    [Fact]
    public async Task Stopping_ends_the_tree_and_the_run_is_killed()
    {
        var run = await CreateAsync("trap 'echo cleaning; exit 1' TERM; sleep 1000 & echo $! > pid; echo ready; wait");
        var running = run.ExecuteAsync(_stop.Token, _force.Token);
        await LoggedAsync(run.Run.Id, "ready");
        await _stop.CancelAsync();
        var result = await running.WaitAsync(Limit);
        Assert.Equal((RunEnd.Cancelled, "killed"), (result.End, result.Run.Run.Status));
        Assert.Contains("stdout: cleaning", await LogAsync(run.Run.Id));
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(_folder.Combine("pid")).Trim()}/cwd"));
    }

    [Fact]
    public async Task A_run_whose_time_is_up_fails()
    {
        // Long enough for the shell to have come to its trap, on a busy machine too.
        var result = await RunAsync("trap '' TERM; while :; do sleep 0.05; done", new ProjectRunOptions { Timeout = TimeSpan.FromSeconds(5), Grace = TimeSpan.FromMilliseconds(200) });
        Assert.Equal((RunEnd.TimedOut, "failed", 9), (result.End, result.Run.Run.Status, result.Exit.Signal));
        Assert.Contains(_remarks, remark => remark.Contains("time", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Processes_left_behind_are_ended_with_a_remark()
    {
        var result = await RunAsync("sleep 1000 & echo $! > pid; echo done");
        Assert.True(result.IsSuccess);
        Assert.Contains(_remarks, remark => remark.Contains("left processes behind", StringComparison.Ordinal));
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(_folder.Combine("pid")).Trim()}/cwd"));
    }

    [Fact]
    public async Task A_daemon_that_holds_the_output_does_not_hold_up_the_end()
    {
        var result = await RunAsync("setsid sleep 1000 & sleep 0.2; echo done");
        Assert.True(result.IsSuccess);
        Assert.Equal(["stdout: done"], await LogAsync(result.Run.Run.Id));
    }

    [Fact]
    public async Task A_status_the_command_gave_itself_is_kept()
    {
        var run = await CreateAsync("while [ ! -e go ]; do sleep 0.02; done; exit 0");
        var running = run.ExecuteAsync(_stop.Token, _force.Token);
        await server.Client.UpdateRunAsync(run.Run.Id, new RunUpdate(Status: "failed"));
        _folder.Write("go", "");
        Assert.Equal("failed", (await running.WaitAsync(Limit)).Run.Run.Status);
    }

    [Fact]
    public async Task A_run_that_the_command_left_open_is_closed_with_it()
    {
        var run = await CreateAsync("while [ ! -e go ]; do sleep 0.02; done");
        var running = run.ExecuteAsync(_stop.Token, _force.Token);
        var child = await server.Client.CreateRunAsync(new CreateRunRequest(ParentId: run.Run.Id));
        _folder.Write("go", "");
        await running.WaitAsync(Limit);
        Assert.Equal("crashed", (await server.Client.GetRunAsync(child.Id)).Run.Status);
    }

    [Fact]
    public async Task Somebody_elsewhere_can_stop_it()
    {
        var run = await CreateAsync("echo ready; sleep 1000");
        var running = run.ExecuteAsync(_stop.Token, _force.Token);
        await LoggedAsync(run.Run.Id, "ready");
        await server.Client.UpdateRunAsync(run.Run.Id, new RunUpdate(Status: "killed"));
        var result = await running.WaitAsync(Limit);
        Assert.Equal((RunEnd.Cancelled, "killed"), (result.End, result.Run.Run.Status));
    }

    [Fact]
    public async Task Asking_its_run_to_stop_stops_it()
    {
        var run = await CreateAsync("echo ready; sleep 1000");
        var running = run.ExecuteAsync(_stop.Token, _force.Token);
        await LoggedAsync(run.Run.Id, "ready");
        using var http = new HttpClient();
        using var asked = await http.PostAsync(new Uri($"{server.Client.Url.AbsoluteUri.TrimEnd('/')}/api/v1/runs/{run.Run.Id}/stop"), null);
        Assert.True(asked.IsSuccessStatusCode);
        var result = await running.WaitAsync(Limit);
        Assert.Equal((RunEnd.Cancelled, "killed"), (result.End, result.Run.Run.Status));
    }

    [Fact]
    public async Task Values_that_are_secrets_by_their_name_are_handed_over_and_not_recorded()
    {
        var result = await RunAsync("true", null, "db_password=hunter2", "n_tokens=5", "source=https://me:secret@host/x");
        Assert.Equal("(not recorded)", result.Run.Params["db_password"].GetString());
        Assert.Equal("5", result.Run.Params["n_tokens"].GetString());
        Assert.Equal("https://host/x", result.Run.Params["source"].GetString());
    }

    [Fact]
    public async Task What_a_command_prints_of_its_secrets_is_not_recorded()
    {
        var result = await RunAsync(
            "echo key $WANDB_API_KEY; echo token $HF_TOKEN; printf 'multi %s\\n' \"$PEM\"; echo given",
            new ProjectRunOptions { Secrets = ["hf_abc123", "first line\nsecond line"], Variables = new Dictionary<string, string> { ["HF_TOKEN"] = "hf_abc123", ["PEM"] = "first line\nsecond line" } },
            "db_password=hunter22",
            "pin_secret=1");
        var log = await LogAsync(result.Run.Run.Id);
        Assert.Equal(["stdout: key ***", "stdout: token ***", "stdout: multi ***", "stdout: ***", "stdout: given --db_password *** --pin_secret 1"], log);
        Assert.Contains("hunter22", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_stopped_before_its_command_began_is_killed()
    {
        var run = await CreateAsync("echo begun");
        await _stop.CancelAsync();
        try
        {
            await run.ExecuteAsync(_stop.Token, _force.Token).WaitAsync(Limit);
        }
        catch (OperationCanceledException)
        {
        }

        Assert.Equal("killed", (await server.Client.GetRunAsync(run.Run.Id)).Run.Status);
    }

    [Fact]
    public async Task A_folder_of_ours_that_cannot_be_made_fails_the_run_and_is_named()
    {
        using var client = new Client.CairnClient(new Client.CairnClientOptions { Url = server.Client.Url, CacheFolder = "/dev/null/cache" });
        _folder.Write("MLproject", "entry_points: {main: {command: echo hi}}\n");
        var bound = ParameterBinder.Bind(ProjectFile.Open(_folder.Path), "main", [], _folder.Path);
        var run = await new ProjectRunner(client).CreateAsync(bound, new ProjectRunOptions(), CancellationToken.None);
        var fault = await Record.ExceptionAsync(() => run.ExecuteAsync(_stop.Token, _force.Token).WaitAsync(Limit));
        Assert.NotEqual("running", (await server.Client.GetRunAsync(run.Run.Id)).Run.Status);
        Assert.True(fault is null || fault.Message.Contains("/dev/null/cache", StringComparison.Ordinal), fault?.ToString());
    }

    [Fact]
    public async Task A_command_that_cannot_start_fails_its_run_and_says_why()
    {
        var run = await CreateAsync("run", null, [.. "abc".Select(name => $"{name}={new string('x', 60_000)}")]);
        var e = await Assert.ThrowsAsync<ProjectException>(() => run.ExecuteAsync(_stop.Token, _force.Token));
        Assert.Contains("too long", e.Message, StringComparison.Ordinal);
        Assert.Equal("failed", (await server.Client.GetRunAsync(run.Run.Id)).Run.Status);
        Assert.Contains(await LogAsync(run.Run.Id), line => line.Contains("too long", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inside_a_git_repository_commit_branch_and_remote_are_recorded_without_credentials()
    {
        Assert.SkipUnless(Processes.Programs.Find("git") is not null, "git is not installed");
        var git = Shell.Run(
            "/bin/sh",
            "export HOME=$PWD; git init -q -b trunk . && git remote add origin https://me:secret@host/x.git && git -c user.name=n -c user.email=e commit -q --allow-empty -m x && git rev-parse HEAD",
            _folder.Path);
        Assert.True(git.ExitCode == 0, git.Error);
        var tags = (await RunAsync("true")).Run.Tags;
        Assert.Equal(git.Output.Trim(), tags["mlflow.source.git.commit"]);
        Assert.Equal("trunk", tags["mlflow.source.git.branch"]);
        Assert.Equal("https://host/x.git", tags["mlflow.source.git.repoURL"]);
        Assert.Equal("https://host/x.git", tags["mlflow.source.name"]);
    }
}
