namespace Cairn.Projects.Environments;

/// <summary>A finished environment of the store.</summary>
/// <param name="Hash">Of what was asked for.</param>
/// <param name="Kind">"virtualenv", "uv" or "conda".</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="MadeFor">Name of the folder that asked for it first.</param>
/// <param name="Lock">What is in it.</param>
/// <param name="LastUsed">When a run last used it.</param>
public sealed record StoredEnvironment(string Hash, string Kind, string Folder, string MadeFor, string Lock, DateTimeOffset LastUsed)
{
    /// <summary>Bytes on disk.</summary>
    public long Size => SizeOf(Folder);

    /// <summary>From a pointer file; null where it is not there or leads nowhere.</summary>
    internal static StoredEnvironment? Read(string pointer)
    {
        if (!File.Exists(pointer))
        {
            return null;
        }

        var lines = File.ReadAllText(pointer).Split('\n', 4);
        return lines.Length == 4 && Directory.Exists(lines[1])
            ? new StoredEnvironment(Path.GetFileNameWithoutExtension(pointer), lines[0], lines[1], lines[2], lines[3], File.GetLastWriteTimeUtc(pointer))
            : null;
    }

    internal void Write(string pointer)
    {
        // Steps of one runner come here at the same time: the name is of this write alone.
        var aside = $"{pointer}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes($"{Kind}\n{Folder}\n{MadeFor}\n{Lock}"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, pointer, overwrite: true);
    }

    /// <summary>For a run; its time of use is noted.</summary>
    internal PreparedEnvironment Use(string pointer)
    {
        try
        {
            File.SetLastWriteTimeUtc(pointer, DateTime.UtcNow);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Somebody else's store, to be read only.
        }

        return new PreparedEnvironment(Kind, Hash, Folder, Lock);
    }

    internal static long SizeOf(string folder) => new DirectoryInfo(folder)
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Sum(file => file.Length);
}
