using System.Net.Http.Headers;
using System.Text;

namespace Cairn.Server.Tests;

/// <summary>What a browser is told about files that could run something in it.</summary>
public sealed class StoredPageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("report.html", "", "application/octet-stream")]
    [InlineData("report.html", "?view=page", "text/html")]
    [InlineData("REPORT.HTM", "?view=page", "text/html")]
    [InlineData("drawing.svg", "?view=page", "image/svg+xml")]
    [InlineData("page.xhtml", "?view=page", "application/octet-stream")]
    [InlineData("page.xml", "", "application/octet-stream")]
    [InlineData("notes.md", "?view=page", "text/plain")]
    public async Task A_stored_file_is_sandboxed_whatever_it_is_and_only_a_page_that_was_asked_for_is_one(string name, string query, string type)
    {
        var run = await server.CreateRunAsync();
        var path = new Uri($"/api/v1/runs/{run.Id}/files/{name}", UriKind.Relative);
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("<script>parent.tripped=1</script>"));
        (await server.Http.PutAsync(path, body)).EnsureSuccessStatusCode().Dispose();
        using var answer = await server.Http.GetAsync(new Uri(path + query, UriKind.Relative));
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Single(answer.Headers, "X-Content-Type-Options"));
        var policy = Single(answer.Headers, "Content-Security-Policy").Split("; ");
        Assert.Contains("sandbox", policy);
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'self'", policy);
        Assert.DoesNotContain(policy, part => part.StartsWith("script-src", StringComparison.Ordinal));
    }

    private static string Single(HttpResponseHeaders headers, string name) => Assert.Single(headers.GetValues(name));
}
