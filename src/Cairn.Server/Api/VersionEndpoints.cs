using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
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
    public static async Task Get(HttpContext http)
    {
        var key = Bind.ArtifactKey(http);
        if (await Portfolios.FindAsync(http, key) is { } portfolio)
        {
            var (place, version) = await Portfolios.FindAsync(http, portfolio, Bind.Version(Bind.Route(http, "version")));
            await WriteAsync(http, version, info => Portfolios.Placed(info, place));
        }
        else
        {
            await WriteAsync(http, await FindAsync(http));
        }
    }

    public static async Task Delete(HttpContext http)
    {
        await Catalog(http).DeleteAsync(Bind.ArtifactKey(http), Bind.Version(Bind.Route(http, "version")), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task Download(HttpContext http)
    {
        var key = Bind.ArtifactKey(http);
        var version = await Portfolios.FindAsync(http, key) is { } portfolio
            ? (await Portfolios.FindAsync(http, portfolio, Bind.Version(Bind.Route(http, "version")))).Version
            : await FindAsync(http);
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
                Bind.Alias(http),
                Bind.Version(request.Version),
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
                Bind.Alias(http),
                To: null,
                Who: Bind.Query(http, "who"),
                Why: Bind.Query(http, "why")),
            http.RequestAborted);
        await http.WriteJsonAsync(change.ToWire());
    }

    public static async Task WriteAsync(HttpContext http, ArtifactVersion version, Func<Wire.VersionInfo, Wire.VersionInfo>? shownAs = null)
    {
        var cancellation = http.RequestAborted;
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        var runs = http.RequestServices.GetRequiredService<IRunStore>();
        var manifest = await Store(http).ReadManifestAsync(version.Key, version.Index, cancellation);
        var edges = await Store(http).ReadEdgesAsync(version.Key, version.Index, cancellation);
        var info = version.ToWire(await names.GetAsync(version.Key.ExperimentId, cancellation));
        await http.WriteJsonAsync(new Wire.VersionDetail(
            shownAs?.Invoke(info) ?? info,
            [.. manifest.Select(entry => new Wire.ManifestEntry(entry.Path, entry.Digest.Value, entry.Size))],
            await names.ToWireAsync(await runs.FindRunsAsync(RunsOf(edges, LineageDirection.Output), cancellation), cancellation),
            await names.ToWireAsync(await runs.FindRunsAsync(RunsOf(edges, LineageDirection.Input), cancellation), cancellation),
            await ModelEndpoints.FindVersionAsync(http, version),
            await ModelEndpoints.ReadAsync(http, manifest),
            await ReferencesAsync(http, version)));
    }

    private static async Task<IReadOnlyList<Wire.ReferenceInfo>?> ReferencesAsync(HttpContext http, ArtifactVersion version)
    {
        var collections = http.RequestServices.GetRequiredService<ICollectionStore>();
        var card = await collections.FindAsync(version.Key, new VersionReference(version.Index, null), http.RequestAborted);
        var references = card is null ? [] : await collections.ReadReferencesAsync(card.VersionId, http.RequestAborted);
        return references.Count == 0 ? null : [.. references.Select(reference => new Wire.ReferenceInfo(reference.Path, reference.Uri, reference.Digest, reference.Size))];
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
            : Bind.Version(expect).Index is { } index ? new ExpectedAlias(index)
            : throw CairnException.Invalid("expect", "'expect' must be a version such as 'v3', or empty for 'points to nothing'.");
    }

    private static Task<ArtifactVersion> FindAsync(HttpContext http) =>
        Catalog(http).GetAsync(Bind.ArtifactKey(http), Bind.Version(Bind.Route(http, "version")), http.RequestAborted);

    private static ArtifactCatalog Catalog(HttpContext http) => http.RequestServices.GetRequiredService<ArtifactCatalog>();

    private static IArtifactStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IArtifactStore>();
}
