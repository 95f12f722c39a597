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
