using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>Users and keys by commands, with and without a running server.</summary>
public sealed class AccountTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_first_user_and_key_are_made_on_the_data_folder_and_a_server_on_it_asks_for_them()
    {
        var added = await _cli.CairnAsync("user", "add", "ada", "--admin");
        Assert.True(added.ExitCode == 0, added.ToString());
        Assert.Contains("ada", added.Out, StringComparison.Ordinal);
        var key = (await _cli.CairnAsync("key", "add", "laptop", "--user", "ada", "--expires", "30d")).Out.Trim();
        Assert.Matches("^[A-Za-z0-9]{40}$", key);
        Assert.Contains("laptop", (await _cli.CairnAsync("key", "ls", "--user", "ada")).Out, StringComparison.Ordinal);

        using var server = _cli.Start(CliFixture.Executable, ["server", "--listen", "0.0.0.0:0", "--json"], []);
        var line = await server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit);
        var url = JsonDocument.Parse(line!).RootElement.GetProperty("url").GetString()!;
        try
        {
            // Who may read the folder is the operator; from elsewhere a key is needed.
            Assert.Equal(0, (await _cli.CairnAsync("user", "add", "bo")).ExitCode);
            Assert.Equal(0, (await _cli.CairnAsync("runs", "ls")).ExitCode);
            var refused = await _cli.CairnAsync("runs", "ls", "--url", url);
            Assert.True(refused.ExitCode == 6, refused.ToString());
            var mine = new Dictionary<string, string> { ["CAIRN_API_KEY"] = key };
            Assert.Equal(0, (await _cli.RunAsync(CliFixture.Executable, ["runs", "ls", "--url", url], mine)).ExitCode);

            _cli.Project("p", "true");
            var run = await _cli.RunAsync(CliFixture.Executable, ["run", "p", "--url", url, "--json"], mine);
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.Equal("ada", run.Json.GetProperty("run").GetProperty("author").GetString());

            Assert.Equal(5, (await _cli.CairnAsync("user", "deactivate", "ada")).ExitCode);
            Assert.Equal(0, (await _cli.CairnAsync("user", "admin", "bo")).ExitCode);
            Assert.Equal(0, (await _cli.CairnAsync("user", "deactivate", "ada")).ExitCode);
            Assert.Equal(6, (await _cli.RunAsync(CliFixture.Executable, ["runs", "ls", "--url", url], mine)).ExitCode);
            var users = await _cli.CairnAsync("user", "ls", "--json");
            Assert.Equal([("ada", true, false), ("bo", true, true)], users.Json.GetProperty("users").EnumerateArray().Select(user =>
                (user.GetProperty("name").GetString(), user.GetProperty("isAdmin").GetBoolean(), user.GetProperty("isActive").GetBoolean())));
        }
        finally
        {
            CliFixture.Signal(server, "TERM");
            await CliFixture.EndAsync(server);
        }
    }

    [Fact]
    public async Task The_operator_sees_and_revokes_the_keys_of_all_and_is_told_to_say_whose_a_new_one_is()
    {
        Assert.Contains("cairn key add", (await _cli.CairnAsync("key", "ls")).Error, StringComparison.Ordinal);
        await _cli.CairnAsync("user", "add", "ada", "--admin");
        await _cli.CairnAsync("user", "add", "bo");
        var refused = await _cli.CairnAsync("key", "add", "laptop");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("cairn key add laptop --user", refused.Error, StringComparison.Ordinal);
        var mine = (await _cli.CairnAsync("key", "add", "laptop", "--user", "ada")).Out.Trim();
        await _cli.CairnAsync("key", "add", "laptop", "--user", "bo");
        await _cli.CairnAsync("key", "add", "ci", "--user", "bo");

        string[] Shown(CliFixture.Answer answer) =>
            [.. answer.Json.GetProperty("keys").EnumerateArray().Select(key => $"{key.GetProperty("user").GetString()}: {key.GetProperty("name").GetString()}")];
        Assert.Equal(["ada: laptop", "bo: laptop", "bo: ci"], Shown(await _cli.CairnAsync("key", "ls", "--json")));
        Assert.Equal(["bo: laptop", "bo: ci"], Shown(await _cli.CairnAsync("key", "ls", "--user", "bo", "--json")));
        Assert.Matches(@"USER .*\n.*ada +laptop", (await _cli.CairnAsync("key", "ls")).Out);
        Assert.Equal(2, (await _cli.CairnAsync("key", "ls", "--all", "--user", "bo")).ExitCode);

        var which = await _cli.CairnAsync("key", "rm", "laptop");
        Assert.Equal(2, which.ExitCode);
        Assert.Contains("of ada and of bo", which.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _cli.CairnAsync("key", "rm", "ci")).ExitCode);
        Assert.Equal(0, (await _cli.CairnAsync("key", "rm", "laptop", "--user", "bo")).ExitCode);
        Assert.Equal(["ada: laptop"], Shown(await _cli.CairnAsync("key", "ls", "--json")));
        Assert.Equal(2, (await _cli.CairnAsync("key", "rm", "ci")).ExitCode);

        // An admin has keys of the own, and asks for all of them.
        using var server = _cli.Start(CliFixture.Executable, ["server", "--listen", "127.0.0.1:0", "--json"], []);
        var line = await server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit);
        var url = JsonDocument.Parse(line!).RootElement.GetProperty("url").GetString()!;
        try
        {
            await _cli.CairnAsync("key", "add", "ci", "--user", "bo");
            var asAda = new Dictionary<string, string> { ["CAIRN_API_KEY"] = mine };
            Assert.Equal(["ada: laptop"], Shown(await _cli.RunAsync(CliFixture.Executable, ["key", "ls", "--json", "--url", url], asAda)));
            Assert.Equal(["ada: laptop", "bo: ci"], Shown(await _cli.RunAsync(CliFixture.Executable, ["key", "ls", "--all", "--json", "--url", url], asAda)));
            var made = (await _cli.RunAsync(CliFixture.Executable, ["key", "add", "second", "--url", url], asAda)).Out.Trim();
            Assert.Matches("^[A-Za-z0-9]{40}$", made);
        }
        finally
        {
            CliFixture.Signal(server, "TERM");
            await CliFixture.EndAsync(server);
        }
    }

    [Fact]
    public async Task What_makes_no_sense_is_told_and_a_server_for_others_without_users_or_key_does_not_start()
    {
        var first = await _cli.CairnAsync("user", "add", "bo");
        Assert.Equal(5, first.ExitCode);
        Assert.Contains("must be an admin", first.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _cli.CairnAsync("user", "add", "böb", "--admin")).ExitCode);
        Assert.Equal(0, (await _cli.CairnAsync("user", "ls")).ExitCode);
        var server = await _cli.CairnAsync("server", "--listen", "0.0.0.0:0");
        Assert.Equal(2, server.ExitCode);
        Assert.Contains("cairn user add NAME --admin", server.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await _cli.CairnAsync("user", "deactivate", "nobody")).ExitCode);
    }
}
