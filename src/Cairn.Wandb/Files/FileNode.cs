using Cairn.Core.Files;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Files;

/// <summary>A file on the wire, of a run or of an artifact.</summary>
internal sealed record FileNode
{
    public required string Id { get; init; }

    /// <summary>The whole path.</summary>
    public required string Name { get; init; }

    /// <summary>Where the bytes are got with the client's key.</summary>
    public string? Url { get; init; }

    /// <summary>Where the bytes are got without one.</summary>
    public string? DirectUrl { get; init; }

    /// <summary>Where the bytes are put without a key; null where they are not wanted.</summary>
    public string? UploadUrl { get; init; }

    /// <summary>What a client repeats with the bytes: "Name:Value".</summary>
    public IReadOnlyList<string> UploadHeaders { get; init; } = [];

    public long? Size { get; init; }

    /// <summary>Unix milliseconds; null for a file that is not there yet.</summary>
    public long? UpdatedAt { get; init; }

    /// <summary>Base64, as everywhere on this wire; null where it is not known.</summary>
    public string? Md5 { get; init; }

    public string? StoragePath { get; init; }

    public string MimeType { get; init; } = "application/octet-stream";

    /// <summary>Node id of the artifact it belongs to, or null.</summary>
    public string? ArtifactId { get; init; }

    /// <summary>Where its parts are put; null for one piece.</summary>
    public Artifacts.MultipartUpload? Parts { get; init; }

    /// <summary>A file of a run; <paramref name="file"/> is null where it is still to be uploaded.</summary>
    public static FileNode Of(WandbRequest request, SignedLinks links, RunNode run, string name, StoredFile? file)
    {
        var path = $"{run.Project.Entity.Name}/{run.Project.Name}/{run.Name}/{name}";
        var signed = $"run/{run.Run.Id}/{name}";
        return new FileNode
        {
            Id = NodeId.Of("RunFile", $"{run.Run.Id}:{name}"),
            Name = name,
            Url = $"{request.BaseUrl}/files/{SignedLinks.Escape(path)}",
            DirectUrl = links.Make(request.BaseUrl, "get", signed),
            UploadUrl = links.Make(request.BaseUrl, "put", signed),
            Size = file?.Size,
            UpdatedAt = file?.UpdatedAt,
        };
    }
}
