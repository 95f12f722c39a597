using System.Runtime.InteropServices;

namespace Cairn.Cli.Output;

/// <summary>
/// The width of a terminal. Console.WindowWidth would do, but at its first use .NET sets the terminal up for reading
/// keys and writes escape sequences that nobody asked for.
/// </summary>
internal static partial class WindowWidth
{
    private const nuint GetWindowSize = 0x5413;

    /// <summary>Cells of a line of the terminal behind a descriptor; null where it does not tell.</summary>
    public static int? Of(int descriptor)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }

        return Control(descriptor, GetWindowSize, out var size) == 0 && size.Columns > 0 ? size.Columns : null;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, nuint request, out Size size);

    [StructLayout(LayoutKind.Sequential)]
    private struct Size
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
