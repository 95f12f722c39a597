using System.IO.Compression;

namespace Cairn.Projects.Sources;

/// <summary>
/// Unpacks a project from a zip file within a budget. What could write elsewhere, or be something else than it says, is
/// refused as a whole: absolute paths, <c>..</c>, links, devices, names that come twice.
/// </summary>
internal static class ZipSource
{
    private const int MostEntries = 50_000;
    private const long MostBytes = 2L << 30;
    private const int FileKindMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>Answers the folder that holds the project: the only folder of the archive, where there is only one.</summary>
    public static async Task<string> ExtractAsync(SourceAddress address, string folder, Action<string> tell, CancellationToken cancellation)
    {
        var file = address.Location;
        var target = Path.Combine(folder, "project");
        Directory.CreateDirectory(target);
        try
        {
            if (address.Location.Contains("://", StringComparison.Ordinal))
            {
                tell($"fetching {address.Shown}");
                file = Path.Combine(folder, "download.zip");
                await WebFile.DownloadAsync(new Uri(address.Location), file, MostBytes, cancellation);
            }
            else if (!File.Exists(file))
            {
                throw new ProjectException($"There is no file '{file}'.");
            }

            Extract(file, target, cancellation);
        }
        catch (InvalidDataException fault)
        {
            throw new ProjectException($"'{address.Shown}' is not a usable zip file: {fault.Message}", fault);
        }

        var top = Directory.GetFileSystemEntries(target);
        return top.Length == 1 && Directory.Exists(top[0]) && (address.Subfolder is null || !Directory.Exists(Path.Combine(target, address.Subfolder)))
            ? top[0]
            : target;
    }

    private static void Extract(string file, string target, CancellationToken cancellation)
    {
        using var archive = ZipFile.OpenRead(file);
        if (archive.Entries.Count > MostEntries)
        {
            throw new ProjectException($"The zip file has {archive.Entries.Count} entries; at most {MostEntries} are unpacked.");
        }

        if (archive.Entries.Sum(entry => (decimal)entry.Length) > MostBytes)
        {
            throw TooLarge();
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var left = MostBytes;
        foreach (var entry in archive.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            Check(entry, names);
            var path = Path.Combine(target, entry.FullName);
            if (entry.FullName.EndsWith('/'))
            {
                Directory.CreateDirectory(path);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            left -= Unpack(entry, path, left);
        }
    }

    private static void Check(ZipArchiveEntry entry, HashSet<string> names)
    {
        var name = entry.FullName;
        var parts = name.Split('/');
        var isOutside = name.Length == 0 || name[0] == '/' || name.Contains('\\', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)
            || (name.Length > 1 && name[1] == ':') || parts.Any(part => part is ".." or ".");
        if (isOutside)
        {
            throw new ProjectException($"The zip file is refused: its entry '{name}' would be written outside of the project's folder.");
        }

        // The upper half of the attributes are Unix's mode, where Unix made the file.
        var kind = (entry.ExternalAttributes >> 16) & FileKindMask;
        if (kind is not (0 or RegularFile or Folder))
        {
            throw new ProjectException($"The zip file is refused: its entry '{name}' is a link or a device, not a file.");
        }

        if (!names.Add(name.TrimEnd('/')))
        {
            throw new ProjectException($"The zip file is refused: the name '{name}' comes twice.");
        }
    }

    /// <summary>Counts what really comes out: the sizes in the archive are only claims.</summary>
    private static long Unpack(ZipArchiveEntry entry, string path, long left)
    {
        using var source = entry.Open();
        using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[64 * 1024];
        long written = 0;
        while (source.Read(buffer) is > 0 and var count)
        {
            written += count;
            if (written > left)
            {
                throw TooLarge();
            }

            if (written > entry.Length)
            {
                throw new ProjectException($"The zip file is refused: its entry '{entry.FullName}' says that it holds {entry.Length} bytes, and holds more.");
            }

            target.Write(buffer, 0, count);
        }

        if (!OperatingSystem.IsWindows() && ((entry.ExternalAttributes >> 16) & 0x40) != 0)
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }

        return written;
    }

    private static ProjectException TooLarge() => new($"The zip file is refused: it unpacks to more than {MostBytes >> 20} MiB.");
}
