using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>Requests that are wrong, each with the status and the field its answer must name; and nothing of them is kept.</summary>
public sealed class BadRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly string Long = new('x', 1_000_000);
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData("hello"u8));

    public static TheoryData<string, string, int, string> Updates => new()
    {
        { "not JSON", "{", 400, "" },
        { "an empty body", "", 400, "" },
        { "null", "null", 400, "" },
        { "an array", "[]", 400, "" },
        { "a text", "\"x\"", 400, "" },
        { "points that are no list", """{"points":{}}""", 400, "points" },
        { "a point that is null", """{"points":[null]}""", 400, "points[0]" },
        { "a point without key", """{"points":[{"value":1}]}""", 400, "points[0]" },
        { "a point without value", """{"points":[{"key":"a"}]}""", 400, "points[0]" },
        { "a value that is a word", """{"points":[{"key":"a","value":"much"}]}""", 400, "points[0].value" },
        { "a value that is null", """{"points":[{"key":"a","value":null}]}""", 400, "points[0].value" },
        { "a value that is a list", """{"points":[{"key":"a","value":[1]}]}""", 400, "points[0].value" },
        { "a bare NaN", """{"points":[{"key":"a","value":NaN}]}""", 400, "points[0].value" },
        { "a bare Infinity", """{"points":[{"key":"a","value":Infinity}]}""", 400, "points[0].value" },
        { "a step with a fraction", """{"points":[{"key":"a","value":1,"step":1.5}]}""", 400, "points[0].step" },
        { "a step that is a text", """{"points":[{"key":"a","value":1,"step":"1"}]}""", 400, "points[0].step" },
        { "a step beyond 64 bits", """{"points":[{"key":"a","value":1,"step":99999999999999999999}]}""", 400, "points[0].step" },
        { "a time with a fraction", """{"points":[{"key":"a","value":1,"time":0.5}]}""", 400, "points[0].time" },
        { "the second of two points", """{"points":[{"key":"good","value":1},{"key":"a","value":"x"}]}""", 400, "points[1].value" },
        { "an empty key", """{"points":[{"key":"good","value":1},{"key":"","value":1}]}""", 400, "points[1].key" },
        { "a key with a line end", """{"points":[{"key":"a\nb","value":1}]}""", 400, "points[0].key" },
        { "a key with NUL", """{"points":[{"key":"a\u0000b","value":1}]}""", 400, "points[0].key" },
        { "a key of a megabyte", $$"""{"points":[{"key":"{{Long}}","value":1}]}""", 400, "points[0].key" },
        { "a key with half a surrogate pair", """{"points":[{"key":"a\ud800","value":1}]}""", 400, "points[0].key" },
        { "params that are a list", """{"params":[]}""", 400, "params" },
        { "an empty param name", """{"params":{"":1}}""", 400, "params." },
        { "a param name of a megabyte", $$$"""{"params":{"{{{Long}}}":1}}""", 400, "params." },
        { "a param value of a megabyte", $$$"""{"params":{"a":"{{{Long}}}"}}""", 400, "params.a" },
        { "a param twice", """{"params":{"a":1,"a":2}}""", 400, "params" },
        { "a param twice, once nested", """{"params":{"a.b":1,"a":{"b":2}}}""", 400, "params" },
        { "params nested too deep", $$$"""{"params":{"a":{{{string.Concat(Enumerable.Repeat("{\"a\":", 50))}}}1{{{new string('}', 50)}}}}}""", 400, "a." },
        { "a param that changes", """{"params":{"fixed":"other"},"points":[{"key":"good","value":1}]}""", 400, "params.fixed" },
        { "tags that are a list", """{"tags":[1]}""", 400, "tags" },
        { "a tag that is a number", """{"tags":{"a":1}}""", 400, "tags.a" },
        { "an empty tag name", """{"tags":{"":"a"}}""", 400, "tags" },
        { "a tag value of a megabyte", $$$"""{"tags":{"a":"{{{Long}}}"}}""", 400, "tags.a" },
        { "a summary that is a list", """{"summary":[]}""", 400, "summary" },
        { "an empty summary name", """{"summary":{"":1}}""", 400, "summary." },
        { "an unknown status", """{"status":"done"}""", 400, "status" },
        { "a status that is a number", """{"status":3}""", 400, "status" },
        { "an end that is a text", """{"endedAt":"now"}""", 400, "endedAt" },
        { "a name of a megabyte", $$"""{"name":"{{Long}}"}""", 400, "name" },
        { "a name with a line end", """{"name":"a\nb"}""", 400, "name" },
        { "a log line without text", """{"logs":[{"line":0}]}""", 400, "logs[0]" },
        { "a log line before the first", """{"logs":[{"line":-1,"text":"a"}]}""", 400, "logs[0].line" },
        { "a log line far beyond all", """{"logs":[{"line":1000000000,"text":"a"}]}""", 400, "logs[0].line" },
        { "a log line of a megabyte", $$"""{"logs":[{"line":0,"text":"{{Long}}"}]}""", 400, "logs[0].text" },
        { "a log stream that is none", """{"logs":[{"line":0,"text":"a","stream":"both"}]}""", 400, "logs[0].stream" },
        { "media outside of the run", """{"media":[{"key":"a","step":0,"time":0,"kind":"image","path":"../a.png"}]}""", 400, "media[0].path" },
        { "media of an unknown kind", """{"media":[{"key":"a","step":0,"time":0,"kind":"hologram","path":"a"}]}""", 400, "media[0].kind" },
        { "media without a path", """{"media":[{"key":"a","step":0,"time":0,"kind":"image"}]}""", 400, "media[0]" },
    };

    [Theory]
    [MemberData(nameof(Updates))]
    public async Task An_update_that_is_wrong_is_refused_by_field_and_leaves_nothing(string what, string body, int status, string field)
    {
        Assert.NotEmpty(what);
        var run = await server.CreateRunAsync();
        await ServerFixture.ReadAsync<RunInfo>(await server.PostAsync("/api/v1/runs", $$"""{"id":"{{run.Id}}"}"""));
        (await server.PostAsync($"/api/v1/runs/{run.Id}/updates", """{"params":{"fixed":"value"}}""")).EnsureSuccessStatusCode();
        await AssertRefusedAsync(await server.PostAsync($"/api/v1/runs/{run.Id}/updates", body), status, field);

        var detail = await server.GetAsync<RunDetail>($"/api/v1/runs/{run.Id}");
        Assert.Empty(detail.Metrics);
        Assert.Equal(["fixed"], detail.Params.Keys);
        Assert.Empty(detail.Tags);
        Assert.Equal(0, detail.LogLines);
        Assert.Equal(("running", run.Name), (detail.Run.Status, detail.Run.Name));
    }

    public static TheoryData<string, string, int, string> Posts => new()
    {
        { "/api/v1/experiments", "{}", 400, "" },
        { "/api/v1/experiments", """{"name":""}""", 400, "name" },
        { "/api/v1/experiments", """{"name":"   "}""", 400, "name" },
        { "/api/v1/experiments", """{"name":null}""", 400, "name" },
        { "/api/v1/experiments", """{"name":5}""", 400, "name" },
        { "/api/v1/experiments", $$"""{"name":"{{Long}}"}""", 400, "name" },
        { "/api/v1/experiments", """{"name":"a\u0000b"}""", 400, "name" },
        { "/api/v1/experiments", """{"name":"a\ud800"}""", 400, "name" },
        { "/api/v1/experiments/0/restoration", "{}", 404, "" },
        { "/api/v1/runs", """{"id":"short"}""", 400, "id" },
        { "/api/v1/runs", """{"id":"0123456789ABCDEF0123456789ABCDEF"}""", 400, "id" },
        { "/api/v1/runs", """{"parentId":"../x"}""", 400, "parentId" },
        { "/api/v1/runs", """{"experimentId":"77777"}""", 404, "" },
        { "/api/v1/runs", """{"startedAt":"yesterday"}""", 400, "startedAt" },
        { "/api/v1/runs", """{"params":{"a":{"":1}}}""", 400, "params" },
        { "/api/v1/runs/0123456789abcdef0123456789abcdef/updates", "{}", 404, "" },
        { "/api/v1/runs/x/updates", "{}", 404, "" },
        { "/api/v1/runs/0123456789abcdef0123456789abcdef/inputs", """{"artifact":"a:latest"}""", 404, "" },
        { "/api/v1/blobs/missing", """{"digests":["abc"]}""", 400, "digests[0]" },
        { "/api/v1/blobs/missing", """{"digests":"abc"}""", 400, "digests" },
        { "/api/v1/artifacts/versions", "{}", 400, "" },
        { "/api/v1/artifacts/versions", """{"name":"a","type":"dataset","manifest":[]}""", 400, "manifest" },
        { "/api/v1/artifacts/versions", """{"name":"a","type":"dataset","manifest":[{"path":"a","digest":"zz","size":1}]}""", 400, "manifest[0].digest" },
        { "/api/v1/artifacts/versions", $$"""{"name":"a","type":"dataset","manifest":[{"path":"a","digest":"{{new string('0', 64)}}","size":1}]}""", 412, "manifest" },
        { "/api/v1/artifacts/versions", $$"""{"name":"../a","type":"dataset","manifest":[{"path":"a","digest":"{{Hash}}","size":5}]}""", 400, "name" },
        { "/api/v1/artifacts/versions", $$"""{"name":"a","type":"","manifest":[{"path":"a","digest":"{{Hash}}","size":5}]}""", 400, "type" },
        { "/api/v1/artifacts/versions", $$"""{"name":"a","type":"dataset","manifest":[{"path":"../a","digest":"{{Hash}}","size":5}]}""", 400, "manifest[0].path" },
        { "/api/v1/artifacts/versions", $$"""{"name":"a","type":"dataset","manifest":[{"path":"a","digest":"{{Hash}}","size":6}]}""", 400, "manifest" },
        { "/api/v1/artifacts/versions", $$"""{"name":"a","type":"dataset","manifest":[{"path":"a","digest":"{{Hash}}","size":5},{"path":"a/","digest":"{{Hash}}","size":5}]}""", 400, "manifest" },
        { "/api/v1/artifacts/versions", $$"""{"name":"a","type":"dataset","aliases":["v7"],"manifest":[{"path":"a","digest":"{{Hash}}","size":5}]}""", 400, "alias" },
        { "/api/v1/artifacts/versions", $$"""{"name":"a","type":"dataset","metadata":[1],"manifest":[{"path":"a","digest":"{{Hash}}","size":5}]}""", 400, "metadata" },
    };

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_request_that_is_wrong_is_refused_by_field(string path, string body, int status, string field)
    {
        using (var content = new ByteArrayContent("hello"u8.ToArray()))
        {
            (await server.Http.PutAsync(new Uri($"/api/v1/blobs/{Hash}", UriKind.Relative), content)).EnsureSuccessStatusCode();
        }

        await AssertRefusedAsync(await server.PostAsync(path, body), status, field);
        Assert.Empty((await server.GetAsync<ArtifactList>("/api/v1/artifacts")).Artifacts);
    }

    [Theory]
    [InlineData("/api/v1/runs?limit=0", 400, "limit")]
    [InlineData("/api/v1/runs?limit=many", 400, "limit")]
    [InlineData("/api/v1/runs?pageToken=%21", 400, "pageToken")]
    [InlineData("/api/v1/runs?state=gone", 400, "state")]
    [InlineData("/api/v1/runs?experiment=no-such-experiment", 404, "")]
    [InlineData("/api/v1/runs?filter=metrics.a%20%3E%20%27x%27", 400, "")]
    [InlineData("/api/v1/runs?filter=%27%20OR%201%3D1%20--", 400, "")]
    [InlineData("/api/v1/runs?orderBy=sideways", 400, "")]
    [InlineData("/api/v1/runs/0123456789abcdef0123456789abcdef", 404, "")]
    [InlineData("/api/v1/runs/..%2f..%2fetc", 404, "")]
    [InlineData("/api/v1/runs/0123456789abcdef0123456789abcdef/files", 404, "")]
    [InlineData("/api/v1/runs/0123456789abcdef0123456789abcdef/series?key=a", 404, "")]
    [InlineData("/api/v1/runs/0123456789abcdef0123456789abcdef/series", 400, "key")]
    [InlineData("/api/v1/runs/0123456789abcdef0123456789abcdef/logs?tail=-1", 400, "tail")]
    [InlineData("/api/v1/experiments/abc", 404, "")]
    [InlineData("/api/v1/artifacts/0/none", 404, "")]
    [InlineData("/api/v1/artifacts/0/none/versions/v0", 404, "")]
    [InlineData("/api/v1/artifacts/resolve", 400, "ref")]
    [InlineData("/api/v1/artifacts/resolve?ref=:latest", 400, "ref")]
    [InlineData("/api/v1/blobs/abc", 400, "sha256")]
    [InlineData("/api/v1/lineage", 400, "run")]
    [InlineData("/api/v1/lineage?version=a", 400, "version")]
    [InlineData("/api/v1/lineage?run=0123456789abcdef0123456789abcdef", 404, "")]
    [InlineData("/api/v1/nothing-here", 404, "")]
    public async Task A_question_that_is_wrong_is_refused_by_field(string path, int status, string field) =>
        await AssertRefusedAsync(await server.Http.GetAsync(new Uri(path, UriKind.Relative)), status, field);

    [Theory]
    [InlineData("%2e%2e%2fsecret")]
    [InlineData("a%2f..%2f..%2fsecret")]
    [InlineData("%252e%252e%252fsecret")]
    [InlineData("a%5c..%5csecret")]
    [InlineData("C:%5csecret")]
    [InlineData("a%00b")]
    [InlineData("file:%2f%2f%2fetc%2fpasswd")]
    public async Task A_file_name_that_could_leave_its_folder_is_refused(string path)
    {
        var run = await server.CreateRunAsync();
        using var content = new ByteArrayContent([1]);
        var answer = await server.Http.PutAsync(new Uri($"/api/v1/runs/{run.Id}/files/{path}", UriKind.Relative), content);

        // Some of these a client or the HTTP server already takes apart; whatever is left of them must not be stored.
        Assert.Contains((int)answer.StatusCode, new[] { 400, 404 });
        Assert.Empty((await server.GetAsync<RunFileList>($"/api/v1/runs/{run.Id}/files")).Files);
    }

    [Fact]
    public async Task Content_with_another_digest_is_refused_and_not_kept()
    {
        using var content = new ByteArrayContent("other"u8.ToArray());
        var digest = new string('1', 64);
        await AssertRefusedAsync(await server.Http.PutAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), content), 400, "digest");
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task An_upload_that_is_cut_leaves_nothing()
    {
        var run = await server.CreateRunAsync();
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            await socket.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /api/v1/runs/{run.Id}/files/cut.bin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nonly this"));
        }

        Assert.Empty((await server.GetAsync<RunFileList>($"/api/v1/runs/{run.Id}/files")).Files);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_a_page_of_another_site_could_post_is_refused(string type)
    {
        using var body = new StringContent("{}", Encoding.UTF8, type);
        await AssertRefusedAsync(await server.Http.PostAsync(new Uri("/api/v1/runs", UriKind.Relative), body), 415, "");
    }

    [Theory]
    [InlineData("Host", "evil.example.com")]
    [InlineData("Origin", "http://evil.example.com")]
    [InlineData("Origin", "null")]
    public async Task Requests_under_a_foreign_name_or_from_a_foreign_page_are_refused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/experiments", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);
        var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, int status, string field)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} {text}");
            var error = JsonSerializer.Deserialize(text, CairnJson.Default.ErrorResponse)!.Error;
            Assert.NotEmpty(error.Message);
            Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
            if (field.Length > 0)
            {
                Assert.StartsWith(field, error.Field ?? "", StringComparison.Ordinal);
            }
        }
    }
}
