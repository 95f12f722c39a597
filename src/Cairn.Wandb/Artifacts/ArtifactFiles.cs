using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Wandb.Files;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>The files of versions, and where they are put and read.</summary>
internal static class ArtifactFiles
{
    /// <summary>First segments of the signed addresses that are the artifacts'.</summary>
    public const string Upload = "artifact";

    public const string Manifest = "manifest";

    public const string Blob = "blob";

    /// <summary>The name of a content in W&amp;B's own storage, which clients only give back.</summary>
    public static string StoragePath(string md5) => $"wandb_artifacts/{Md5Text.ToBase64(md5)}";

    /// <summary>Files and references of a version, ordered by path.</summary>
    public static async ValueTask<IReadOnlyList<FileNode>> ListAsync(
        WandbRequest request,
        VersionCard version,
        IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        var services = request.Services;
        var manifest = await services.ArtifactStore.ReadManifestAsync(version.Version.Key, version.Version.Index, cancellationToken);
        var wanted = names.Count == 0 ? null : names.ToHashSet(StringComparer.Ordinal);
        var entries = manifest.Where(entry => wanted is null || wanted.Contains(entry.Path)).ToList();
        var hashes = await services.Drafts.HashAsync([.. entries.Select(entry => entry.Digest).Distinct()], cancellationToken);
        var id = ArtifactIds.Of(version);
        var files = entries.ConvertAll(entry =>
        {
            var url = request.Services.Links.Make(request.BaseUrl, "get", $"{Blob}/{entry.Digest}/{entry.Path}");
            var md5 = Md5Text.ToBase64(hashes[entry.Digest].Md5);
            return new FileNode
            {
                Id = FileId(id, entry.Path),
                Name = entry.Path,
                Size = entry.Size,
                Url = url,
                DirectUrl = url,
                Md5 = md5,
                StoragePath = StoragePath(hashes[entry.Digest].Md5),
                UpdatedAt = version.Version.CreatedAt,
                ArtifactId = id,
            };
        });

        // References stand among the files: clients go through the list and fetch those themselves from where they lie.
        files.AddRange((await services.CollectionStore.ReadReferencesAsync(version.VersionId, cancellationToken))
            .Where(reference => wanted is null || wanted.Contains(reference.Path))
            .Select(reference => new FileNode
            {
                Id = FileId(id, reference.Path),
                Name = reference.Path,
                Size = reference.Size ?? 0,
                Url = reference.Uri,
                DirectUrl = reference.Uri,
                Md5 = reference.Digest,
                StoragePath = reference.Uri,
                UpdatedAt = version.Version.CreatedAt,
                ArtifactId = id,
            }));
        files.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return files;
    }

    /// <summary>Handles for files that a client wants to upload; those whose bytes are here have no address.</summary>
    public static FileNode ToUpload(WandbRequest request, Draft draft, string name, string md5, bool isKnown)
    {
        var base64 = Md5Text.ToBase64(md5);
        return new FileNode
        {
            Id = FileId(ArtifactIds.OfDraft(draft.Id), name),
            Name = name,
            Md5 = base64,
            StoragePath = StoragePath(md5),
            UploadUrl = isKnown ? null : request.Services.Links.Make(request.BaseUrl, "put", $"{Upload}/{draft.Id}/{md5}/{name}"),
            UploadHeaders = isKnown ? [] : [$"Content-MD5:{base64}", "Content-Type:application/octet-stream"],
            ArtifactId = ArtifactIds.OfDraft(draft.Id),
        };
    }

    public static ManifestNode ToUpload(WandbRequest request, DraftManifest manifest)
    {
        const string name = "wandb_manifest.json";
        var id = ArtifactIds.OfManifest(manifest.Id);
        var base64 = manifest.Md5 is { } md5 ? Md5Text.ToBase64(md5) : null;
        return new ManifestNode(
            id,
            new FileNode
            {
                Id = FileId(id, name),
                Name = name,
                Md5 = base64,
                UploadUrl = request.Services.Links.Make(request.BaseUrl, "put", $"{Manifest}/{manifest.Id}"),
                UploadHeaders = [.. base64 is null ? Array.Empty<string>() : [$"Content-MD5:{base64}"], "Content-Type:application/json"],
                MimeType = "application/json",
            },
            base64);
    }

    public static ManifestNode ManifestOf(WandbRequest request, VersionCard version)
    {
        const string name = "wandb_manifest.json";
        var id = ArtifactIds.ManifestOf(version);
        var url = request.Services.Links.Make(request.BaseUrl, "get", $"{Manifest}/v{version.VersionId}");
        return new ManifestNode(id, new FileNode { Id = FileId(id, name), Name = name, Url = url, DirectUrl = url, MimeType = "application/json" }, null);
    }

    private static string FileId(string owner, string name) => NodeId.Of("ArtifactFile", $"{owner}:{name}");
}
