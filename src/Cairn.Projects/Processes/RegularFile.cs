using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cairn.Projects.Processes;

/// <summary>
/// Whether a path names a file with an end. A command may name /dev/urandom, and a folder hold a pipe: .NET calls both files, and
/// reading them never ends.
/// </summary>
internal static unsafe partial class RegularFile
{
    private const int CurrentFolder = -100;
    private const uint WantsMode = 0x1 | 0x2;
    private const ushort KindMask = 0xF000;
    private const ushort Regular = 0x8000;

    /// <summary>Size and place of the mode in Linux's struct statx, which are the same on every processor.</summary>
    private const int Size = 256;
    private const int Mode = 28;

    /// <summary>True where it is there, and one. A link is what it leads to.</summary>
    public static bool Exists(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.Exists(path) && !path.StartsWith("/dev/", StringComparison.Ordinal);
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        var answer = stackalloc byte[Size];
        return Statx(CurrentFolder, path, 0, WantsMode, answer) == 0
            && (BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(answer + Mode, 2)) & KindMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* answer);
}
