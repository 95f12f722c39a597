using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary><c>cairn permission</c> against a running server with users, and what it changes for them.</summary>
public sealed class PermissionTests : IAsyncLifetime
{
    private readonly CliFixture cli = new();
    private Process server = null!;
    private string url = null!;
    private string ada = null!;
    private string bob = null!;

    public async ValueTask InitializeAsync()
    {
        await OkAsync("user", "add", "ada", "--admin");
        server = cli.Start(CliFixture.Executable, ["server", "--listen", "127.0.0.1:0", "--json"], []);
        var line = await server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit);
        url = JsonDocument.Parse(line!).RootElement.GetProperty("url").GetString()!;
        await OkAsync("user", "add", "bob");
        (ada, bob) = (await KeyAsync("ada"), await KeyAsync("bob"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(ada, HttpMethod.Post, "/api/v1/experiments", """{"name":"nyc_airbnb"}"""));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(ada, HttpMethod.Post, "/api/2.0/mlflow/registered-models/create", """{"name":"churn"}"""));
    }

    public async ValueTask DisposeAsync()
    {
        CliFixture.Signal(server, "TERM");
        await CliFixture.EndAsync(server);
        server.Dispose();
        cli.Dispose();
    }

    [Fact]
    public async Task What_is_given_on_an_experiment_holds_from_the_next_request_on_and_what_is_taken_back_no_more()
    {
        Assert.Equal([("ada", "MANAGE")], await ListAsync("--experiment", "nyc_airbnb"));
        Assert.Matches("everybody else +READ", (await OkAsync("permission", "ls", "--experiment", "nyc_airbnb")).Out);
        Assert.Equal(HttpStatusCode.Forbidden, await LogAsBobAsync());

        Assert.Matches("bob +EDIT on nyc_airbnb", (await OkAsync("permission", "set", "bob", "edit", "--experiment", "nyc_airbnb")).Out);
        Assert.Equal([("ada", "MANAGE"), ("bob", "EDIT")], await ListAsync("--experiment", "nyc_airbnb"));
        Assert.Equal(HttpStatusCode.OK, await LogAsBobAsync());

        // Said again it is in place of what was said before.
        await OkAsync("permission", "set", "bob", "NO_PERMISSIONS", "--experiment", "nyc_airbnb");
        Assert.Equal([("ada", "MANAGE"), ("bob", "NO_PERMISSIONS")], await ListAsync("--experiment", "nyc_airbnb"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(bob, HttpMethod.Get, "/api/v1/runs?experiment=nyc_airbnb"));

        await OkAsync("permission", "rm", "bob", "--experiment", "nyc_airbnb");
        Assert.Equal([("ada", "MANAGE")], await ListAsync("--experiment", "nyc_airbnb"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(bob, HttpMethod.Get, "/api/v1/runs?experiment=nyc_airbnb"));
        Assert.Equal(HttpStatusCode.Forbidden, await LogAsBobAsync());
    }

    [Fact]
    public async Task What_is_given_on_a_model_goes_before_its_experiment()
    {
        const string get = "/api/2.0/mlflow/registered-models/get?name=churn";
        const string describe = """{"name":"churn","description":"by bob"}""";
        Assert.Equal(HttpStatusCode.OK, await AskAsync(bob, HttpMethod.Get, get));
        await OkAsync("permission", "set", "bob", "NO_PERMISSIONS", "--model", "churn");
        Assert.Equal([("ada", "MANAGE"), ("bob", "NO_PERMISSIONS")], await ListAsync("--model", "churn"));
        Assert.Contains("as on its experiment", (await OkAsync("permission", "ls", "--model", "churn")).Out, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(bob, HttpMethod.Get, get));

        await OkAsync("permission", "set", "bob", "EDIT", "--model", "churn");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(bob, HttpMethod.Patch, "/api/2.0/mlflow/registered-models/update", describe));
        await OkAsync("permission", "rm", "bob", "--model", "churn");
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(bob, HttpMethod.Patch, "/api/2.0/mlflow/registered-models/update", describe));
    }

    [Fact]
    public async Task Who_manages_it_may_give_and_take_and_who_does_not_is_refused()
    {
        var asBob = new Dictionary<string, string> { ["CAIRN_API_KEY"] = bob };
        Task<CliFixture.Answer> BobAsync(params string[] arguments) => cli.RunAsync(CliFixture.Executable, [.. arguments, "--url", url], asBob);

        foreach (var arguments in new string[][] { ["ls"], ["set", "bob", "MANAGE"], ["rm", "ada"] })
        {
            var refused = await BobAsync(["permission", .. arguments, "--experiment", "nyc_airbnb"]);
            Assert.True(refused.ExitCode == 6, refused.ToString());
            Assert.Contains("MANAGE", refused.Error, StringComparison.Ordinal);
            Assert.Equal(6, (await BobAsync(["permission", .. arguments, "--model", "churn"])).ExitCode);
        }

        Assert.Equal([("ada", "MANAGE")], await ListAsync("--experiment", "nyc_airbnb"));
        await OkAsync("permission", "set", "bob", "MANAGE", "--experiment", "nyc_airbnb");
        await OkAsync("user", "add", "eve");
        var given = await BobAsync("permission", "set", "eve", "EDIT", "--experiment", "nyc_airbnb");
        Assert.True(given.ExitCode == 0, given.ToString());
        Assert.Equal([("ada", "MANAGE"), ("bob", "MANAGE"), ("eve", "EDIT")], await ListAsync("--experiment", "nyc_airbnb"));
    }

    [Fact]
    public async Task A_user_who_goes_leaves_what_he_made_and_it_is_told_what_only_admins_manage_then()
    {
        Assert.Equal(HttpStatusCode.OK, await AskAsync(bob, HttpMethod.Post, "/api/v1/runs", """{"experiment":"of_bob"}"""));
        var removed = await OkAsync("user", "rm", "bob");
        Assert.Matches("bob +removed with 1 key; what the user made stays", removed.Out);
        Assert.Contains("Only admins manage now: of_bob.", removed.Error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(bob, HttpMethod.Get, "/api/v1/runs?experiment=of_bob"));
        Assert.Empty(await ListAsync("--experiment", "of_bob"));
        Assert.Equal("bob", (await OkAsync("runs", "ls", "--experiment", "of_bob", "--json")).Json.GetProperty("runs")[0].GetProperty("run").GetProperty("author").GetString());

        var again = await cli.CairnAsync("user", "rm", "bob");
        Assert.True(again.ExitCode == 4 && again.Error.Contains("bob", StringComparison.Ordinal), again.ToString());
        var last = await cli.CairnAsync("user", "rm", "ada");
        Assert.True(last.ExitCode == 5 && last.Error.Contains("last active admin", StringComparison.Ordinal), last.ToString());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(ada, HttpMethod.Get, "/api/v1/users"));
    }

    [Fact]
    public async Task Bad_input_is_named_and_changes_nothing()
    {
        foreach (var (exitCode, named, arguments) in new (int, string, string[])[]
        {
            (2, "WRITE", ["set", "bob", "WRITE", "--experiment", "nyc_airbnb"]),
            (2, "--experiment NAME or --model NAME", ["set", "bob", "READ"]),
            (2, "--experiment NAME or --model NAME", ["set", "bob", "READ", "--experiment", "nyc_airbnb", "--model", "churn"]),
            (2, "--experiment NAME or --model NAME", ["ls", "--experiment", ""]),
            (2, "--experiment NAME or --model NAME", ["rm", "bob"]),
            (2, "permission", ["set", "bob", "--experiment", "nyc_airbnb"]),
            (4, "nobody", ["set", "nobody", "READ", "--experiment", "nyc_airbnb"]),
            (4, "no_such", ["set", "bob", "READ", "--experiment", "no_such"]),
            (4, "no_such", ["set", "bob", "READ", "--model", "no_such"]),
            (4, "no_such", ["ls", "--experiment", "no_such"]),
            (4, "no_such", ["ls", "--model", "no_such"]),
            (4, "bob", ["rm", "bob", "--experiment", "nyc_airbnb"]),
            (4, "bob", ["rm", "bob", "--model", "churn"]),
            (4, "nobody", ["rm", "nobody", "--model", "churn"]),
            (4, "not found", ["set", "a/../b", "READ", "--model", "churn"]),
        })
        {
            var answer = await cli.CairnAsync(["permission", .. arguments]);
            Assert.True(answer.ExitCode == exitCode && answer.Out == "" && answer.Error.Contains(named, StringComparison.Ordinal), $"{string.Join(' ', arguments)}: {answer}");
        }

        Assert.Equal([("ada", "MANAGE")], await ListAsync("--experiment", "nyc_airbnb"));
        Assert.Equal([("ada", "MANAGE")], await ListAsync("--model", "churn"));
    }

    private Task<HttpStatusCode> LogAsBobAsync() => AskAsync(bob, HttpMethod.Post, "/api/v1/runs", """{"experiment":"nyc_airbnb"}""");

    private async Task<(string?, string?)[]> ListAsync(string option, string name) =>
        [.. (await OkAsync("permission", "ls", option, name, "--json")).Json.GetProperty("permissions").EnumerateArray()
            .Select(one => (one.GetProperty("user").GetString(), one.GetProperty("permission").GetString()))];

    private async Task<CliFixture.Answer> OkAsync(params string[] arguments)
    {
        var answer = await cli.CairnAsync(arguments);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer;
    }

    private async Task<string> KeyAsync(string user) => (await OkAsync("key", "add", "test", "--user", user)).Out.Trim();

    private async Task<HttpStatusCode> AskAsync(string key, HttpMethod method, string path, string? json = null)
    {
        using var http = new HttpClient { Timeout = CliFixture.Limit };
        using var request = new HttpRequestMessage(method, new Uri(url + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
