using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests.Accounts;

/// <summary>Users as MLflow's and W&amp;B's clients meet them.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private const string Users = "/api/2.0/mlflow/users";

    private AccountServer server = null!;

    public async ValueTask InitializeAsync() => server = await AccountServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task MLflows_client_of_users_makes_reads_changes_and_removes_one()
    {
        var admin = AccountServer.Basic("ada", AccountServer.Password);
        var made = await JsonAsync(HttpMethod.Post, $"{Users}/create", admin, """{"username":"bo","password":"some long green words"}""");
        Assert.Equal(("bo", false), ((string?)made["user"]!["username"], (bool)made["user"]!["is_admin"]!));
        Assert.Equal((0, 0), (made["user"]!["experiment_permissions"]!.AsArray().Count, made["user"]!["registered_model_permissions"]!.AsArray().Count));
        Assert.Equal((long)made["user"]!["id"]!, (long)(await JsonAsync(HttpMethod.Get, $"{Users}/get?username=bo", admin))["user"]!["id"]!);

        await JsonAsync(HttpMethod.Patch, $"{Users}/update-admin", admin, """{"username":"bo","is_admin":true}""");
        Assert.True((bool)(await JsonAsync(HttpMethod.Get, $"{Users}/get?username=bo", admin))["user"]!["is_admin"]!);
        await JsonAsync(HttpMethod.Patch, $"{Users}/update-password", AccountServer.Basic("bo", "some long green words"), """{"username":"bo","password":"other long green words"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync($"{Users}/get?username=bo", AccountServer.Basic("bo", "some long green words")));
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync($"/ajax-api/2.0/mlflow/users/get?username=bo", AccountServer.Basic("bo", "other long green words")));
        await JsonAsync(HttpMethod.Delete, $"{Users}/delete", admin, """{"username":"bo"}""");
        Assert.Equal(HttpStatusCode.NotFound, await server.GetAsync($"{Users}/get?username=bo", admin));
    }

    [Theory]
    [InlineData("POST", "create", """{"username":"ada","password":"some long green words"}""", HttpStatusCode.BadRequest, "RESOURCE_ALREADY_EXISTS")]
    [InlineData("POST", "create", """{"username":"bo","password":"short"}""", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")]
    [InlineData("POST", "create", """{"username":"bo"}""", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")]
    [InlineData("PATCH", "update-admin", """{"username":"nobody","is_admin":true}""", HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("PATCH", "update-admin", """{"username":"ada","is_admin":false}""", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")]
    [InlineData("DELETE", "delete", """{"username":"ada"}""", HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE")]
    [InlineData("PATCH", "update-password", """{"username":"ada","password":"some long green words"}""", HttpStatusCode.Forbidden, "PERMISSION_DENIED")]
    public async Task What_MLflows_calls_refuse_they_refuse_in_its_words(string method, string call, string json, HttpStatusCode status, string code)
    {
        using var answer = await server.SendAsync(new HttpMethod(method), $"{Users}/{call}", server.AdminKey, json);
        Assert.Equal((status, code), (answer.StatusCode, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error_code"]));
    }

    [Theory]
    [InlineData("POST", "users/create", """{"username":"ada","password":"some long green words"}""", "User (username=ada) already exists.")]
    [InlineData("POST", "users/create", """{"username":"","password":"some long green words"}""", "Username cannot be empty.")]
    [InlineData("POST", "users/create", """{"username":"bo","password":""}""", "Password cannot be empty.")]
    [InlineData("GET", "users/get?username=nobody", null, "User with username=nobody not found")]
    [InlineData("DELETE", "users/delete", """{"username":"nobody"}""", "User with username=nobody not found")]
    [InlineData("PATCH", "users/update-password", """{"username":"nobody","password":"some long green words"}""", "User with username=nobody not found")]
    [InlineData("GET", "registered-models/permissions/get?name=gone&username=ada", null, "Registered model permission with name=gone and username=ada not found")]
    [InlineData("GET", "experiments/permissions/get?experiment_id=123456&username=ada", null, "Experiment permission with experiment_id=123456 and username=ada not found")]
    [InlineData("GET", "experiments/permissions/get?experiment_id=0&username=nobody", null, "User with username=nobody not found")]
    public async Task MLflows_own_sentences_are_kept_where_its_clients_code_reads_them(string method, string call, string? json, string message)
    {
        using var answer = await server.SendAsync(new HttpMethod(method), $"/api/2.0/mlflow/{call}", server.AdminKey, json);
        Assert.Equal(message, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"]);
    }

    [Theory]
    [InlineData("POST", "users/create", """{"username":"eve","password":"some long green words"}""")]
    [InlineData("GET", "users/get?username=ada", null)]
    [InlineData("PATCH", "users/update-password", """{"username":"ada","password":"some long green words"}""")]
    [InlineData("PATCH", "users/update-admin", """{"username":"bo","is_admin":true}""")]
    [InlineData("DELETE", "users/delete", """{"username":"ada"}""")]
    [InlineData("POST", "experiments/permissions/create", """{"experiment_id":"0","username":"bo","permission":"MANAGE"}""")]
    [InlineData("GET", "registered-models/permissions/get?name=gone&username=ada", null)]
    public async Task Who_may_not_is_told_so_in_MLflows_words(string method, string call, string? json)
    {
        await server.AddAsync("bo");
        using var answer = await server.SendAsync(new HttpMethod(method), $"/api/2.0/mlflow/{call}", await server.AddKeyAsync("bo"), json);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.StartsWith("Permission denied", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task MLflows_form_for_a_new_user_is_taken_from_a_page_of_this_server_only()
    {
        var origin = ("Origin", server.Address.GetLeftPart(UriPartial.Authority));
        var form = ("Content-Type", "application/x-www-form-urlencoded");
        const string body = "username=bo&password=some+long+green+words";
        Assert.Equal(HttpStatusCode.Forbidden, await server.StatusAsync(HttpMethod.Post, $"{Users}/create-ui", server.AdminKey, body, form));
        Assert.Equal(HttpStatusCode.Redirect, await server.StatusAsync(HttpMethod.Post, $"{Users}/create-ui", server.AdminKey, body, form, origin));
        Assert.Equal(HttpStatusCode.Redirect, await server.GetAsync("/signup", server.AdminKey));
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", AccountServer.Basic("bo", "some long green words")));
    }

    [Fact]
    public async Task W_and_Bs_viewer_is_the_user_in_the_entity_of_the_server_and_runs_carry_the_name()
    {
        await server.AddAsync("bo");
        var key = AccountServer.Basic("api", (await server.AddKeyAsync("bo"))["Bearer ".Length..]);
        var viewer = (await AskAsync(key, "{ viewer { username name entity admin teams { edges { node { name } } } } }"))["viewer"]!;
        Assert.Equal(("bo", "cairn", false), ((string?)viewer["username"], (string?)viewer["entity"], (bool)viewer["admin"]!));
        Assert.Equal("cairn", (string?)viewer["teams"]!["edges"]![0]!["node"]!["name"]);

        var made = await AskAsync(key, """mutation { upsertBucket(input: {modelName: "p", name: "r1"}) { bucket { name user { username } } } }""", ("X-WANDB-USERNAME", "ada"));
        Assert.Equal("bo", (string?)made["upsertBucket"]!["bucket"]!["user"]!["username"]);
        var run = Assert.Single(AccountServer.Read<RunPage>(await server.OkAsync(HttpMethod.Get, "/api/v1/runs?experiment=p", server.AdminKey)).Runs);
        Assert.Equal("bo", run.Run.Author);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(HttpMethod.Post, "/graphql", AccountServer.Basic("api", new string('0', 40)), """{"query":"{ viewer { id } }"}"""));
    }

    private async Task<JsonNode> JsonAsync(HttpMethod method, string path, string authorization, string? json = null) =>
        JsonNode.Parse(await server.OkAsync(method, path, authorization, json))!;

    private async Task<JsonNode> AskAsync(string key, string document, params (string, string)[] headers)
    {
        var body = new JsonObject { ["query"] = document, ["variables"] = new JsonObject() }.ToJsonString();
        var answer = JsonNode.Parse(await server.OkAsync(HttpMethod.Post, "/graphql", key, body, headers))!;
        Assert.True(answer["errors"] is null, answer.ToJsonString());
        return answer["data"]!;
    }
}
