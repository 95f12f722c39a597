using System.Runtime.InteropServices;

namespace Cairn.Storage;

/// <summary>A rename is durable only when the folder that holds the name is flushed, which .NET has no call for.</summary>
internal static partial class Disk
{
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int readOnlyDirectory = 0x10000;
        var descriptor = Open(path, OperatingSystem.IsLinux() ? readOnlyDirectory : 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {path} cannot be opened to be flushed (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw new IOException($"The folder {path} cannot be flushed (error {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
