using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cairn.Projects.Processes;

/// <summary>Linux's word for who opens a file: the first opening of each of some files, by whatever path and whomever.</summary>
internal sealed unsafe partial class Inotify : IDisposable
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const uint Opened = 0x20;
    private const uint Overflow = 0x4000;

    /// <summary>One event for a file, and its watch is gone: so the system's queue cannot run over.</summary>
    private const uint Once = 0x8000_0000;

    /// <summary>Watch, mask, cookie and length of the name; a watched file has none.</summary>
    private const int HeadLength = 16;

    private readonly int _descriptor;

    private Inotify(int descriptor) => _descriptor = descriptor;

    /// <summary>Null where the system has no such thing, or has no more of it to give.</summary>
    public static Inotify? Open() => OperatingSystem.IsLinux() && Init(NonBlocking | CloseOnExec) is >= 0 and var descriptor ? new Inotify(descriptor) : null;

    /// <summary>Watches the file; answers the number of the watch, the same for two names of one file, or −1 where it cannot be.</summary>
    public int Watch(string file) => Add(_descriptor, file, Opened | Once);

    /// <summary>The watches whose files were opened so far; null where some may be missing.</summary>
    public IReadOnlySet<int>? ReadOpened()
    {
        var opened = new HashSet<int>();
        var buffer = stackalloc byte[8192];
        while (Read(_descriptor, buffer, 8192) is > 0 and var count)
        {
            var events = new ReadOnlySpan<byte>(buffer, (int)count);
            while (events.Length >= HeadLength)
            {
                var mask = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
                if ((mask & Overflow) != 0)
                {
                    return null;
                }

                if ((mask & Opened) != 0)
                {
                    opened.Add(BinaryPrimitives.ReadInt32LittleEndian(events));
                }

                events = events[(HeadLength + (int)BinaryPrimitives.ReadUInt32LittleEndian(events[12..]))..];
            }
        }

        return opened;
    }

    /// <summary>Elsewhere: the system takes some 10 ms until it is done with the watches, and whoever closes waits for it.</summary>
    public void Dispose() => ThreadPool.UnsafeQueueUserWorkItem(static descriptor => _ = Close(descriptor), _descriptor, preferLocal: false);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Init(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Add(int descriptor, string file, uint mask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
