namespace Cairn.Projects.Environments;

/// <summary>Folders of ours: code of others and values of the user's lie in them, which are for nobody else's eyes.</summary>
internal static class OwnFolder
{
    /// <summary>Makes it and those above it that are missing; what is there already is left as it is.</summary>
    public static void Create(string folder)
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
                Create(above);
            }

            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
