namespace Cairn.Client;

/// <summary>How far a transfer of files has come.</summary>
/// <param name="Phase">What is going on.</param>
/// <param name="BytesDone">Bytes dealt with in this phase. It may step back when a broken transfer starts again.</param>
/// <param name="BytesTotal">Bytes this phase deals with. What the other side has already is not among them.</param>
/// <param name="FilesDone">Files dealt with in this phase.</param>
/// <param name="FilesTotal">Files this phase deals with.</param>
public readonly record struct TransferProgress(
    TransferPhase Phase, long BytesDone, long BytesTotal, int FilesDone, int FilesTotal);

/// <summary>The parts of a transfer, in their order.</summary>
public enum TransferPhase
{
    /// <summary>Local files are read and their digests computed.</summary>
    Hashing,

    /// <summary>Bytes go to the server.</summary>
    Uploading,

    /// <summary>Bytes come from the server.</summary>
    Downloading,
}
