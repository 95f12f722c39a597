using System.Net;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests.Accounts;

/// <summary>What happens to a user's things when the user goes.</summary>
public sealed class LeavingTests : IAsyncLifetime
{
    private AccountServer server = null!;
    private string bo = null!;

    public async ValueTask InitializeAsync()
    {
        server = await AccountServer.StartAsync();
        await server.AddAsync("bo");
        await server.AddAsync("eve");
        bo = await server.AddKeyAsync("bo");
        foreach (var name in new[] { "alone", "shared" })
        {
            await server.OkAsync(HttpMethod.Post, "/api/v1/runs", bo, $$"""{"experiment":"{{name}}"}""");
        }

        await server.OkAsync(HttpMethod.Post, "/api/2.0/mlflow/registered-models/create", bo, """{"name":"churn"}""");
        await server.OkAsync(HttpMethod.Put, "/api/v1/experiments/shared/permissions/eve", bo, """{"permission":"MANAGE"}""");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Before_it_is_told_what_ends_and_what_only_admins_would_manage()
    {
        await server.LogInAsync("bo");
        Assert.Equal((1, 1, 1, 1, "alone, churn"), Told(await HoldingsAsync(server.AdminKey)));

        // One's own may be seen, and by nobody else but admins.
        Assert.Equal((1, 1, 1, 1, "alone, churn"), Told(await HoldingsAsync(bo)));
        Assert.Equal(HttpStatusCode.Forbidden, await server.GetAsync("/api/v1/users/bo/holdings", await server.AddKeyAsync("eve")));
        Assert.Equal(HttpStatusCode.NotFound, await server.GetAsync("/api/v1/users/nobody/holdings", server.AdminKey));

        // Who cannot act does not count.
        await server.OkAsync(HttpMethod.Patch, "/api/v1/users/eve", server.AdminKey, """{"isActive":false}""");
        Assert.Equal((1, 1, 2, 1, "alone, shared, churn"), Told(await HoldingsAsync(server.AdminKey)));

        // Less than MANAGE is nothing that is missed.
        await server.OkAsync(HttpMethod.Put, "/api/v1/experiments/alone/permissions/bo", server.AdminKey, """{"permission":"EDIT"}""");
        await server.OkAsync(HttpMethod.Put, "/api/v1/models/permissions/eve?model=churn", server.AdminKey, """{"permission":"MANAGE"}""");
        await server.OkAsync(HttpMethod.Patch, "/api/v1/users/eve", server.AdminKey, """{"isActive":true}""");
        Assert.Equal((1, 1, 0, 0, ""), Told(await HoldingsAsync(server.AdminKey)));
    }

    [Fact]
    public async Task After_it_keys_logins_and_permissions_are_gone_and_what_was_made_stays_under_the_name()
    {
        var cookie = await server.LogInAsync("bo");
        await server.OkAsync(HttpMethod.Delete, "/api/v1/users/bo", server.AdminKey);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", bo));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, ("Cookie", cookie)));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", AccountServer.Basic("bo", AccountServer.Password)));
        var run = Assert.Single(AccountServer.Read<RunPage>(await server.OkAsync(HttpMethod.Get, "/api/v1/runs?experiment=alone", server.AdminKey)).Runs);
        Assert.Equal("bo", run.Run.Author);
        Assert.Empty(AccountServer.Read<PermissionList>(await server.OkAsync(HttpMethod.Get, "/api/v1/experiments/alone/permissions", server.AdminKey)).Permissions);

        // Somebody else of that name begins anew.
        await server.AddAsync("bo");
        var second = await server.AddKeyAsync("bo");
        Assert.Equal(HttpStatusCode.Forbidden, await server.StatusAsync(HttpMethod.Post, "/api/v1/runs", second, """{"experiment":"alone"}"""));
        var user = JsonNode.Parse(await server.OkAsync(HttpMethod.Get, "/api/2.0/mlflow/users/get?username=bo", server.AdminKey))!["user"]!;
        Assert.Empty(user["experiment_permissions"]!.AsArray());
        Assert.Empty(user["registered_model_permissions"]!.AsArray());
    }

    private async Task<UserHoldings> HoldingsAsync(string key) => AccountServer.Read<UserHoldings>(await server.OkAsync(HttpMethod.Get, "/api/v1/users/bo/holdings", key));

    private static (int, int, int, int, string) Told(UserHoldings held) => (held.Keys, held.Browsers, held.Experiments, held.Models, string.Join(", ", held.Names));
}
