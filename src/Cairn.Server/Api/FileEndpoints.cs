using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class FileEndpoints
{
    private const string DigestHeader = "X-Cairn-Sha256";

    public static async Task List(HttpContext http)
    {
        var run = Bind.RunId(http);
        if ((await http.RequestServices.GetRequiredService<IRunStore>().FindRunsAsync([run], http.RequestAborted)).Count == 0)
        {
            throw CairnException.NotFound($"Run with id={run} not found");
        }

        var files = await Tree(http).ListAsync(FileOwner.Of(run), "", http.RequestAborted);
        await http.WriteJsonAsync(new Wire.RunFileList([.. files.Select(file => file.ToWire())]));
    }

    public static async Task Put(HttpContext http)
    {
        http.AllowAnySize();
        Digest? expected = http.Request.Headers.TryGetValue(DigestHeader, out var digest) ? Digest.Parse(digest, DigestHeader) : null;
        var file = await Tree(http).PutAsync(
            FileOwner.Of(Bind.RunId(http)),
            Bind.Route(http, "path"),
            http.Request.Body,
            expected,
            http.Request.ContentLength,
            http.RequestAborted);
        await http.WriteJsonAsync(file.ToWire());
    }

    public static async Task Get(HttpContext http)
    {
        var (file, content) = await Tree(http).OpenAsync(FileOwner.Of(Bind.RunId(http)), Bind.Route(http, "path"), http.RequestAborted);
        await using (content)
        {
            await Downloads.SendAsync(http, content, file.Path, file.Digest);
        }
    }

    public static async Task Delete(HttpContext http)
    {
        await Tree(http).DeleteAsync(FileOwner.Of(Bind.RunId(http)), Bind.Route(http, "path"), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static FileTree Tree(HttpContext http) => http.RequestServices.GetRequiredService<FileTree>();
}
