namespace Cairn.Wandb.Artifacts;

/// <summary>An upload in parts.</summary>
internal sealed record MultipartUpload(string Id, IReadOnlyList<UploadPart> Parts);

/// <summary>The MD5 of a content that came in parts, in base64; null where it was given up.</summary>
internal sealed record CompletedUpload(string? Digest);

/// <summary>A part of an upload, and where it is put.</summary>
internal sealed record UploadPart(long Number, string Url);
