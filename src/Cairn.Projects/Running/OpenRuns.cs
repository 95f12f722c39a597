using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Running;

/// <summary>
/// Runs below one that has ended. What a command started is ended with it, so a run below that says it goes on has lost
/// its program: MLflow's client leaves such behind when it fails between creating a run and starting it, and so does a
/// runner that is killed there.
/// </summary>
public static class OpenRuns
{
    /// <summary>
    /// Closes them all, but those that nobody waits for, jobs of a scheduler, and what another runner has gone on with: they
    /// do go on.
    /// </summary>
    /// <param name="client">The server.</param>
    /// <param name="root">The run that has ended.</param>
    /// <param name="status">What they become.</param>
    /// <param name="runner">The mark of the runner that has ended, where it is known.</param>
    /// <param name="cancellation">Ends the closing.</param>
    public static async Task CloseBelowAsync(CairnClient client, RunDetail root, string status, string? runner, CancellationToken cancellation)
    {
        foreach (var child in root.Children)
        {
            var run = await client.GetRunAsync(child.Id, cancellation);
            if (run.Tags.ContainsKey(RunTags.Detached) || run.Tags.GetValueOrDefault(RunTags.Backend, "local") != "local" || RunnerMark.IsOfAnother(run, runner))
            {
                continue;
            }

            if (run.Run.Status is "running" or "scheduled" && !await RunnerMark.TryUpdateAsync(client, run, new RunUpdate(Status: status), cancellation))
            {
                continue;
            }

            await CloseBelowAsync(client, run, status, runner, cancellation);
        }
    }
}
