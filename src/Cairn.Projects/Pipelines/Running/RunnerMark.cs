using System.Diagnostics;
using System.Globalization;
using Cairn.Client.Wire;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// The process that carries a pipeline's run out, as a tag of the run: whoever wants to go on with a run that says it is
/// running can tell whether somebody still does.
/// </summary>
internal static class RunnerMark
{
    public const string Tag = "cairn.pipeline.runner";

    /// <summary>"machine process start": numbers of processes come again, so the start belongs to it.</summary>
    public static string Own { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId} {StartOf(Environment.ProcessId)}");

    /// <exception cref="PipelineException">Its runner goes on, or may do so on another machine.</exception>
    public static void RefuseWhereItGoesOn(RunDetail run)
    {
        if (run.Run.Status != "running" || run.Tags.GetValueOrDefault(Tag)?.Split(' ') is not [var machine, var process, var start])
        {
            return;
        }

        var brief = run.Run.Id[..8];
        if (machine != Environment.MachineName)
        {
            throw new PipelineException($"Run {brief} is carried out on {machine}. If nobody does so any more: cairn runs end {brief} --status crashed, and again.");
        }

        if (int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && StartOf(id) == start)
        {
            throw new PipelineException($"Run {brief} is being carried out by process {process}. Wait for it, or stop it with: cairn runs end {brief}");
        }
    }

    /// <summary>When the process began, in units of the system; null where there is none.</summary>
    private static string? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

                // A zombie has ended. The first of these is the third field of the file.
                return fields[0] is "Z" or "X" ? null : fields[19];
            }

            using var found = Process.GetProcessById(process);
            return found.StartTime.ToFileTimeUtc().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
