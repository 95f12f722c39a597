using System.Net;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;
using Cairn.Core;

namespace Cairn.Server.Tests.Accounts;

/// <summary>What a proxy in front of the server says of a request is believed where the operator named the proxy, and nowhere else.</summary>
public sealed class ProxyTests
{
    private const string Source = "X-Forwarded-For";
    private const string Scheme = "X-Forwarded-Proto";

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7", "6.6.6.6, 192.0.2.7")]
    [InlineData("192.0.2.7", "6.6.6.6,192.0.2.7,10.1.2.3, 10.9.9.9")]
    [InlineData("192.0.2.7", "nonsense, 192.0.2.7")]
    [InlineData("192.0.2.7", "192.0.2.7:4711")]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7")]
    [InlineData("192.0.2.7", "6.6.6.6", "192.0.2.7")]
    [InlineData("2001:db8::1", "6.6.6.6, [2001:db8::1]:4711, 10.1.2.3")]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("10.1.2.3", "6.6.6.6, unknown, 10.1.2.3")]
    [InlineData("127.0.0.1", "unknown")]
    [InlineData("127.0.0.1", "")]
    [InlineData("127.0.0.1")]
    public async Task The_last_address_that_is_no_trusted_proxy_is_where_a_request_is_from(string expected, params string[] sent)
    {
        await using var server = await AccountServer.StartAsync("127.0.0.1", "10.0.0.0/8");
        Assert.Equal(expected, await AddressOfLoginAsync(server, sent));
    }

    [Theory]
    [InlineData]
    [InlineData("10.0.0.0/8", "::1", "127.0.0.2")]
    public async Task Whoever_sends_the_header_without_being_trusted_is_where_the_connection_is_from(params string[] trusted)
    {
        await using var server = await AccountServer.StartAsync(trusted);
        Assert.Equal("127.0.0.1", await AddressOfLoginAsync(server, "192.0.2.7"));
        Assert.DoesNotContain("secure", await CookieAsync(server, "https"), StringComparison.OrdinalIgnoreCase);

        // Another address with each guess makes no more guesses.
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add(await GuessAsync(server, "not the right words", $"192.0.2.{i}"));
        }

        Assert.Equal((10, 2), (answers.Count(status => status == HttpStatusCode.Unauthorized), answers.Count(status => status == HttpStatusCode.TooManyRequests)));
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_who_guesses_locks_out_nobody_but_himself()
    {
        await using var server = await AccountServer.StartAsync("127.0.0.1");
        for (var i = 0; i < 10; i++)
        {
            // What the guesser puts before the address that the proxy sees changes nothing.
            Assert.Equal(HttpStatusCode.Unauthorized, await GuessAsync(server, "not the right words", $"6.6.6.{i}, 192.0.2.1"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await GuessAsync(server, AccountServer.Password, "192.0.2.1"));
        Assert.Equal(HttpStatusCode.OK, await GuessAsync(server, AccountServer.Password, "192.0.2.2"));
    }

    [Fact]
    public async Task A_trusted_proxy_that_ends_TLS_makes_the_cookie_a_secure_one_for_that_request_alone()
    {
        await using var server = await AccountServer.StartAsync("127.0.0.1");
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 1 }) { BaseAddress = server.Address };
        foreach (var (proto, isSecure) in new[] { ("https", true), (null, false), ("http", false), ("http, https", true), ("https, http", false), ("javascript", false) })
        {
            using var request = Login(AccountServer.Password, proto is null ? [] : [(Scheme, proto)]);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var cookie = answer.Headers.GetValues("Set-Cookie").Single();
            Assert.True(isSecure == cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase), $"{proto}: {cookie}");
        }
    }

    [Fact]
    public async Task Addresses_that_clients_get_back_are_those_they_came_by()
    {
        await using var server = await AccountServer.StartAsync("127.0.0.1");
        const string make = """{"query":"mutation { upsertBucket(input: {modelName: \"p\", name: \"r1\"}) { bucket { id } } }"}""";
        await server.OkAsync(HttpMethod.Post, "/graphql", server.AdminKey, make);
        const string ask = """{"query":"mutation { createRunFiles(input: {entityName: \"cairn\", projectName: \"p\", runName: \"r1\", files: [\"a.txt\"]}) { files { uploadUrl } } }"}""";
        Assert.Contains("\"https://", await server.OkAsync(HttpMethod.Post, "/graphql", server.AdminKey, ask, (Scheme, "https")), StringComparison.Ordinal);
        Assert.DoesNotContain("\"https://", await server.OkAsync(HttpMethod.Post, "/graphql", server.AdminKey, ask), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("")]
    public async Task What_is_no_address_and_no_network_is_told_at_the_start(string text)
    {
        var options = new CairnServerOptions { DataFolder = Path.Combine(Path.GetTempPath(), "never-made"), Listen = "127.0.0.1:0", TrustedProxies = ["127.0.0.1", text] };
        var refusal = await Assert.ThrowsAsync<CairnException>(() => CairnServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains($"--trusted-proxy '{text}'", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>What the server took for the address of a browser.</summary>
    private static async Task<string?> AddressOfLoginAsync(AccountServer server, params string[] sent)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
        using var request = Login(AccountServer.Password, [.. sent.Select(value => (Source, value))]);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Assert.Single(AccountServer.Read<BrowserList>(await server.OkAsync(HttpMethod.Get, "/api/v1/users/ada/sessions", server.AdminKey)).Sessions).Address;
    }

    private static async Task<string> CookieAsync(AccountServer server, string scheme)
    {
        using var answer = await server.SendAsync(HttpMethod.Post, "/api/v1/session", null, Body(AccountServer.Password), (Scheme, scheme));
        return answer.Headers.GetValues("Set-Cookie").Single();
    }

    private static Task<HttpStatusCode> GuessAsync(AccountServer server, string password, string source) =>
        server.StatusAsync(HttpMethod.Post, "/api/v1/session", null, Body(password), (Source, source));

    private static HttpRequestMessage Login(string password, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/session", UriKind.Relative)) { Content = new StringContent(Body(password), Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static string Body(string password) => JsonSerializer.Serialize(new LogInRequest(AccountServer.Admin, password), CairnJson.Default.LogInRequest);
}
