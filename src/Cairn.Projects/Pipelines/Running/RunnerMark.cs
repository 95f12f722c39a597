using System.Diagnostics;
using System.Globalization;
using System.Net;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// The process that carries out the run of a pipeline or a sweep, as a tag of the run: whoever wants to go on with a run
/// that says it is running can tell whether somebody still does, and what closes the records of a runner that was killed
/// can tell that another one has gone on with them meanwhile.
/// </summary>
public static class RunnerMark
{
    public const string Tag = "cairn.pipeline.runner";

    /// <summary>"machine process start": numbers of processes come again, so the start belongs to it.</summary>
    public static string Own { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId} {StartOf(Environment.ProcessId)}");

    /// <summary>True where the run says that another runner than <paramref name="mark"/> carries it out.</summary>
    public static bool IsOfAnother(RunDetail run, string? mark) => mark is not null && run.Tags.TryGetValue(Tag, out var current) && current != mark;

    /// <summary>
    /// Makes a change only while the run is carried out by whom it said when it was read. Without this, the records of
    /// a killed runner could be closed under the hands of the one that goes on, and two could go on with the same run.
    /// </summary>
    /// <returns>False where somebody else carries it out by now: nothing was changed.</returns>
    /// <exception cref="CairnClientException">The server cannot be reached or refuses for another reason.</exception>
    public static async Task<bool> TryUpdateAsync(CairnClient client, RunDetail run, RunUpdate update, CancellationToken cancellation)
    {
        try
        {
            var expected = new Dictionary<string, string?>(StringComparer.Ordinal) { [Tag] = run.Tags.GetValueOrDefault(Tag) };
            await client.UpdateRunAsync(run.Run.Id, update with { ExpectedTags = expected }, cancellation);
            return true;
        }
        catch (CairnClientException refused) when (refused.Status == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    /// <summary>Makes the run ours, and running.</summary>
    /// <exception cref="PipelineException">Its runner goes on, or may do so on another machine, or somebody else took it up.</exception>
    /// <exception cref="CairnClientException">The server cannot be reached or refuses.</exception>
    public static async Task TakeAsync(CairnClient client, RunDetail run, CancellationToken cancellation)
    {
        RefuseWhereItGoesOn(run);

        // Asked twice where the first answer was lost: then it is ours already.
        if (!await TryUpdateAsync(client, run, Taken(run), cancellation)
            && (await client.GetRunAsync(run.Run.Id, cancellation)).Tags.GetValueOrDefault(Tag) != Own)
        {
            throw new PipelineException($"Run {run.Run.Id[..8]} was taken up by another process just now.");
        }
    }

    /// <summary>What says that the run is ours and goes on.</summary>
    internal static RunUpdate Taken(RunDetail run) => new(
        Tags: new Dictionary<string, string?>(StringComparer.Ordinal) { [Tag] = Own },
        Status: run.Run.Status == "running" ? null : "running");

    /// <exception cref="PipelineException">Its runner goes on, or may do so on another machine.</exception>
    internal static void RefuseWhereItGoesOn(RunDetail run)
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
