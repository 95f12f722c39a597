using System.Net;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests.Accounts;

/// <summary>Who is let in, by what.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private AccountServer server = null!;

    public async ValueTask InitializeAsync() => server = await AccountServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("GET", "/api/v1/experiments")]
    [InlineData("GET", "/api/v1/server")]
    [InlineData("GET", "/api/v1/session")]
    [InlineData("GET", "/api/v1/openapi.json")]
    [InlineData("POST", "/v1/traces")]
    [InlineData("POST", "/ajax-api/3.0/jobs/search")]
    [InlineData("POST", "/ajax-api/3.0/jobs")]
    [InlineData("POST", "/api/2.0/mlflow/runs/create")]
    [InlineData("GET", "/ajax-api/2.0/mlflow/experiments/search")]
    [InlineData("GET", "/api/2.0/mlflow-artifacts/artifacts/0/a/b.txt")]
    [InlineData("GET", "/get-artifact?run_uuid=0&path=a")]
    [InlineData("GET", "/files/cairn/p/r/a.txt")]
    [InlineData("GET", "/artifactsV2/gcp-us/cairn/00/a")]
    [InlineData("POST", "/graphql")]
    [InlineData("GET", "/version")]
    [InlineData("GET", "/signup")]
    [InlineData("POST", "/api/2.0/mlflow/users/create")]
    [InlineData("DELETE", "/api/v1/session")]
    [InlineData("PUT", "/runs")]
    [InlineData("GET", "//api/v1/experiments")]
    public async Task Nothing_is_answered_without_credentials(string method, string path) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(new HttpMethod(method), path, json: method == "GET" ? null : "{}"));

    [Theory]
    [InlineData("/api/2.0/mlflow/experiments/search")]
    [InlineData("/ajax-api/3.0/mlflow/traces/search")]
    [InlineData("/api/2.0/mlflow-artifacts/artifacts/0/a")]
    [InlineData("/ajax-api/3.0/jobs/search")]
    [InlineData("/get-artifact?run_uuid=0&path=a")]
    [InlineData("/model-versions/get-artifact?name=a&version=1&path=a")]
    [InlineData("/version")]
    public async Task MLflows_clients_are_told_in_their_words_that_nobody_knows_them(string path)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("UNAUTHENTICATED", error.GetProperty("error_code").GetString());
        Assert.StartsWith("You are not authenticated.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sign_of_life_and_the_files_of_the_pages_are_open_so_that_a_login_can_be_shown()
    {
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/health"));
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/"));
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/settings/users", null, ("Accept", "text/html")));

        // Where W&B's clients send people for a key: to the page that makes one.
        Assert.Equal(HttpStatusCode.Redirect, await server.GetAsync("/authorize"));
    }

    [Theory]
    [InlineData("admin", "password1234")]
    [InlineData("admin", "admin")]
    [InlineData("admin", "password")]
    [InlineData("ada", "ada")]
    [InlineData("ada", "")]
    [InlineData("", AccountServer.Password)]
    public async Task There_is_no_password_that_works_everywhere(string name, string password)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/experiments", AccountServer.Basic(name, password)));
        Assert.Equal(
            HttpStatusCode.Unauthorized, await server.StatusAsync(HttpMethod.Post, "/api/v1/session", json: $$"""{"name":"{{name}}","password":"{{password}}"}"""));
    }

    [Fact]
    public async Task A_key_is_taken_as_bearer_and_as_the_password_of_whoever_the_client_says_it_is()
    {
        var key = server.AdminKey["Bearer ".Length..];
        Assert.Matches("^[A-Za-z0-9]{40}$", key);
        foreach (var header in new[] { server.AdminKey, AccountServer.Basic("api", key), AccountServer.Basic("anything", key), AccountServer.Basic("ada", key), AccountServer.Basic("", key) })
        {
            Assert.Equal("ada", AccountServer.Read<SessionInfo>(await server.OkAsync(HttpMethod.Get, "/api/v1/session", header)).Name);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", $"Bearer {new string('x', 40)}"));
    }

    [Fact]
    public async Task A_name_and_its_password_are_taken_with_each_request_as_MLflow_sends_them()
    {
        var basic = AccountServer.Basic("ADA", AccountServer.Password);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/2.0/mlflow/experiments/get?experiment_id=0", basic));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", AccountServer.Basic("ada", AccountServer.Password + " ")));
    }

    [Fact]
    public async Task Who_may_read_the_data_folder_is_the_operator_and_the_key_for_it_is_another_after_each_start()
    {
        var before = server.Operator;
        var me = AccountServer.Read<SessionInfo>(await server.OkAsync(HttpMethod.Get, "/api/v1/session", before));
        Assert.Equal((true, "operator", true), (me.IsOperator, me.Name, me.HasUsers));
        await server.RestartAsync();
        Assert.NotEqual(before, server.Operator);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", before));
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", server.AdminKey));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.Folder, "operator.key")));
        }
    }

    [Fact]
    public async Task A_revoked_key_and_one_that_has_expired_are_refused_at_once()
    {
        var key = await server.AddKeyAsync("ada", "short");
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/users/me", key));
        var listed = AccountServer.Read<KeyList>(await server.OkAsync(HttpMethod.Get, "/api/v1/users/me/keys", key)).Keys.Single(known => known.Name == "short");
        Assert.NotNull(listed.LastUsedAt);
        Assert.EndsWith(listed.Hint, key, StringComparison.Ordinal);
        await server.OkAsync(HttpMethod.Delete, $"/api/v1/users/ada/keys/{listed.Id}", server.AdminKey);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/users/me", key));
        await server.RefusedAsync(HttpMethod.Delete, $"/api/v1/users/ada/keys/{listed.Id}", server.AdminKey, null, HttpStatusCode.NotFound);
        await server.RefusedAsync(HttpMethod.Post, "/api/v1/users/ada/keys", server.AdminKey, """{"name":"late","expiresAt":1}""", HttpStatusCode.BadRequest, "expiresAt");
        await server.RefusedAsync(HttpMethod.Post, "/api/v1/users/ada/keys", server.AdminKey, """{"name":"test"}""", HttpStatusCode.Conflict, "name");
    }

    [Fact]
    public async Task The_key_of_a_launched_run_acts_for_the_user_and_is_no_use_for_accounts()
    {
        await server.AddAsync("bo");
        var bo = await server.AddKeyAsync("bo");
        var run = AccountServer.Read<RunInfo>(await server.OkAsync(HttpMethod.Post, "/api/v1/runs", bo, """{"experiment":"of bo","author":"ada"}"""));
        Assert.Equal("bo", run.Author);
        var token = AccountServer.Read<LaunchToken>(await server.OkAsync(HttpMethod.Post, $"/api/v1/runs/{run.Id}/launch-token", bo));
        Assert.Matches("^[A-Za-z0-9]{40}$", token.Token);
        var launched = AccountServer.Basic("api", token.Token);
        var me = AccountServer.Read<SessionInfo>(await server.OkAsync(HttpMethod.Get, "/api/v1/session", launched));
        Assert.Equal(("bo", false), (me.Name, me.IsAdmin));
        var child = AccountServer.Read<RunInfo>(await server.OkAsync(HttpMethod.Post, "/api/v1/runs", launched, """{"experiment":"of bo"}"""));
        Assert.Equal((run.Id, "bo"), (child.ParentId, child.Author));
        await server.RefusedAsync(HttpMethod.Post, "/api/v1/users/me/keys", launched, """{"name":"for later"}""", HttpStatusCode.Forbidden);

        var admins = AccountServer.Read<LaunchToken>(await server.OkAsync(HttpMethod.Post, $"/api/v1/runs/{run.Id}/launch-token", server.AdminKey));
        await server.RefusedAsync(HttpMethod.Post, "/api/v1/users", $"Bearer {admins.Token}", """{"name":"eve"}""", HttpStatusCode.Forbidden);

        await server.OkAsync(HttpMethod.Patch, "/api/v1/users/bo", server.AdminKey, """{"isActive":false}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", launched));
    }

    [Fact]
    public async Task What_is_signed_is_signed_by_who_asks()
    {
        await server.AddAsync("bo");
        var bo = await server.AddKeyAsync("bo");
        await server.OkAsync(HttpMethod.Put, "/api/v1/experiments/0/permissions/bo", server.AdminKey, """{"permission":"MANAGE"}""");
        await server.OkAsync(HttpMethod.Put, "/api/v1/artifacts/0/model/gates/prod", bo, """{"when":"metrics.mae < 30","who":"ada"}""");
        Assert.Equal("bo", AccountServer.Read<GateInfo>(await server.OkAsync(HttpMethod.Get, "/api/v1/artifacts/0/model/gates/prod", bo)).SetBy);

        await server.OkAsync(HttpMethod.Post, "/api/2.0/mlflow/registered-models/create", bo, """{"name":"m"}""");
        await server.OkAsync(HttpMethod.Post, "/api/2.0/mlflow/model-versions/create", bo, """{"name":"m","source":"s3://bucket/m"}""");
        await server.OkAsync(HttpMethod.Post, "/api/2.0/mlflow/registered-models/alias", bo, """{"name":"m","alias":"best","version":"1"}""");
        var decisions = AccountServer.Read<DecisionList>(await server.OkAsync(HttpMethod.Get, "/api/v1/artifacts/0/m/decisions?alias=best", bo)).Decisions;
        Assert.Equal("bo", Assert.Single(decisions).Who);

        var run = AccountServer.Read<RunInfo>(await server.OkAsync(HttpMethod.Post, "/api/v1/runs", bo, "{}"));
        await server.OkAsync(HttpMethod.Post, "/api/2.0/mlflow/runs/set-tag", bo, $$"""{"run_id":"{{run.Id}}","key":"mlflow.user","value":"ada"}""");
        Assert.Equal("bo", AccountServer.Read<RunDetail>(await server.OkAsync(HttpMethod.Get, $"/api/v1/runs/{run.Id}", bo)).Run.Author);
    }
}
