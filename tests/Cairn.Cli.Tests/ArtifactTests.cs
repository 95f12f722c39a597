namespace Cairn.Cli.Tests;

public sealed class ArtifactTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private async Task<CliFixture.Answer> OkAsync(params string[] arguments)
    {
        var answer = await _cli.CairnAsync(arguments);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer;
    }

    [Fact]
    public async Task What_is_put_comes_back_byte_for_byte()
    {
        _cli.Write("in/a.txt", "alpha");
        _cli.Write("in/sub/b c.txt", "beta");
        var put = await OkAsync("artifact", "put", "things", "in", "--type", "model", "--alias", "candidate", "--metadata", "{\"rows\": 3}", "--json");
        Assert.True(put.Json.GetProperty("created").GetBoolean());
        Assert.Equal(["candidate", "latest"], put.Json.GetProperty("version").GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()).Order());
        Assert.Equal(3, put.Json.GetProperty("version").GetProperty("metadata").GetProperty("rows").GetInt32());

        await OkAsync("artifact", "get", "things:candidate", "-o", "out");
        Assert.Equal("alpha", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "out/a.txt")));
        Assert.Equal("beta", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "out/sub/b c.txt")));
        Assert.Contains("known already", (await OkAsync("artifact", "put", "things", "out")).Out, StringComparison.Ordinal);
        Assert.Contains("sub/b c.txt", (await OkAsync("artifact", "ls", "things:v0")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_with_other_content_are_replaced_only_by_force()
    {
        _cli.Write("data.csv", "one");
        await OkAsync("artifact", "put", "data", "data.csv");
        await OkAsync("artifact", "get", "data");
        _cli.Write("data.csv", "mine");
        var refused = await _cli.CairnAsync("artifact", "get", "data");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "data.csv")));
        await OkAsync("artifact", "get", "data", "--force");
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "data.csv")));
        var cached = (await OkAsync("artifact", "get", "data", "--cached")).Out.Trim();
        Assert.Equal("one", await File.ReadAllTextAsync(cached));
    }

    [Fact]
    public async Task Aliases_move_by_compare_and_swap_and_their_history_is_kept()
    {
        foreach (var content in "abc")
        {
            _cli.Write("f", content.ToString());
            await OkAsync("artifact", "put", "model", "f", "--type", "model");
        }

        Assert.Contains("→ v0", (await OkAsync("artifact", "alias", "model:v0", "prod", "--expect", "")).Out, StringComparison.Ordinal);
        Assert.Contains("v0 → v1", (await OkAsync("artifact", "alias", "model:v1", "prod", "--expect", "v0", "--why", "better")).Out, StringComparison.Ordinal);
        var late = await _cli.CairnAsync("artifact", "alias", "model:v2", "prod", "--expect", "v0");
        Assert.True(late.ExitCode == 5, late.ToString());
        Assert.Contains("removed", (await OkAsync("artifact", "alias", "model", "prod", "--remove")).Out, StringComparison.Ordinal);

        var moves = (await OkAsync("artifact", "history", "model", "--alias", "prod", "--json")).Json.GetProperty("moves").EnumerateArray().ToArray();
        Assert.Equal([null, "v1", "v0"], moves.Select(move => move.TryGetProperty("to", out var to) ? to.GetString() : null));
        Assert.Equal("better", moves[1].GetProperty("why").GetString());
        Assert.Contains("better", (await OkAsync("artifact", "history", "model")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Experiments_keep_equal_names_apart()
    {
        _cli.Write("f", "one");
        await OkAsync("artifact", "put", "data", "f", "--experiment", "left");
        _cli.Write("f", "two");
        await OkAsync("artifact", "put", "data", "f", "--experiment", "right");
        await OkAsync("artifact", "get", "left/data:latest", "-o", "a");
        await OkAsync("artifact", "get", "data", "--experiment", "right", "-o", "b");
        Assert.Equal(("one", "two"), (await File.ReadAllTextAsync(Path.Combine(_cli.Work, "a/f")), await File.ReadAllTextAsync(Path.Combine(_cli.Work, "b/f"))));
    }
}
