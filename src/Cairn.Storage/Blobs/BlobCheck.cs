using Cairn.Core;
using Cairn.Core.Blobs;

namespace Cairn.Storage.Blobs;

/// <summary>Is what arrived what was announced, and did the disk take it?</summary>
internal static class BlobCheck
{
    public static void Check(Blob blob, Digest? expected, long? expectedLength)
    {
        if (expectedLength is { } length && length != blob.Length)
        {
            throw CairnException.Invalid("content", $"{blob.Length} bytes arrived where {length} were announced: the upload was cut. Send it again.");
        }

        if (expected is { } digest && digest != blob.Digest)
        {
            throw CairnException.Invalid("digest", $"The content has the digest {blob.Digest}, not {digest}: it was changed on its way, or the digest is wrong.");
        }
    }

    public static bool IsFull(IOException fault)
    {
        const int noSpaceLinux = 28;
        const int quotaLinux = 122;
        const int diskFullWindows = unchecked((int)0x80070070);
        return (fault.HResult & 0xffff) is noSpaceLinux or quotaLinux || fault.HResult == diskFullWindows;
    }
}
