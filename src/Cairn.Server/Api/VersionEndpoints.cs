using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class VersionEndpoints
{
    public static async Task Get(HttpContext http) => await WriteAsync(http, await FindAsync(http));

    public static async Task Delete(HttpContext http)
    {
        await Catalog(http).DeleteAsync(Bind.ArtifactKey(http), VersionReference.Parse(Bind.Route(http, "version")), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task Download(HttpContext http)
    {
        var version = await FindAsync(http);
        var path = RelativePath.Normalize(Bind.Route(http, "path"));
        var manifest = await Store(http).ReadManifestAsync(version.Key, version.Index, http.RequestAborted);
        var entry = manifest.FirstOrDefault(file => file.Path == path);
        if (entry == default)
        {
            throw CairnException.NotFound($"'{version.Key.Name}:{version.Label}' has no file '{path}'.");
        }

        await using var content = await http.RequestServices.GetRequiredService<IBlobStore>().OpenReadAsync(entry.Digest, http.RequestAborted)
            ?? throw new CairnException(ErrorCode.Internal, $"The content of '{path}' is missing from the store. Run 'cairn doctor'.");
        await Downloads.SendAsync(http, content, path, entry.Digest);
    }

    public static async Task MoveAlias(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.MoveAliasRequest>();
        var change = await Catalog(http).MoveAliasAsync(
            new AliasRequest(
                Bind.ArtifactKey(http),
                Bind.Route(http, "alias"),
                VersionReference.Parse(request.Version),
                ReadExpected(request.Expect),
                request.Who,
                request.Why,
                request.RunId is { } run ? RunId.Parse(run) : null),
            http.RequestAborted);
        await http.WriteJsonAsync(change.ToWire());
    }

    public static async Task RemoveAlias(HttpContext http)
    {
        var change = await Catalog(http).MoveAliasAsync(
            new AliasRequest(
                Bind.ArtifactKey(http),
                Bind.Route(http, "alias"),
                To: null,
                Who: Bind.Query(http, "who"),
                Why: Bind.Query(http, "why")),
            http.RequestAborted);
        await http.WriteJsonAsync(change.ToWire());
    }

    public static async Task WriteAsync(HttpContext http, ArtifactVersion version)
    {
        var cancellation = http.RequestAborted;
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        var runs = http.RequestServices.GetRequiredService<IRunStore>();
        var manifest = await Store(http).ReadManifestAsync(version.Key, version.Index, cancellation);
        var edges = await Store(http).ReadEdgesAsync(version.Key, version.Index, cancellation);
        await http.WriteJsonAsync(new Wire.VersionDetail(
            version.ToWire(await names.GetAsync(version.Key.ExperimentId, cancellation)),
            [.. manifest.Select(entry => new Wire.ManifestEntry(entry.Path, entry.Digest.Value, entry.Size))],
            await names.ToWireAsync(await runs.FindRunsAsync(RunsOf(edges, LineageDirection.Output), cancellation), cancellation),
            await names.ToWireAsync(await runs.FindRunsAsync(RunsOf(edges, LineageDirection.Input), cancellation), cancellation),
            await ModelEndpoints.FindVersionAsync(http, version),
            await ModelEndpoints.ReadAsync(http, manifest)));
    }

    private static List<RunId> RunsOf(IReadOnlyList<LineageEdge> edges, LineageDirection direction) =>
        [.. edges.Where(edge => edge.Direction == direction).Select(edge => edge.RunId)];

    public static ExpectedAlias? ReadExpected(string? expect)
    {
        if (expect is null)
        {
            return null;
        }

        return expect.Length == 0 ? new ExpectedAlias(null)
            : VersionReference.Parse(expect).Index is { } index ? new ExpectedAlias(index)
            : throw CairnException.Invalid("expect", "'expect' must be a version such as 'v3', or empty for 'points to nothing'.");
    }

    private static Task<ArtifactVersion> FindAsync(HttpContext http) =>
        Catalog(http).GetAsync(Bind.ArtifactKey(http), VersionReference.Parse(Bind.Route(http, "version")), http.RequestAborted);

    private static ArtifactCatalog Catalog(HttpContext http) => http.RequestServices.GetRequiredService<ArtifactCatalog>();

    private static IArtifactStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IArtifactStore>();
}
