namespace Cairn.Cli.Tests;

/// <summary>Nobody reads what is said any more, or it cannot be written: the work goes on and is recorded.</summary>
public sealed class LostOutputTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public LostOutputTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's own");
        _cli.Project("p/a", "for i in 1 2 3 4 5 6 7 8 9; do echo $i {n}; done", "{n: {type: string, default: x}}");
        _cli.Write("p/pipeline.yaml", "name: said\nparams: {l: [1, 2, 3], n: 1}\nsteps:\n  a: {component: a}\n  b: {component: a, needs: a, foreach: '${{ params.l }}', params: {n: '${{ item }} ${{ params.n }}'}}\n  c: {component: a, needs: b}\n");
    }

    public void Dispose() => _cli.Dispose();

    private Task<CliFixture.Answer> ShellAsync(string line) => _cli.RunAsync("/bin/sh", ["-c", line, CliFixture.Executable], []);

    [Theory]
    [InlineData("pipeline run p --verbose")]
    [InlineData("pipeline run p -m n=1,2 --verbose")]
    [InlineData("run p/a")]
    public async Task A_run_goes_on_when_the_reader_of_its_words_goes_away(string command)
    {
        var answer = await ShellAsync($"(\"$0\" {command} 2>&1; echo $? >code) | head -2 >/dev/null");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Equal("0", await _cli.FileAsync("code"));
        var runs = (await _cli.CairnAsync("runs", "ls", "--json")).Json.GetProperty("runs").EnumerateArray().ToArray();
        Assert.NotEmpty(runs);
        Assert.All(runs, run => Assert.Equal("finished", run.GetProperty("run").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_full_disk_under_the_words_does_not_matter_to_the_work()
    {
        var answer = await ShellAsync("\"$0\" pipeline run p --json 2>/dev/full");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Equal("finished", answer.Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_is_told_as_such()
    {
        var answer = await ShellAsync("\"$0\" runs ls --json >/dev/full");
        Assert.Equal(7, answer.ExitCode);
        Assert.Contains("Standard output cannot be written: No space left on device", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_opened_is_named_and_no_fault_of_the_program()
    {
        Directory.CreateDirectory(Path.Combine(_cli.Data, "cairn.db"));
        var answer = await _cli.CairnAsync("runs", "ls");
        Assert.Equal(7, answer.ExitCode);
        Assert.Contains("cairn.db", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of cairn itself", answer.Error, StringComparison.Ordinal);
    }
}
