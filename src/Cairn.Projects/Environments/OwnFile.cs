namespace Cairn.Projects.Environments;

/// <summary>Small files of ours in the cache folder, written whole or not at all, and only where they differ.</summary>
internal static class OwnFile
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10);

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

    /// <summary>Adds lines at the end, each once, and keeps the newest. Whoever adds at the same time, here or in another process, waits.</summary>
    public static async Task AddLinesAsync(string file, IReadOnlyList<string> lines, int most, CancellationToken cancellation) =>
        await ChangeLinesAsync(file, all => [.. all.Except(lines).Concat(lines.Distinct()).TakeLast(most)], cancellation);

    /// <summary>Changes the lines of a file that others change at the same time.</summary>
    public static async Task ChangeLinesAsync(string file, Func<string[], string[]> change, CancellationToken cancellation)
    {
        OwnFolder.Create(Path.GetDirectoryName(file)!);
        using var turn = await LockAsync($"{file}.lock", cancellation);
        var lines = change(File.Exists(file) ? await File.ReadAllLinesAsync(file, cancellation) : []);
        var aside = $"{file}.{Guid.NewGuid():N}";
        await File.WriteAllLinesAsync(aside, lines, CancellationToken.None);
        File.Move(aside, file, overwrite: true);
    }

    /// <summary>Held until it is disposed, or until its holder ends, however.</summary>
    private static async Task<IDisposable> LockAsync(string file, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(Turn, cancellation);
            }
        }
    }
}
