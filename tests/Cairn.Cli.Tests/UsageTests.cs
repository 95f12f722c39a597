namespace Cairn.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_version_is_told_for_people_and_for_programs()
    {
        Assert.Matches(@"^cairn \d+\.\d+\.\d+\n$", (await _cli.CairnAsync("version")).Out);
        Assert.Equal((await _cli.CairnAsync("version")).Out, (await _cli.CairnAsync("--version")).Out);
        Assert.Matches(@"^\d+\.\d+\.\d+$", (await _cli.CairnAsync("version", "--json")).Json.GetProperty("version").GetString());
        Assert.False(Directory.Exists(_cli.Data));
    }

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("server")]
    [InlineData("runs")]
    [InlineData("runs ls")]
    [InlineData("runs show")]
    [InlineData("artifact")]
    [InlineData("artifact put")]
    [InlineData("artifact get")]
    [InlineData("artifact ls")]
    [InlineData("artifact alias")]
    [InlineData("artifact history")]
    [InlineData("doctor")]
    [InlineData("version")]
    public async Task Every_command_has_a_help_page(string command)
    {
        var answer = await _cli.CairnAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains($"Usage\n  cairn {command}".TrimEnd(), answer.Out, StringComparison.Ordinal);
        Assert.Contains("--json", answer.Out, StringComparison.Ordinal);
        Assert.Contains(command.Length == 0 ? "Exit codes" : command is "runs" or "artifact" ? "Commands" : "Examples", answer.Out, StringComparison.Ordinal);
        Assert.Empty(answer.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("artifact")]
    public async Task A_group_called_alone_shows_its_help(string command)
    {
        var answer = await _cli.CairnAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Commands", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'rnu'|Did you mean 'run'?", "rnu")]
    [InlineData("no option '--exprment'|Did you mean '--experiment'?", "run", "--exprment", "x")]
    [InlineData("There is no command 'pipelin'. Did you mean 'pipeline'?|See: cairn --help", "pipelin", "run")]
    [InlineData("Did you mean 'ls'?", "env", "lss")]
    [InlineData("--jobs 'x' is not a whole number.", "pipeline", "run", ".", "-j", "x")]
    [InlineData("--lease 'x' is not a whole number.", "worker", "--lease", "x")]
    [InlineData("'extra'", "run", "a", "extra")]
    [InlineData("'x' is no parameter|NAME=VALUE", "run", "-P", "x")]
    [InlineData("There is no folder 'nowhere'", "run", "nowhere")]
    [InlineData("There is no MLproject", "run", ".")]
    [InlineData("is not a place that projects are fetched from", "run", "ext::sh -c id")]
    [InlineData("--env-manager nix is not known", "run", "p", "--env-manager", "nix")]
    [InlineData("--timeout 'soon'", "run", "p", "--timeout", "soon")]
    [InlineData("Give one of them", "run", "p", "--experiment", "a", "--experiment-id", "0")]
    [InlineData("no entry point 'tset'", "run", "p", "-e", "tset")]
    [InlineData("--limit must be between", "runs", "ls", "-n", "0")]
    [InlineData("'many'", "runs", "ls", "-n", "many")]
    [InlineData("--metadata is not a JSON object", "artifact", "put", "a", "f", "--metadata", "[1]")]
    [InlineData("missing.csv", "artifact", "put", "a", "missing.csv")]
    [InlineData("Required argument", "artifact", "put")]
    [InlineData("not the address of a server", "runs", "ls", "--url", "ftp://x")]
    [InlineData("HOST:PORT", "server", "--listen", "nonsense")]
    public async Task Wrong_usage_is_refused_with_the_remedy(string expected, params string[] arguments)
    {
        _cli.Project("p", "true");
        var answer = await _cli.CairnAsync(arguments);
        Assert.True(answer.ExitCode == 2, answer.ToString());
        Assert.All(expected.Split('|'), part => Assert.Contains(part, answer.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Out);
    }

    [Fact]
    public async Task With_json_a_fault_is_json_too()
    {
        var answer = await _cli.CairnAsync("run", "nowhere", "--json");
        Assert.Equal(2, answer.ExitCode);
        Assert.Equal("invalid_project", answer.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("nowhere", answer.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_project_file_is_told_by_line_and_column()
    {
        _cli.Write("p/MLproject", "name: x\nentry_points:\n  main:\n    comand: run\n");
        var answer = await _cli.CairnAsync("run", "p");
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("p/MLproject:4:5: entry_points.main.command: The entry point has no command. Did you mean 'command'", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_exit_code_3()
    {
        var answer = await _cli.CairnAsync("runs", "ls", "--url", "http://127.0.0.1:9");
        Assert.True(answer.ExitCode == 3, answer.ToString());
        Assert.Contains("cairn server", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_exit_code_3()
    {
        var answer = await _cli.CairnAsync("runs", "ls", "--data", "/proc/nowhere");
        Assert.True(answer.ExitCode == 3, answer.ToString());
        Assert.Contains("--data", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_exit_code_4()
    {
        Assert.Equal(4, (await _cli.CairnAsync("runs", "show", "abcdef")).ExitCode);
        Assert.Equal(4, (await _cli.CairnAsync("artifact", "get", "nothing:latest")).ExitCode);
        Assert.Equal(4, (await _cli.CairnAsync("artifact", "history", "nothing")).ExitCode);
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_no_fault()
    {
        var answer = await _cli.RunAsync("/bin/sh", ["-c", "\"$1\" --help | true", "sh", CliFixture.Executable], []);
        Assert.Equal(0, answer.ExitCode);
        Assert.Empty(answer.Error);
    }

    [Fact]
    public async Task The_doctor_finds_what_is_there_and_what_is_wrong()
    {
        var well = await _cli.CairnAsync("doctor", "--json");
        Assert.True(well.ExitCode == 0, well.ToString());
        var checks = well.Json.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("status").GetString());
        Assert.Equal("ok", checks["data folder"]);
        Assert.Equal("absent", checks["server"]);
        Assert.All(["git", ".NET SDK", "Python", "conda", "uv", "container engine"], name => Assert.Contains(name, checks.Keys));

        var ill = await _cli.CairnAsync("doctor", "--data", "/proc/nowhere");
        Assert.Equal(1, ill.ExitCode);
        Assert.Contains("✘ data folder", ill.Out, StringComparison.Ordinal);
        Assert.Equal(1, (await _cli.CairnAsync("doctor", "--url", "http://127.0.0.1:9")).ExitCode);
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_coloured_unless_asked_for()
    {
        _cli.Project("p", "echo hello");
        var plain = await _cli.CairnAsync("run", "p");
        Assert.DoesNotContain('\u001b', plain.Out + plain.Error);
        var asked = await _cli.RunAsync(CliFixture.Executable, ["run", "p"], new() { ["CAIRN_COLOR"] = "always" });
        Assert.Contains('\u001b', asked.Error);
        Assert.Equal("hello\n", asked.Out);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_named_with_what_to_do()
    {
        var fetched = await _cli.RunAsync(CliFixture.Executable, ["run", "https://127.0.0.1:1/x.git"], new() { ["TMPDIR"] = "/dev/null" });
        Assert.Equal(2, fetched.ExitCode);
        Assert.Contains("in '/dev/null/' no folder can be made", fetched.Error, StringComparison.Ordinal);
        Assert.Contains("--storage-dir", fetched.Error, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(_cli.Data, "commands.lock"));
        var opened = await _cli.CairnAsync("runs", "ls");
        Assert.Equal(3, opened.ExitCode);
        Assert.Contains($"The data folder {_cli.Data} cannot be used", opened.Error, StringComparison.Ordinal);
    }
}
