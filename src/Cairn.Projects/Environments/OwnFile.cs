namespace Cairn.Projects.Environments;

/// <summary>Small files of ours in the cache folder, written whole or not at all, and only where they differ.</summary>
internal static class OwnFile
{
    public static void Write(string file, string text, bool isProgram)
    {
        if (File.Exists(file) && File.ReadAllText(file) == text)
        {
            return;
        }

        OwnFolder.Create(Path.GetDirectoryName(file)!);
        // Steps of one runner come here at the same time: the name is of this write alone.
        var aside = $"{file}.{Guid.NewGuid():N}";
        File.WriteAllText(aside, text);
        if (isProgram && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        File.Move(aside, file, overwrite: true);
    }
}
