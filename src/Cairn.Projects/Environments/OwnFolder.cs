namespace Cairn.Projects.Environments;

/// <summary>Folders of ours: code of others and values of the user's lie in them, which are for nobody else's eyes.</summary>
internal static class OwnFolder
{
    /// <summary>Makes it and those above it that are missing; what is there already is left as it is.</summary>
    /// <exception cref="IOException">It cannot be made; names the folder and the remedy.</exception>
    public static void Create(string folder)
    {
        try
        {
            Make(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{folder}' cannot be made: {fault.Message.TrimEnd('.')}. Another place for what Cairn keeps is named by CAIRN_CACHE_DIR, one for what it fetches by --storage-dir.", fault);
        }
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            // The mode is that of the last one only.
            if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { } above)
            {
                Make(above);
            }

            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
