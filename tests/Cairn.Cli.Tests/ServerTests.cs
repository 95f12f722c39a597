using System.Diagnostics;
using System.Text.Json;

namespace Cairn.Cli.Tests;

public sealed class ServerTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private async Task<(Process Process, string Url)> ServeAsync(Dictionary<string, string>? variables = null)
    {
        var process = _cli.Start(CliFixture.Executable, ["server", "--listen", "127.0.0.1:0", "--json"], variables ?? []);
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit);
        return (process, JsonDocument.Parse(line!).RootElement.GetProperty("url").GetString()!);
    }

    [Fact]
    public async Task A_running_server_is_found_by_its_data_folder_and_ends_when_asked()
    {
        var (server, url) = await ServeAsync();
        using (server)
        {
            _cli.Project("p", "true");
            var answer = await _cli.CairnAsync("run", "p");
            Assert.Contains(url + "/runs/", answer.Error, StringComparison.Ordinal);
            var second = await _cli.CairnAsync("server", "--listen", "127.0.0.1:0");
            Assert.True(second.ExitCode == 5, second.ToString());
            Assert.Contains(url, second.Error, StringComparison.Ordinal);
            var doctor = await _cli.CairnAsync("doctor");
            Assert.Contains($"✔ server            {url}", doctor.Out, StringComparison.Ordinal);
            CliFixture.Signal(server, "TERM");
            await CliFixture.EndAsync(server);
            Assert.Equal(0, server.ExitCode);
            Assert.False(File.Exists(Path.Combine(_cli.Data, "server.json")));
        }

        Assert.Single((await _cli.CairnAsync("runs", "ls", "--json")).Json.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task A_server_that_was_killed_does_not_stand_in_the_way()
    {
        var (server, _) = await ServeAsync();
        using (server)
        {
            CliFixture.Signal(server, "KILL");
            await CliFixture.EndAsync(server);
        }

        Assert.True(File.Exists(Path.Combine(_cli.Data, "server.json")));
        Assert.Equal(0, (await _cli.CairnAsync("doctor")).ExitCode);
        Assert.Equal(0, (await _cli.CairnAsync("runs", "ls")).ExitCode);
    }

    [Fact]
    public async Task A_key_is_asked_for_and_handed_on_to_the_command()
    {
        const string key = "0123456789abcdef0123";
        var (server, url) = await ServeAsync(new() { ["CAIRN_API_KEY"] = key });
        using (server)
        {
            var denied = await _cli.CairnAsync("runs", "ls", "--url", url);
            Assert.True(denied.ExitCode == 6, denied.ToString());
            Assert.Contains("CAIRN_API_KEY", denied.Error, StringComparison.Ordinal);
            _cli.Project("p", "cairn runs ls --json");
            var answer = await _cli.RunAsync(CliFixture.Executable, ["run", "p"], new() { ["CAIRN_API_KEY"] = key, ["CAIRN_URL"] = url });
            Assert.True(answer.ExitCode == 0, answer.ToString());
            Assert.Single(answer.Json.GetProperty("runs").EnumerateArray());
            Assert.DoesNotContain(key, answer.Out + answer.Error, StringComparison.Ordinal);
            CliFixture.Signal(server, "INT");
            await CliFixture.EndAsync(server);
        }
    }
}
