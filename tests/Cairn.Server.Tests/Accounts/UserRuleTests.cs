using System.Net;
using System.Text;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests.Accounts;

/// <summary>What users may be called, which passwords they may have, and who may change whom.</summary>
public sealed class UserRuleTests : IAsyncLifetime
{
    private AccountServer server = null!;

    public async ValueTask InitializeAsync() => server = await AccountServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("8bd2896bd829")]
    [InlineData("8a29626d9a82")]
    [InlineData("9eb4ffb72619")]
    [InlineData("vier Birnen im Netz")]
    public async Task A_password_by_chance_is_taken_also_where_it_is_mostly_digits(string password) =>
        await server.OkAsync(HttpMethod.Post, "/api/v1/users", server.AdminKey, $$"""{"name":"bartholomew1","password":"{{password}}"}""");

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("bartholomew1")]
    [InlineData("bartholomew")]
    [InlineData("Password1234")]
    [InlineData("p@ssw0rd2024!")]
    [InlineData("admin-admin-admin")]
    [InlineData("qwertyuiop[]1")]
    [InlineData("111111111111")]
    [InlineData("abababababab")]
    [InlineData("123456789012345")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("correct horse battery staple")]
    [InlineData("Welcome2024!!")]
    [InlineData("iloveyou12345")]
    public async Task A_password_that_is_short_common_or_the_name_is_refused(string password) =>
        await server.RefusedAsync(
            HttpMethod.Post, "/api/v1/users", server.AdminKey, $$"""{"name":"bartholomew1","password":"{{password}}"}""", HttpStatusCode.BadRequest, "password");

    [Theory]
    [InlineData("")]
    [InlineData(" ada")]
    [InlineData("ad\\u0430")]
    [InlineData("\\u0430da")]
    [InlineData("ada\\u200b")]
    [InlineData("a\\u0300da")]
    [InlineData("ada/../bo")]
    [InlineData("me")]
    [InlineData("Operator")]
    [InlineData("api")]
    [InlineData("<script>")]
    [InlineData("-x")]
    public async Task A_name_that_could_be_taken_for_another_is_refused(string name) =>
        await server.RefusedAsync(HttpMethod.Post, "/api/v1/users", server.AdminKey, $$"""{"name":"{{name}}"}""", HttpStatusCode.BadRequest, "name");

    [Fact]
    public async Task A_password_of_a_megabyte_is_refused_before_it_costs_anything()
    {
        var long1 = new string('x', 1 << 20);
        await server.RefusedAsync(HttpMethod.Post, "/api/v1/users", server.AdminKey, $$"""{"name":"bo","password":"{{long1}}"}""", HttpStatusCode.BadRequest, "password");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await server.StatusAsync(HttpMethod.Post, "/api/v1/session", json: $$"""{"name":"ada","password":"{{long1}}"}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.GetAsync("/api/v1/session", AccountServer.Basic("ada", new string('x', 5000))));
    }

    [Fact]
    public async Task The_same_user_twice_is_refused_in_any_letter_case_and_of_many_at_once_one_is_made()
    {
        await server.RefusedAsync(HttpMethod.Post, "/api/v1/users", server.AdminKey, """{"name":"ADA"}""", HttpStatusCode.Conflict, "name");
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.StatusAsync(HttpMethod.Post, "/api/v1/users", server.AdminKey, """{"name":"bo"}""")));
        Assert.Equal((1, 7), (tries.Count(status => status == HttpStatusCode.OK), tries.Count(status => status == HttpStatusCode.Conflict)));
    }

    [Fact]
    public async Task A_made_password_is_told_once_and_works()
    {
        var added = AccountServer.Read<AddedUser>(await server.OkAsync(HttpMethod.Post, "/api/v1/users", server.AdminKey, """{"name":"bo"}"""));
        Assert.True(added.Password!.Length >= 20);
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", AccountServer.Basic("bo", added.Password)));
        Assert.DoesNotContain(added.Password, await server.OkAsync(HttpMethod.Get, "/api/v1/users", server.AdminKey), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_admins_change_users_and_nobody_makes_oneself_one()
    {
        await server.AddAsync("bo");
        var bo = await server.AddKeyAsync("bo");
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, "/api/v1/users", """{"name":"eve"}"""),
            (HttpMethod.Patch, "/api/v1/users/ada", """{"isActive":false}"""),
            (HttpMethod.Patch, "/api/v1/users/bo", """{"isAdmin":true}"""),
            (HttpMethod.Patch, "/api/v1/users/me", """{"isAdmin":true}"""),
            (HttpMethod.Delete, "/api/v1/users/ada", null),
            (HttpMethod.Put, "/api/v1/users/ada/password", "{}"),
            (HttpMethod.Get, "/api/v1/users/ada/keys", null),
            (HttpMethod.Post, "/api/v1/users/ada/keys", """{"name":"stolen"}"""),
            (HttpMethod.Get, "/api/v1/users/ada/sessions", null),
            (HttpMethod.Delete, "/api/v1/users/ada/sessions", null),
            (HttpMethod.Patch, "/api/2.0/mlflow/users/update-admin", """{"username":"bo","is_admin":true}"""),
            (HttpMethod.Delete, "/api/2.0/mlflow/users/delete", """{"username":"ada"}"""),
            (HttpMethod.Patch, "/api/2.0/mlflow/users/update-password", """{"username":"ada","password":"all new words, four"}"""),
            (HttpMethod.Get, "/api/2.0/mlflow/users/get?username=ada", null),
        })
        {
            Assert.True(HttpStatusCode.Forbidden == await server.StatusAsync(method, path, bo, body), $"{method} {path}");
        }

        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", server.AdminKey));
    }

    [Fact]
    public async Task One_active_admin_is_left_also_where_two_remove_each_other_at_once()
    {
        await server.RefusedAsync(HttpMethod.Patch, "/api/v1/users/ada", server.AdminKey, """{"isAdmin":false}""", HttpStatusCode.PreconditionFailed);
        await server.RefusedAsync(HttpMethod.Delete, "/api/v1/users/ada", server.Operator, null, HttpStatusCode.PreconditionFailed);
        for (var round = 0; round < 10; round++)
        {
            await server.OkAsync(HttpMethod.Patch, "/api/v1/users/ada", server.Operator, """{"isAdmin":true,"isActive":true}""");
            var name = $"second{round}";
            await server.AddAsync(name, isAdmin: true);
            var second = await server.AddKeyAsync(name);
            await Task.WhenAll(
                server.StatusAsync(HttpMethod.Patch, $"/api/v1/users/{name}", server.AdminKey, """{"isAdmin":false}"""),
                server.StatusAsync(HttpMethod.Patch, "/api/v1/users/ada", second, """{"isActive":false}"""));
            var admins = AccountServer.Read<UserList>(await server.OkAsync(HttpMethod.Get, "/api/v1/users", server.Operator)).Users.Where(user => user is { IsAdmin: true, IsActive: true });
            Assert.Single(admins);
            await server.OkAsync(HttpMethod.Patch, "/api/v1/users/ada", server.Operator, """{"isAdmin":true,"isActive":true}""");
            await server.OkAsync(HttpMethod.Delete, $"/api/v1/users/{name}", server.Operator);
        }
    }

    [Fact]
    public async Task The_first_user_is_an_admin_or_none()
    {
        await using var fresh = new FreshServer();
        await fresh.StartAsync();
        Assert.Equal(HttpStatusCode.PreconditionFailed, await fresh.PostAsync("/api/v1/users", """{"name":"bo"}"""));
        Assert.Equal(HttpStatusCode.OK, await fresh.GetAsync("/api/v1/experiments"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await fresh.PostAsync("/api/v1/session", """{"name":"bo","password":"x"}"""));
        Assert.Equal(HttpStatusCode.OK, await fresh.PostAsync("/api/v1/users", """{"name":"bo","isAdmin":true}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, await fresh.GetAsync("/api/v1/experiments"));
    }

    [Fact]
    public async Task Neither_passwords_nor_keys_nor_session_tokens_are_in_the_store()
    {
        var cookie = (await server.LogInAsync()).Split('=')[1];
        var key = server.AdminKey["Bearer ".Length..];
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", AccountServer.Basic("ada", AccountServer.Password)));
        foreach (var running in new[] { true, false })
        {
            if (!running)
            {
                await server.RestartAsync();
            }

            foreach (var file in Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = new MemoryStream();
                await stream.CopyToAsync(copy);
                foreach (var secret in new[] { AccountServer.Password, key, cookie })
                {
                    Assert.True(copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{file} holds a secret");
                }
            }
        }
    }

    /// <summary>A server nobody has been added to.</summary>
    private sealed class FreshServer : IAsyncDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("cairn-fresh-").FullName;
        private CairnServer server = null!;
        private HttpClient http = null!;

        public async Task StartAsync()
        {
            server = await CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", Quiet = true }, CancellationToken.None);
            http = new HttpClient { BaseAddress = server.Address };
        }

        public async Task<HttpStatusCode> GetAsync(string path) => (await http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode;

        public async Task<HttpStatusCode> PostAsync(string path, string json)
        {
            using var body = new StringContent(json, Encoding.UTF8, "application/json");
            return (await http.PostAsync(new Uri(path, UriKind.Relative), body)).StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
