using System.Net;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests.Accounts;

/// <summary>Browsers that log in.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private AccountServer server = null!;

    private (string Name, string Value) Origin => ("Origin", server.Address.GetLeftPart(UriPartial.Authority));

    public async ValueTask InitializeAsync() => server = await AccountServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_login_is_a_cookie_that_scripts_and_other_sites_cannot_use_and_that_is_worth_nothing_after_the_logout()
    {
        using var login = await server.SendAsync(HttpMethod.Post, "/api/v1/session", null, $$"""{"name":"ada","password":"{{AccountServer.Password}}"}""");
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        var kept = ("Cookie", cookie.Split(';')[0]);
        Assert.Equal("ada", AccountServer.Read<SessionInfo>(await server.OkAsync(HttpMethod.Get, "/api/v1/session", null, null, kept)).Name);

        await server.OkAsync(HttpMethod.Delete, "/api/v1/session", null, null, kept, Origin);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, kept));
        await server.RestartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, kept));
    }

    [Fact]
    public async Task With_a_cookie_only_a_page_of_this_server_changes_anything_and_only_by_JSON()
    {
        var cookie = ("Cookie", await server.LogInAsync());
        Assert.Equal(HttpStatusCode.OK, await PostAsync(cookie, Origin));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(cookie));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(cookie, ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(cookie, ("Origin", "null")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(cookie, Origin, ("Content-Type", "text/plain")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(cookie, Origin, ("Content-Type", "application/x-www-form-urlencoded")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(cookie, ("Origin", "https://evil.example"), ("Content-Type", "text/plain")));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await server.StatusAsync(HttpMethod.Post, "/api/2.0/mlflow/experiments/create", null, """{"name":"forged"}""", cookie, ("Content-Type", "text/plain")));
        Assert.DoesNotContain("forged", await server.OkAsync(HttpMethod.Get, "/api/v1/experiments", server.AdminKey), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one_or_all()
    {
        var first = ("Cookie", await server.LogInAsync());
        var second = ("Cookie", await server.LogInAsync());
        var all = AccountServer.Read<BrowserList>(await server.OkAsync(HttpMethod.Get, "/api/v1/users/me/sessions", null, null, first)).Sessions;
        Assert.Equal(2, all.Count);
        var other = Assert.Single(all, session => !session.IsThis);
        await server.OkAsync(HttpMethod.Delete, $"/api/v1/users/me/sessions/{other.Id}", null, null, first, Origin);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, second));
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", null, first));
        await server.OkAsync(HttpMethod.Delete, "/api/v1/users/ada/sessions", server.AdminKey);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, first));
    }

    [Fact]
    public async Task A_deactivated_user_is_out_at_once_by_every_way_and_stays_out_until_activated()
    {
        await server.AddAsync("bo");
        var key = await server.AddKeyAsync("bo");
        var cookie = ("Cookie", await server.LogInAsync("bo"));
        var basic = AccountServer.Basic("bo", AccountServer.Password);
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", basic));
        await server.OkAsync(HttpMethod.Patch, "/api/v1/users/bo", server.AdminKey, """{"isActive":false}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", key));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", basic));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, cookie));
        await server.OkAsync(HttpMethod.Patch, "/api/v1/users/bo", server.AdminKey, """{"isActive":true}""");
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", key));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, cookie));
    }

    [Fact]
    public async Task Another_password_ends_the_sessions_and_the_old_password()
    {
        const string next = "entirely other words today";
        var cookie = ("Cookie", await server.LogInAsync());
        Assert.Equal(
            HttpStatusCode.Forbidden, await server.StatusAsync(HttpMethod.Put, "/api/v1/users/me/password", server.AdminKey, $$"""{"password":"{{next}}"}"""));
        await server.OkAsync(HttpMethod.Put, "/api/v1/users/me/password", server.AdminKey, $$"""{"password":"{{next}}","current":"{{AccountServer.Password}}"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", null, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", AccountServer.Basic("ada", AccountServer.Password)));
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", AccountServer.Basic("ada", next)));
    }

    private Task<HttpStatusCode> PostAsync(params (string Name, string Value)[] headers) =>
        server.StatusAsync(HttpMethod.Post, "/api/v1/experiments", null, """{"name":"by page"}""", headers);
}
