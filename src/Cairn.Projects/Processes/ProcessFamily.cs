using System.Globalization;
using System.Text;

namespace Cairn.Projects.Processes;

/// <summary>
/// All processes that belong to a started one: its process group, and on Linux those too that left the group (a daemon
/// calls setsid) but still carry the mark we put into the environment.
/// </summary>
internal sealed class ProcessFamily(int group, string mark)
{
    private readonly byte[] _mark = Encoding.UTF8.GetBytes(mark);

    /// <summary>True while a process of the group lives.</summary>
    public bool HasGroup =>
        Libc.Kill(-group, 0) == 0 && (!OperatingSystem.IsLinux() || Living(inGroupOnly: true).Any());

    /// <summary>True while any process of the family lives.</summary>
    public bool IsAlive => HasGroup || Living(inGroupOnly: false).Any();

    /// <summary>Sends a signal to the group, and to those who left it.</summary>
    public void Signal(int signal)
    {
        var strays = Living(inGroupOnly: false).ToArray();
        _ = Libc.Kill(-group, signal);
        foreach (var stray in strays)
        {
            _ = Libc.Kill(stray, signal);
        }
    }

    /// <summary>Asks all to end, waits, then ends by force those who did not.</summary>
    /// <param name="grace">How long to wait.</param>
    /// <param name="force">Ends the waiting early.</param>
    public async Task EndAsync(TimeSpan grace, CancellationToken force)
    {
        Signal(Libc.SigTerm);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(force);
        limit.CancelAfter(grace);
        try
        {
            // Nobody tells when a process that is not our child ends.
            while (IsAlive)
            {
                await Task.Delay(20, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // New ones may be born while we look: until none is left.
            for (var i = 0; i < 50 && IsAlive; i++)
            {
                Signal(Libc.SigKill);
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    /// <summary>Living (not zombie) members of the group, or marked processes outside of it.</summary>
    private IEnumerable<int> Living(bool inGroupOnly)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                || pid == Environment.ProcessId
                || Group(folder) is not { } found)
            {
                continue;
            }

            if (inGroupOnly ? found == group : found != group && IsMarked(folder))
            {
                yield return pid;
            }
        }
    }

    /// <summary>The process group of a living process.</summary>
    private static int? Group(string folder) =>
        Stat(folder) is { Length: > 2 } fields && fields[0] is not ("Z" or "X")
            ? int.Parse(fields[2], CultureInfo.InvariantCulture)
            : null;

    /// <summary>
    /// Whether what reads as empty has or will have an environment: during an exec it has no end yet, and who opened it
    /// before sees nothing after. A thread of the kernel has no memory, and an environment may be really empty. See
    /// proc_pid_stat(5): vsize is the 21st field after the name, env_start and env_end the 48th and 49th.
    /// </summary>
    private static bool HasEnvironment(string folder) =>
        Stat(folder) is { Length: > 48 } fields && fields[20] != "0" && (fields[48] == "0" || fields[47] != fields[48]);

    /// <summary>What the system tells of a process, from its state on: state, parent, group, …; null where it is gone.</summary>
    private static string[]? Stat(string folder)
    {
        if (Read($"{folder}/stat") is not { } bytes)
        {
            return null;
        }

        // The name before them stands in parentheses and may hold anything.
        var stat = Encoding.Latin1.GetString(bytes);
        return stat[(stat.LastIndexOf(')') + 1)..].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Whether it carries the mark. Who is just becoming another program is waited for: until then it shows no environment.</summary>
    private bool IsMarked(string folder)
    {
        var environment = Read($"{folder}/environ");
        for (var i = 0; i < 50 && environment is { Length: 0 } && HasEnvironment(folder); i++)
        {
            Thread.Sleep(1);
            environment = Read($"{folder}/environ");
        }

        if (environment is null)
        {
            return false;
        }

        var at = environment.AsSpan().IndexOf(_mark);
        var end = at + _mark.Length;
        return at >= 0 && (at == 0 || environment[at - 1] == 0) && (end == environment.Length || environment[end] == 0);
    }

    /// <summary>The file, or null where the process is gone or not ours.</summary>
    private static byte[]? Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
