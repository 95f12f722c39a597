using Cairn.Core.Experiments;
using Cairn.Core.Housekeeping;
using Cairn.Storage.Housekeeping;

namespace Cairn.Storage.Runs;

internal sealed partial class SqlRunStore
{
    /// <summary>Few enough that writers wait for milliseconds.</summary>
    private const int PurgedPerTransaction = 50;

    public async Task<PurgedRuns> PurgeDeletedAsync(long deletedBefore, bool dryRun, CancellationToken cancellationToken)
    {
        if (dryRun)
        {
            return await database.ReadAsync(
                session =>
                {
                    var doomed = Purge.ListRuns(session, deletedBefore, int.MaxValue);
                    return new PurgedRuns([.. doomed.Select(run => run.Run.Id)], [], Purge.ListExperiments(session, deletedBefore).Count, 0);
                },
                cancellationToken);
        }

        var before = await database.SizeAsync(cancellationToken);
        var runs = new List<StoredRun>();
        while (true)
        {
            // Points of a run that is gone must not wait in the tail: its number may be given again.
            await folder.FoldAsync();
            var removed = await database.WriteAsync(
                session => Purge.RemoveRuns(session, Purge.ListRuns(session, deletedBefore, PurgedPerTransaction), hot),
                gone => gone.ForEach(run => keys.Forget(run.Run.Id)),
                cancellationToken);
            runs.AddRange(removed);
            if (removed.Count == 0)
            {
                break;
            }
        }

        var experiments = 0;
        foreach (var id in await database.ReadAsync(session => Purge.ListExperiments(session, deletedBefore), cancellationToken))
        {
            experiments += await database.WriteAsync(session => Purge.RemoveExperiment(session, id, deletedBefore), cancellationToken) ? 1 : 0;
        }

        await database.ReturnFreePagesAsync(cancellationToken);
        var after = await database.SizeAsync(cancellationToken);
        return new PurgedRuns(
            [.. runs.Select(run => run.Run.Id)],
            new HashSet<ExperimentId>(runs.Select(run => run.Run.ExperimentId)),
            experiments,
            Math.Max(0, before - after));
    }
}
