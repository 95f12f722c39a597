using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class BlobEndpoints
{
    private const int MostDigests = 10_000;

    public static async Task FindMissing(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.MissingBlobsRequest>();
        if (request.Digests.Count > MostDigests)
        {
            throw CairnException.Invalid("digests", $"'digests' has {request.Digests.Count} entries; ask for at most {MostDigests} at a time.");
        }

        var digests = request.Digests.Select((digest, i) => Digest.Parse(digest, $"digests[{i}]"));
        var missing = await http.RequestServices.GetRequiredService<ArtifactCatalog>().FindMissingAsync(digests, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.MissingBlobsResponse([.. missing.Select(digest => digest.Value)]));
    }

    public static async Task Put(HttpContext http)
    {
        http.AllowAnySize();
        var digest = Digest.Parse(Bind.Route(http, "sha256"), "sha256");
        await Blobs(http).WriteAsync(http.Request.Body, digest, http.Request.ContentLength, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task Get(HttpContext http)
    {
        var digest = Digest.Parse(Bind.Route(http, "sha256"), "sha256");
        await using var content = await Blobs(http).OpenReadAsync(digest, http.RequestAborted)
            ?? throw CairnException.NotFound($"There is no content {digest}.");
        await Downloads.SendAsync(http, content, digest.Value, digest);
    }

    private static IBlobStore Blobs(HttpContext http) => http.RequestServices.GetRequiredService<IBlobStore>();
}
