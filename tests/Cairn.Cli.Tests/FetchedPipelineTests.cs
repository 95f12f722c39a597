using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>Pipelines that are run from a git address, a version of a local repository or a zip file.</summary>
public sealed class FetchedPipelineTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private string[] Ran => File.ReadAllLines(Path.Combine(_cli.Work, "ran"));

    /// <summary>Its own, so that nothing of other programs is taken for a fetched project that was left.</summary>
    private string Temporary => Path.Combine(_cli.Work, "temporary");

    private string Address => $"file://{_cli.Work}/repo#pipe";

    private async Task<CliFixture.Answer> GitAsync(params string[] arguments)
    {
        var answer = await _cli.RunAsync("git", ["-C", Path.Combine(_cli.Work, "repo"), "-c", "user.name=t", "-c", "user.email=t@example.com", .. arguments], []);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer;
    }

    private async Task<JsonElement> DoAsync(params string[] arguments)
    {
        var answer = await _cli.RunAsync(CliFixture.Executable, [.. arguments, "--json"], new() { ["TMPDIR"] = Directory.CreateDirectory(Temporary).FullName });
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer.Json;
    }

    private static string States(JsonElement report) => string.Join(' ', report.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()));

    private void Train(string word, string before = "true") =>
        _cli.Project("repo/pieces/train", $"{before} && cat {{data}} > /dev/null && echo {word} {{trees}} >> '{_cli.Work}/ran'", "{trees: int, data: {type: path, default: ../data.csv}}");

    /// <summary>Two commits; the first is tagged "v1".</summary>
    private async Task RepositoryAsync()
    {
        _cli.Write("repo/pieces/data.csv", "1\n");
        Train("one");
        _cli.Write("repo/pipe/pipeline.yaml", "name: fetched\nparams: {trees: 5}\nsteps:\n  train: {component: ../pieces/train, params: {trees: \"${{ params.trees }}\"}}\n");
        await GitAsync("init", "-q", "-b", "main");
        await GitAsync("add", ".");
        await GitAsync("commit", "-qm", "one");
        await GitAsync("tag", "v1");
        Train("two");
        await GitAsync("commit", "-qam", "two");
    }

    [Fact]
    public async Task A_pipeline_runs_from_its_address_at_a_version_and_only_what_changed_runs_again()
    {
        await RepositoryAsync();
        Assert.Equal("waiting", States(await DoAsync("pipeline", "plan", Address)));
        Assert.Contains("fetched: 1 step", (await _cli.CairnAsync("check", Address)).Out, StringComparison.Ordinal);
        Assert.Equal("  train\n", (await _cli.CairnAsync("pipeline", "graph", Address, "-v", "v1")).Out);

        var first = await DoAsync("pipeline", "run", Address, "-v", "v1", "trees=7");
        Assert.Equal("succeeded", States(first));
        Assert.Equal("cached", States(await DoAsync("pipeline", "run", Address, "-v", "v1", "trees=7")));
        // The same commit of the same repository, by its folder.
        Assert.Equal("cached", States(await DoAsync("pipeline", "plan", "repo/pipe", "-v", "v1", "trees=7")));
        Assert.Equal("succeeded", States(await DoAsync("pipeline", "run", Address, "trees=7")));
        Assert.Equal(["one 7", "two 7"], Ran);

        var commit = (await GitAsync("rev-parse", "v1")).Out.Trim();
        foreach (var (run, origin) in new[] { (first.GetProperty("runId"), Address), (first.GetProperty("steps")[0].GetProperty("runId"), $"file://{_cli.Work}/repo#pieces/train") })
        {
            var tags = (await DoAsync("runs", "show", run.GetString()!)).GetProperty("tags");
            Assert.Equal(commit, tags.GetProperty("mlflow.source.git.commit").GetString());
            Assert.Equal(origin, tags.GetProperty("mlflow.source.name").GetString());
        }

        Assert.Empty(Directory.EnumerateDirectories(Temporary, "cairn-project-*"));
    }

    [Fact]
    public async Task A_pipeline_that_was_fetched_is_gone_on_with_at_the_commit_it_was_started_with()
    {
        await RepositoryAsync();
        Train("never", $"[ -e '{_cli.Work}/go' ]");
        await GitAsync("commit", "-qam", "three");
        var failed = await _cli.CairnAsync("pipeline", "run", Address, "-m", "trees=1,2", "-j", "1", "--json");
        Assert.Equal(1, failed.ExitCode);
        Train("newest");
        await GitAsync("commit", "-qam", "four");
        _cli.Write("go", "");
        var resumed = await _cli.CairnAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(["never 1", "never 2"], Ran.Order());

        File.Delete(Path.Combine(_cli.Work, "go"));
        var third = (await GitAsync("rev-parse", "main~1")).Out.Trim();
        Assert.Equal(1, (await _cli.CairnAsync("pipeline", "run", Address, "-v", third[..9], "trees=3")).ExitCode);
        _cli.Write("go", "");
        Assert.Equal("succeeded", States(await DoAsync("resume")));
        Assert.Equal("never 3", Ran[^1]);
    }

    [Fact]
    public async Task A_zip_file_is_run_and_what_is_no_place_is_refused()
    {
        await RepositoryAsync();
        await GitAsync("archive", "-o", "../pipes.zip", "HEAD");
        Assert.Equal("succeeded", States(await DoAsync("pipeline", "run", "pipes.zip#pipe", "trees=4")));
        Assert.Equal("cached", States(await DoAsync("pipeline", "run", "pipes.zip#pipe", "trees=4")));
        foreach (var (arguments, part) in new (string[], string)[]
        {
            (["pipeline", "run", Address, "-v", "v9"], "v9"),
            (["pipeline", "run", Address, "-v", "--upload-pack=x"], "cannot be a version"),
            (["pipeline", "plan", "ext::sh -c id"], "not a place"),
            (["pipeline", "run", $"file://{_cli.Work}/repo#none"], "no folder 'none'"),
            (["pipeline", "run", $"file://{_cli.Work}/repo#../x"], "must lie inside"),
            (["check", $"file://{_cli.Work}/none"], "none"),
            (["pipeline", "run", "pipes.zip#pipe", "-v", "v1"], "has no versions"),
        })
        {
            var refused = await _cli.CairnAsync(arguments);
            Assert.True(refused.ExitCode != 0 && refused.Error.Contains(part, StringComparison.Ordinal), $"{string.Join(' ', arguments)}: {refused}");
        }
    }
}
