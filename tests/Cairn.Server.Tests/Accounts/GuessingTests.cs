using System.Net;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests.Accounts;

/// <summary>Many passwords, and many clients.</summary>
public sealed class GuessingTests : IAsyncLifetime
{
    private AccountServer server = null!;

    public async ValueTask InitializeAsync() => server = await AccountServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Of_a_thousand_guesses_a_few_are_looked_at_and_the_right_one_among_them_too_late_is_refused()
    {
        var answers = new List<HttpStatusCode>();
        for (var at = 0; at < 1000; at += 50)
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(at, 50).Select(i =>
                server.StatusAsync(HttpMethod.Post, "/api/v1/session", json: $$"""{"name":"ada","password":"not the right words {{i}}"}"""))));
        }

        Assert.Equal(10, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(990, answers.Count(status => status == HttpStatusCode.TooManyRequests));
        Assert.Equal(
            HttpStatusCode.TooManyRequests,
            await server.StatusAsync(HttpMethod.Post, "/api/v1/session", json: $$"""{"name":"ada","password":"{{AccountServer.Password}}"}"""));
        Assert.Equal(HttpStatusCode.TooManyRequests, await server.GetAsync("/api/v1/session", AccountServer.Basic("ada", AccountServer.Password)));

        // Whoever has a key goes on working, and others may log in.
        Assert.Equal(HttpStatusCode.OK, await server.GetAsync("/api/v1/session", server.AdminKey));
        await server.AddAsync("bo");
        await server.LogInAsync("bo");
    }

    [Fact]
    public async Task Sixty_four_clients_at_once_each_with_another_user_and_password_are_all_let_in()
    {
        var names = Enumerable.Range(0, 64).Select(i => $"user{i}").ToList();
        foreach (var name in names.Take(8))
        {
            await server.AddAsync(name);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            var name = names[i % 8];
            using var answer = await server.SendAsync(HttpMethod.Get, "/api/v1/session", AccountServer.Basic(name, AccountServer.Password));
            return (answer.StatusCode, AccountServer.Read<SessionInfo>(await answer.Content.ReadAsStringAsync()).Name == name);
        }));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, true), answer));
    }

    [Fact]
    public async Task Sixty_four_clients_with_keys_write_at_once_each_in_the_name_of_its_user()
    {
        var keys = new List<(string Name, string Key)>();
        for (var i = 0; i < 8; i++)
        {
            await server.AddAsync($"writer{i}");
            keys.Add(($"writer{i}", await server.AddKeyAsync($"writer{i}")));
        }

        await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            var (name, key) = keys[i % 8];
            for (var n = 0; n < 5; n++)
            {
                var run = AccountServer.Read<RunInfo>(await server.OkAsync(HttpMethod.Post, "/api/v1/runs", key, $$"""{"experiment":"of {{name}}","author":"somebody else"}"""));
                Assert.Equal(name, run.Author);
            }
        }));
    }

    [Fact]
    public async Task Keys_are_made_and_revoked_beside_each_other_without_a_failure()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => server.AddKeyAsync("ada", $"k{i}")));
        Assert.Equal(32, made.Distinct().Count());
        var keys = AccountServer.Read<KeyList>(await server.OkAsync(HttpMethod.Get, "/api/v1/users/ada/keys", server.AdminKey)).Keys.Where(key => key.Name[0] == 'k');
        await Task.WhenAll(keys.Select(key => server.OkAsync(HttpMethod.Delete, $"/api/v1/users/ada/keys/{key.Id}", server.AdminKey)));
        Assert.All(await Task.WhenAll(made.Select(key => server.GetAsync("/api/v1/session", key))), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
    }
}
