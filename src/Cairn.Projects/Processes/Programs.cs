namespace Cairn.Projects.Processes;

/// <summary>Finds programs as a shell does.</summary>
public static class Programs
{
    /// <summary>Absolute path of a program on <c>PATH</c>; null where it is not there.</summary>
    public static string? Find(string name)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(Path.PathSeparator))
        {
            var file = Path.Combine(folder.Length == 0 ? "." : folder, name);
            if (IsExecutable(file))
            {
                return Path.GetFullPath(file);
            }
        }

        return null;
    }

    private static bool IsExecutable(string file) =>
        File.Exists(file)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
