using Cairn.Client;

namespace Cairn.Projects.Running;

/// <summary>Sees when somebody asks a run that goes on to stop, or sets its status to "killed" as MLflow's clients do.</summary>
internal static class StopRequest
{
    /// <summary>Most runs are over before anybody could think of stopping them.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>Ends when the run is to stop, or by cancellation; never fails.</summary>
    public static async Task<bool> WaitAsync(CairnClient client, string runId, CancellationToken over)
    {
        try
        {
            await Task.Delay(Start, over);
            while (true)
            {
                try
                {
                    if (await IsToStopAsync(client, runId, over))
                    {
                        return true;
                    }

                    await foreach (var change in client.WatchAsync(runId, cancellation: over))
                    {
                        if (change.Changed.Contains("info") && await IsToStopAsync(client, runId, over))
                        {
                            return true;
                        }
                    }
                }
                catch (Exception fault) when (fault is CairnClientException or HttpRequestException or IOException)
                {
                    // The server is away; it is asked again when it is back.
                }

                await Task.Delay(Pause, over);
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> IsToStopAsync(CairnClient client, string runId, CancellationToken over) =>
        await client.GetRunAsync(runId, over) is { StopRequested: true } or { Run.Status: "killed" };
}
