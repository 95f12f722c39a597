namespace Cairn.Cli.Running;

/// <summary>Where this program lies, for commands that start it again.</summary>
internal static class CliPath
{
    /// <summary>
    /// The running executable; under <c>dotnet cairn.dll</c> the one built beside the assembly. Null where there is none.
    /// </summary>
    public static string? Find()
    {
        if (Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "cairn")
        {
            return own;
        }

        var beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "cairn.exe" : "cairn");
        return File.Exists(beside) ? beside : null;
    }
}
