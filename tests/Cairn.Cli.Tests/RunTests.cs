using System.Text.Json;

namespace Cairn.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private async Task<JsonElement> RunAsync(string idOrName) => (await _cli.CairnAsync("runs", "show", idOrName, "--json")).Json;

    [Fact]
    public async Task A_run_passes_on_its_output_as_it_is_and_tells_the_rest_aside()
    {
        _cli.Project("p", "printf 'a\\nb\\0c'; echo {x} >&2", "{x: string}");
        var answer = await _cli.CairnAsync("run", "p", "-P", "x=a b");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Equal("a\nb\0c", answer.Out);
        Assert.Contains("▶ p  x=a b\n", answer.Error, StringComparison.Ordinal);
        Assert.Contains("\na b\n", answer.Error, StringComparison.Ordinal);
        Assert.Matches(@"✔ p  finished in \d", answer.Error);
        Assert.Contains("http://127.0.0.1:", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_command_is_exit_code_1()
    {
        _cli.Project("p", "exit 7");
        var answer = await _cli.CairnAsync("run", "p", "--run-name", "doomed");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("✘ p  failed after", answer.Error, StringComparison.Ordinal);
        Assert.Contains("exit code 7", answer.Error, StringComparison.Ordinal);
        Assert.Equal("failed", (await RunAsync("doomed")).GetProperty("run").GetProperty("status").GetString());
    }

    [Fact]
    public async Task With_json_standard_output_is_one_document()
    {
        _cli.Project("p", "echo noise; sh -c 'exit 7' sh");
        var answer = await _cli.CairnAsync("run", "p", "--json", "-P", "y=$(touch canary); ' \"");
        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(7, answer.Json.GetProperty("exitCode").GetInt32());
        Assert.Equal("failed", answer.Json.GetProperty("run").GetProperty("status").GetString());
        Assert.Contains("noise\n", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_cli.Work, "p", "canary")));
    }

    [Fact]
    public async Task Parameters_experiment_name_and_entry_point_are_recorded()
    {
        _cli.Write("p/MLproject", "name: demo\nentry_points:\n  test:\n    parameters: {n: {type: int, default: 3}}\n    command: echo {n}\n");
        var answer = await _cli.CairnAsync("run", "p", "-e", "test", "-P", "extra=1", "--experiment", "nightly", "--run-name", "first");
        Assert.Equal("3 --extra 1\n", answer.Out);
        var run = await RunAsync("first");
        Assert.Equal(("nightly", "test"), (run.GetProperty("run").GetProperty("experimentName").GetString(), run.GetProperty("run").GetProperty("jobType").GetString()));
        Assert.Equal(("3", "1"), (run.GetProperty("params").GetProperty("n").GetString(), run.GetProperty("params").GetProperty("extra").GetString()));
        var logs = await _cli.CairnAsync("runs", "show", "first", "--logs");
        Assert.Equal("3 --extra 1\n", logs.Out);
    }

    [Fact]
    public async Task A_pipeline_of_shell_lines_becomes_one_tree_with_its_artifacts()
    {
        _cli.Project("pipeline", "cairn run src/download -P rows={rows} &&\ncairn run src/preprocess -P raw=raw_data.csv:latest", "{rows: {type: int, default: 5}}");
        _cli.Project("pipeline/src/download", "seq {rows} > raw.csv && cairn artifact put raw_data.csv raw.csv", "{rows: int}");
        _cli.Project("pipeline/src/preprocess", "sort -rn \"$(cairn artifact get {raw} --cached)\" > clean.csv && cairn artifact put clean_data.csv clean.csv --alias reference", "{raw: string}");
        var answer = await _cli.CairnAsync("run", "pipeline", "--experiment", "weather", "--run-name", "whole");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Contains("▶ download  rows=5\n", answer.Error, StringComparison.Ordinal);
        Assert.Matches(@"✔ download  [\d.]+ m?s  → raw_data\.csv:v0", answer.Error);
        Assert.Matches(@"✔ preprocess  [\d.]+ m?s  raw_data\.csv:v0 → clean_data\.csv:v0", answer.Error);
        Assert.Matches(@"✔ pipeline  finished", answer.Error);

        var whole = await RunAsync("whole");
        Assert.Equal(["download", "preprocess"], whole.GetProperty("children").EnumerateArray().Select(child => child.GetProperty("jobType").GetString()));
        Assert.All(whole.GetProperty("children").EnumerateArray(), child => Assert.Equal("finished", child.GetProperty("status").GetString()));
        var artifacts = (await _cli.CairnAsync("artifact", "ls", "--json")).Json.GetProperty("artifacts").EnumerateArray().ToArray();
        Assert.Equal(["clean_data.csv", "raw_data.csv"], artifacts.Select(artifact => artifact.GetProperty("name").GetString()).Order());
        Assert.All(artifacts, artifact => Assert.Equal("weather", artifact.GetProperty("experimentName").GetString()));
        Assert.Equal("5\n4\n3\n2\n1\n", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "pipeline/src/preprocess/clean.csv")));

        // The second time the same content makes no new version.
        await _cli.CairnAsync("run", "pipeline", "--experiment", "weather");
        Assert.Single((await _cli.CairnAsync("artifact", "ls", "weather/raw_data.csv", "--json")).Json.GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task A_failing_step_fails_the_pipeline_and_stops_it()
    {
        _cli.Project("pipeline", "cairn run a && cairn run b");
        _cli.Project("pipeline/a", "echo 'row count is 0' >&2; exit 2");
        _cli.Project("pipeline/b", "touch ran");
        var answer = await _cli.CairnAsync("run", "pipeline");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("✘ a  failed after", answer.Error, StringComparison.Ordinal);
        Assert.Contains("✘ pipeline  failed after", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_cli.Work, "pipeline/b/ran")));
    }

    [Fact]
    public async Task Under_dotnet_the_command_finds_cairn_too()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CAIRN_TEST_EXE") is { Length: > 0 }, "the program under test is a native one");
        _cli.Project("p", "cairn run q && echo \"$CAIRN_CLI\"");
        _cli.Project("p/q", "echo inner");
        var answer = await _cli.RunAsync("dotnet", [CliFixture.Executable + ".dll", "run", "p"], []);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Equal($"inner\n{CliFixture.Executable}\n", answer.Out);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_the_whole_tree_and_the_run_is_killed(string signal)
    {
        _cli.Project("p", "cairn run q");
        _cli.Project("p/q", "sleep 1000 & echo $! > pid; wait");
        using var process = _cli.Start(CliFixture.Executable, ["run", "p", "--run-name", "outer"], []);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var sleeper = await _cli.FileAsync("p/q/pid");
        CliFixture.Signal(process, signal);
        await CliFixture.EndAsync(process);
        Assert.True(process.ExitCode == 130, await output + await error);
        await CliFixture.GoneAsync(sleeper);
        var outer = await RunAsync("outer");
        Assert.Equal("killed", outer.GetProperty("run").GetProperty("status").GetString());
        Assert.Equal("killed", outer.GetProperty("children")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task When_cairn_itself_is_killed_the_command_does_not_outlive_it()
    {
        _cli.Project("p", "sleep 1000 & echo $! > pid; wait");
        using var process = _cli.Start(CliFixture.Executable, ["run", "p"], []);
        var sleeper = await _cli.FileAsync("p/pid");
        CliFixture.Signal(process, "KILL");
        await CliFixture.EndAsync(process);
        await CliFixture.GoneAsync(sleeper);
    }

    [Fact]
    public async Task A_timeout_fails_the_run()
    {
        _cli.Project("p", "sleep 1000");
        var answer = await _cli.CairnAsync("run", "p", "--timeout", "0.5s");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("its time was up", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_the_lines_of_the_command_stand_behind_a_bar()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1) is not installed");
        _cli.Project("p", "echo one; printf 'two\\rthree'");
        var answer = await _cli.RunAsync("/usr/bin/script", ["-qec", $"{CliFixture.Executable} run p", "/dev/null"], []);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Contains("\u001b[2m│\u001b[0m one\r\n\u001b[2m│\u001b[0m two\r\u001b[2m│\u001b[0m three\r\n\u001b[32m✔", answer.Out, StringComparison.Ordinal);
        var plain = await _cli.RunAsync("/usr/bin/script", ["-qec", $"{CliFixture.Executable} run p", "/dev/null"], new() { ["NO_COLOR"] = "1" });
        Assert.Contains("│ one\r\n│ two\r│ three\r\n✔ p", plain.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', plain.Out);
    }

    [Fact]
    public async Task Two_commands_at_once_share_one_server_which_outlives_the_first()
    {
        _cli.Project("first", "while [ ! -e go ]; do sleep 0.05; done");
        _cli.Project("second", "echo started > started; while [ ! -e go ]; do sleep 0.05; done; cairn artifact put late file");
        _cli.Write("second/file", "x");
        using var first = _cli.Start(CliFixture.Executable, ["run", "first"], []);
        await ServerJsonAsync();
        using var second = _cli.Start(CliFixture.Executable, ["run", "second"], []);
        var secondError = second.StandardError.ReadToEndAsync();
        await _cli.FileAsync("second/started");
        _cli.Write("first/go", "");
        var firstError = "";
        while (!firstError.Contains("waiting for them", StringComparison.Ordinal))
        {
            // Its run is over, and it says that it waits; only then may the second end.
            firstError += await first.StandardError.ReadLineAsync().WaitAsync(CliFixture.Limit) ?? throw new EndOfStreamException(firstError);
        }

        Assert.Single((await _cli.CairnAsync("runs", "ls", "--filter", "status = 'FINISHED'", "--json")).Json.GetProperty("runs").EnumerateArray());
        Assert.False(first.HasExited);
        _cli.Write("second/go", "");
        await CliFixture.EndAsync(second);
        await CliFixture.EndAsync(first);
        Assert.True((first.ExitCode, second.ExitCode) == (0, 0), firstError + await secondError);
        Assert.False(File.Exists(Path.Combine(_cli.Data, "server.json")));
    }

    [Fact]
    public async Task What_is_said_of_a_run_holds_no_secret_parameter()
    {
        _cli.Project("p", "true", "{db_password: string, depth: int}");
        var run = await _cli.CairnAsync("run", "p", "-P", "db_password=hunter2222", "-P", "depth=3");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("db_password=(not recorded)  depth=3", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2222", run.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_is_named_as_people_name_runs()
    {
        _cli.Project("p", "echo hi");
        Assert.Equal(0, (await _cli.CairnAsync("run", "p", "--run-name", "above")).ExitCode);
        var below = await _cli.CairnAsync("run", "p", "--parent", "above", "--docker-args", "gpus=all", "--json");
        Assert.True(below.ExitCode == 0, below.ToString());
        Assert.Contains("the project runs in none", below.Error, StringComparison.Ordinal);
        var parent = below.Json.GetProperty("run").GetProperty("parentId").GetString()!;
        var again = await _cli.CairnAsync("run", "p", "--run-id", parent[..8], "--json");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(parent, again.Json.GetProperty("run").GetProperty("id").GetString());
        var wrong = await _cli.CairnAsync("run", "p", "--parent", "nobody");
        Assert.Equal(4, wrong.ExitCode);
        Assert.Contains("There is no run 'nobody'", wrong.Error, StringComparison.Ordinal);
    }

    private async Task ServerJsonAsync()
    {
        using var limit = new CancellationTokenSource(CliFixture.Limit);
        while (!File.Exists(Path.Combine(_cli.Data, "server.json")))
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
