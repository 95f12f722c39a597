namespace Cairn.Client.Wire;

/// <summary>Body of <c>POST /api/v1/gc</c>.</summary>
/// <param name="OlderThanMs">Only what has been deleted for so many milliseconds; 0 means everything that is deleted.</param>
/// <param name="DryRun">Only say what would be removed.</param>
public sealed record GarbageRequest(long OlderThanMs = 0, bool DryRun = false);

/// <summary>What was removed for good, or, in a dry run, would be.</summary>
/// <param name="Experiments">Deleted experiments. Those that still hold something, such as a registered model, stay.</param>
/// <param name="Runs">Deleted runs, with all they held.</param>
/// <param name="Blobs">Contents of files that nothing mentions any more.</param>
/// <param name="BlobBytes">Bytes of these.</param>
/// <param name="DatabaseBytes">Bytes by which the database became smaller; 0 in a dry run.</param>
/// <param name="DryRun">Nothing was removed.</param>
/// <param name="Uploads">Uploads in parts that nobody went on with for a day.</param>
/// <param name="UploadBytes">Bytes of their parts.</param>
/// <param name="PlainFiles">Files of what was removed in folders that the operator shares (--artifacts-destination).</param>
/// <param name="PlainBytes">Bytes of these.</param>
public sealed record GarbageReport(
    int Experiments,
    int Runs,
    int Blobs,
    long BlobBytes,
    long DatabaseBytes,
    bool DryRun,
    int Uploads = 0,
    long UploadBytes = 0,
    int PlainFiles = 0,
    long PlainBytes = 0);
