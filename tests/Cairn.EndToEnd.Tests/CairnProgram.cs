using System.Diagnostics;

namespace Cairn.EndToEnd.Tests;

/// <summary>The <c>cairn</c> program under test: the published one that CAIRN_BIN names, else the one built beside the tests.</summary>
public static class CairnProgram
{
    public static string Path { get; } = Find();

    public static ProcessStartInfo Command(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // What the machine of the person who runs the tests has set must not lead them to a server of theirs.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CAIRN_", StringComparison.Ordinal) || name.StartsWith("MLFLOW_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("CAIRN_BIN") is { Length: > 0 } published)
        {
            return System.IO.Path.GetFullPath(published);
        }

        // …/tests/Cairn.EndToEnd.Tests/bin/CONFIGURATION/net10.0/RID → …/src/Cairn.Cli/bin/CONFIGURATION/net10.0/RID
        var own = AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar);
        var tail = System.IO.Path.GetRelativePath(own[..own.IndexOf($"{System.IO.Path.DirectorySeparatorChar}bin{System.IO.Path.DirectorySeparatorChar}", StringComparison.Ordinal)], own);
        var built = System.IO.Path.Combine(own[..own.IndexOf("/tests/", StringComparison.Ordinal)], "src", "Cairn.Cli", tail, "cairn");
        return File.Exists(built) ? built : throw new FileNotFoundException($"There is no {built}. Build src/Cairn.Cli, or name a program with CAIRN_BIN.");
    }
}
