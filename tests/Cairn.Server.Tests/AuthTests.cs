using System.Net;
using System.Text;
using Cairn.Core;

namespace Cairn.Server.Tests;

public sealed class AuthTests : IAsyncLifetime
{
    private const string Key = "a-key-of-twenty-chars";

    private readonly string folder = Directory.CreateTempSubdirectory("cairn-auth-").FullName;
    private CairnServer server = null!;

    public async ValueTask InitializeAsync() =>
        server = await CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", ApiKey = Key, Quiet = true }, CancellationToken.None);

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic !!!", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Key, HttpStatusCode.OK)]
    public async Task A_server_with_a_key_answers_those_who_carry_it(string? header, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await AskAsync("/api/v1/experiments", header)).StatusCode);
        Assert.Equal(expected, (await AskAsync("/", header)).StatusCode);
    }

    [Fact]
    public async Task The_key_may_be_the_password_of_any_user()
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"api:{Key}"));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/api/v1/experiments", $"Basic {basic}")).StatusCode);
    }

    [Fact]
    public async Task Whether_it_lives_may_be_asked_by_anyone() => Assert.Equal(HttpStatusCode.OK, (await AskAsync("/health", null)).StatusCode);

    [Fact]
    public async Task Pages_ask_without_a_key_what_they_may_do_with_files_and_nothing_else()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync("/files/cairn/p/r/a.txt", null, HttpMethod.Options)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync("/files/cairn/p/r/a.txt", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync("/api/v1/experiments", null, HttpMethod.Options)).StatusCode);
    }

    [Theory]
    [InlineData("0.0.0.0:0", null)]
    [InlineData("127.0.0.1:0", "short")]
    [InlineData("nowhere", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.0.0.1:99999", null)]
    public async Task Options_that_cannot_be_meant_are_refused_before_anything_is_opened(string listen, string? key)
    {
        var options = new CairnServerOptions { DataFolder = Path.Combine(folder, "never"), Listen = listen, ApiKey = key, Quiet = true };
        var refusal = await Assert.ThrowsAsync<CairnException>(() => CairnServer.StartAsync(options, CancellationToken.None));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.False(Directory.Exists(options.DataFolder));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_with_what_to_do()
    {
        var options = new CairnServerOptions { DataFolder = Path.Combine(folder, "second"), Listen = server.Address.Authority, Quiet = true };
        var refusal = await Assert.ThrowsAsync<CairnException>(() => CairnServer.StartAsync(options, CancellationToken.None));
        Assert.Contains("--listen", refusal.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string? authorization, HttpMethod? method = null)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await http.SendAsync(request);
    }
}
