using System.Text.Json;

namespace Cairn.Tests;

/// <summary>Paths that broke other servers, and paths that only look odd, each with the number docs/security.md knows it by.</summary>
internal static class AttackPaths
{
    /// <summary>Paths that could leave the folder they are put in.</summary>
    public static IReadOnlyList<(string Case, string Path)> Refused { get; } = Read('-');

    /// <summary>Names that only look odd and must not be refused.</summary>
    public static IReadOnlyList<(string Case, string Path)> Kept { get; } = Read('+');

    /// <summary>The whole path as one piece of an address.</summary>
    public static string Escaped(string path) => Uri.EscapeDataString(path);

    /// <summary>The path as clients put it into an address: its slashes stay.</summary>
    public static string Address(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>What a kept path is listed as: doubled slashes and the one at its end mean nothing.</summary>
    public static string Listed(string path) => string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));

    private static List<(string Case, string Path)> Read(char kind)
    {
        using var stream = typeof(AttackPaths).Assembly.GetManifestResourceStream("attack-paths.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 6 && line[0] != '#' && line[4] == kind).Select(line => (line[..3], JsonSerializer.Deserialize<string>(line[6..])!))];
    }
}
