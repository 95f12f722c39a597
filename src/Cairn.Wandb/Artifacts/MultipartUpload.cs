namespace Cairn.Wandb.Artifacts;

/// <summary>An upload in parts.</summary>
internal sealed record MultipartUpload(string Id, IReadOnlyList<UploadPart> Parts);

/// <summary>A part of an upload, and where it is put.</summary>
internal sealed record UploadPart(long Number, string Url);
