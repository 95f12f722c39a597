using System.Globalization;
using System.Text;

namespace Cairn.EndToEnd.Tests;

/// <summary>Looks at the processes of a crash test as the system sees them.</summary>
internal static class CrashProcesses
{
    /// <summary>Those that carry out a step: the command and all that it started.</summary>
    public static IReadOnlyList<int> OfSteps(string ledger) => [.. All()
        .Where(pid => Has(pid, "environ", $"LEDGER={ledger}") && Has(pid, "environ", "CAIRN_RUN_ID=") && !IsOver(pid))];

    /// <summary>All that belong to the test but the server: commands, their children, and what guards them.</summary>
    public static IReadOnlyList<string> Left(string ledger, Uri server) => [.. All()
        .Where(pid => !IsOver(pid) && pid != Environment.ProcessId && (Has(pid, "environ", $"LEDGER={ledger}") || Has(pid, "cmdline", server.AbsoluteUri.TrimEnd('/'))))
        .Select(pid => $"{pid.ToString(CultureInfo.InvariantCulture)} {Read(pid, "cmdline").Replace('\0', ' ')}")];

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    private static bool Has(int pid, string file, string text) => Read(pid, file).Contains(text, StringComparison.Ordinal);

    /// <summary>A zombie has ended; only its parent has not asked how.</summary>
    private static bool IsOver(int pid) => Read(pid, "stat") is var stat && (stat.Length == 0 || stat.Contains(") Z", StringComparison.Ordinal) || stat.Contains(") X", StringComparison.Ordinal));

    private static string Read(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/{file}"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
