using System.Globalization;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Files;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Mlflow.Artifacts;

namespace Cairn.Mlflow.Registry;

/// <summary>
/// What a source means to this server: files it has (of a run, of another version), or nothing it knows. It asks only the
/// server's own store; a source elsewhere stays a reference.
/// </summary>
internal sealed class SourceResolver(ModelRegistry registry, LoggedModelPlaces models, IRunStore runs, ProxyPaths paths)
{
    private const string Runs = "runs:/";
    private const string Models = "models:/";

    public async Task<ResolvedSource> ResolveAsync(string source, CancellationToken cancellationToken)
    {
        if (source.StartsWith(Models, StringComparison.Ordinal))
        {
            return await models.FindAsync(source[Models.Length..].Trim('/'), cancellationToken) is var (model, uri)
                ? new ResolvedSource(Location: uri, Files: await PlaceAsync(uri, cancellationToken), RunText: model.SourceRunId)
                : await FindVersionAsync(source, cancellationToken);
        }

        if (source.StartsWith(Runs, StringComparison.Ordinal))
        {
            var parts = source[Runs.Length..].TrimStart('/').Split('/', 2);
            return RunId.TryParse(parts[0], out var id) && (await runs.FindRunsAsync([id], cancellationToken)).Count > 0
                ? new ResolvedSource(Files: Place(FileOwner.Of(id), parts.Length > 1 ? parts[1] : ""))
                : new ResolvedSource();
        }

        return new ResolvedSource(Files: await PlaceAsync(source, cancellationToken));
    }

    private async Task<FilePlace?> PlaceAsync(string uri, CancellationToken cancellationToken) =>
        await paths.LocatePlaceAsync(uri, cancellationToken) is var (owner, inside) ? Place(owner, inside) : null;

    /// <summary><c>models:/name/3</c>, <c>models:/name@alias</c> or <c>models:/name/latest</c>: a copy of that version.</summary>
    private async Task<ResolvedSource> FindVersionAsync(string source, CancellationToken cancellationToken)
    {
        var text = source[Models.Length..].TrimStart('/');
        var slash = text.LastIndexOf('/');
        var at = text.LastIndexOf('@');
        var (name, reference) =
            slash > 0 && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (text[..slash], new VersionReference(number - 1, null))
            : slash > 0 && text[(slash + 1)..].Equals(ArtifactCatalog.Latest, StringComparison.OrdinalIgnoreCase) ? (text[..slash], VersionReference.Latest)
            : slash < 0 && at > 0 ? (text[..at], new VersionReference(null, text[(at + 1)..]))
            : throw CairnException.Invalid("source", $"Not a proper models:/ URI: {source}. Use models:/name/version or models:/name@alias.");
        var version = await registry.FindVersionAsync(name, reference, cancellationToken)
            ?? throw CairnException.Invalid("source", $"Unable to fetch model from model URI source artifact location '{source}'. There is no such version.");
        return new ResolvedSource(
            Location: VersionFiles.DownloadUriOf(version),
            Manifest: await registry.ReadManifestAsync(version, cancellationToken));
    }

    private static FilePlace? Place(FileOwner owner, string folder)
    {
        var clean = Clean(folder);

        // All that ever went through the proxy is nobody's model.
        return clean.Length == 0 && (owner == ProxyPaths.Elsewhere || owner == FileOwner.Root) ? null : new FilePlace(owner, clean);
    }

    private static string Clean(string path) => string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>What was found of a source.</summary>
/// <param name="Location">The URI to load it from, where that is another.</param>
/// <param name="Files">Where its files are.</param>
/// <param name="Manifest">The files of the version it names.</param>
/// <param name="RunText">The run that made the logged model it names.</param>
internal sealed record ResolvedSource(
    string? Location = null,
    FilePlace? Files = null,
    IReadOnlyList<ManifestEntry>? Manifest = null,
    string? RunText = null);
