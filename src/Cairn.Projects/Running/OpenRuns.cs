using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Running;

/// <summary>
/// Runs below one that has ended. What a command started is ended with it, so a run below that says it goes on has lost
/// its program: MLflow's client leaves such behind when it fails between creating a run and starting it, and so does a
/// runner that is killed there.
/// </summary>
public static class OpenRuns
{
    /// <summary>
    /// Closes them all, but those that nobody waits for and jobs of a scheduler: they do go on.
    /// </summary>
    /// <param name="client">The server.</param>
    /// <param name="root">The run that has ended.</param>
    /// <param name="status">What they become.</param>
    /// <param name="cancellation">Ends the closing.</param>
    public static async Task CloseBelowAsync(CairnClient client, RunDetail root, string status, CancellationToken cancellation)
    {
        foreach (var child in root.Children)
        {
            var run = await client.GetRunAsync(child.Id, cancellation);
            if (run.Tags.ContainsKey(RunTags.Detached) || run.Tags.GetValueOrDefault(RunTags.Backend, "local") != "local")
            {
                continue;
            }

            if (run.Run.Status is "running" or "scheduled")
            {
                await client.UpdateRunAsync(child.Id, new RunUpdate(Status: status), cancellation);
            }

            await CloseBelowAsync(client, run, status, cancellation);
        }
    }
}
