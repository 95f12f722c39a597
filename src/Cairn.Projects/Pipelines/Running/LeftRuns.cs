using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Backends;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// Runs whose jobs outlived a killed runner. A step takes up the one of its name and key; one whose step has changed, or
/// does not come any more, is ended.
/// </summary>
internal sealed class LeftRuns(CairnClient client, IRunBackend backend, IReadOnlyList<RunDetail> runs)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly List<RunDetail> _runs = [.. runs];
    private readonly Lock _gate = new();

    public async Task<RunDetail?> TakeAsync(string name, string key)
    {
        RunDetail[] own;
        lock (_gate)
        {
            own = _runs.Where(run => run.Tags.GetValueOrDefault(StepTags.Name) == name).ToArray();
            _runs.RemoveAll(own.Contains);
        }

        var taken = own.LastOrDefault(run => run.Tags.GetValueOrDefault(StepTags.Key) == key && !run.Tags.ContainsKey(StepTags.Failed));
        await EndAsync(own.Where(run => run != taken));
        return taken;
    }

    public Task CloseAsync()
    {
        RunDetail[] rest;
        lock (_gate)
        {
            rest = [.. _runs];
            _runs.Clear();
        }

        return EndAsync(rest);
    }

    private async Task EndAsync(IEnumerable<RunDetail> runs)
    {
        foreach (var run in runs)
        {
            using var job = await backend.FindAsync(run, _ => { }, CancellationToken.None);
            if (job is not null)
            {
                if (!job.Ended.IsCompleted)
                {
                    await job.EndAsync(Grace, CancellationToken.None);
                }

                job.Forget();
            }

            if (run.Run.Status is "running" or "scheduled")
            {
                await client.UpdateRunAsync(run.Run.Id, new RunUpdate(Status: "killed"), CancellationToken.None);
            }
        }
    }
}
