using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Models;
using Cairn.Mlflow.Artifacts;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Registry;

/// <summary>
/// The files of versions, as MLflow's clients see them: behind the artifact proxy at
/// <c>cairn/versions/EXPERIMENT/NAME/vINDEX/…</c>, where nothing can be written, and by the version of a model.
/// </summary>
internal sealed class VersionFiles(ModelRegistry registry, IArtifactStore artifacts, IBlobStore blobs, FileTree files, SourceResolver sources)
{
    private const string Root = ArtifactPlace.VersionFolder;

    /// <summary>From where a client loads a version.</summary>
    public static string DownloadUriOf(ModelVersion version) => version.Location ?? version.Source ?? UriOf(version);

    public static string UriOf(ModelVersion version) => ArtifactPlace.OfVersion(version.Version.Key, version.Version.Index);

    public static bool Owns(string proxyPath) => proxyPath.StartsWith(Root, StringComparison.Ordinal);

    public static CairnException ReadOnly() =>
        new(ErrorCode.Forbidden, $"What is under '{Root}' are the files of versions, which do not change.");

    /// <summary>What lies in a folder behind the proxy that this owns.</summary>
    public async Task<FolderListing> ListAsync(string proxyPath, CancellationToken cancellationToken)
    {
        var listing = new FolderListing();
        if (await FindAsync(proxyPath, cancellationToken) is var (_, manifest, folder))
        {
            var inside = manifest.Where(entry => folder.Length == 0 || entry.Path == folder || entry.Path.StartsWith(folder + "/", StringComparison.Ordinal));
            listing.Add(FolderEntry.In([.. inside.Select(entry => new StoredFile(entry.Path, entry.Digest, entry.Size, UpdatedAt: 0))], folder));
        }

        return listing;
    }

    /// <summary>Sends a file behind the proxy that this owns.</summary>
    public async Task SendAsync(HttpContext context, string proxyPath)
    {
        var found = await FindAsync(proxyPath, context.RequestAborted);
        await SendAsync(context, found?.Manifest ?? [], found?.Path ?? proxyPath);
    }

    /// <summary><c>/model-versions/get-artifact?name=&amp;version=&amp;path=</c>.</summary>
    public async Task GetArtifactAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, number) = (fields.RequiredText("name"), RegistryFields.Version(fields.RequiredText("version")));
        var path = RelativePath.Normalize(fields.RequiredText("path"));
        var version = await registry.GetVersionAsync(name, number, context.RequestAborted);
        var manifest = await registry.ReadManifestAsync(version, context.RequestAborted);
        if (manifest.Count == 0 && (await sources.ResolveAsync(DownloadUriOf(version), context.RequestAborted)).Files is { } place)
        {
            await Download.SendAsync(context, files, place.Owner, place.Folder.Length == 0 ? path : $"{place.Folder}/{path}");
            return;
        }

        await SendAsync(context, manifest, path);
    }

    private async Task SendAsync(HttpContext context, IReadOnlyList<ManifestEntry> manifest, string path)
    {
        var entry = manifest.FirstOrDefault(file => file.Path == path);
        if (entry == default)
        {
            throw new CairnException(ErrorCode.NotFound, $"No such artifact: '{path}'", "path");
        }

        await using var content = await blobs.OpenReadAsync(entry.Digest, context.RequestAborted)
            ?? throw new CairnException(ErrorCode.Internal, $"The content of '{path}' is missing from the store. Run 'cairn doctor'.");
        await Download.SendAsync(context, content, new StoredFile(entry.Path, entry.Digest, entry.Size, UpdatedAt: 0));
    }

    private async Task<(ArtifactKey Key, IReadOnlyList<ManifestEntry> Manifest, string Path)?> FindAsync(string proxyPath, CancellationToken cancellationToken)
    {
        var parts = proxyPath[Root.Length..].Split('/', 4);
        if (parts.Length < 3 || !ExperimentId.TryParse(parts[0], out var experiment) || VersionReference.Parse(parts[2]).Index is not { } index)
        {
            return null;
        }

        var key = new ArtifactKey(experiment, parts[1]);
        return await artifacts.FindVersionAsync(key, new VersionReference(index, null), cancellationToken) is null
            ? null
            : (key, await artifacts.ReadManifestAsync(key, index, cancellationToken), parts.Length > 3 ? parts[3].TrimEnd('/') : "");
    }
}
