using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Uploads;

namespace Cairn.Core.Housekeeping;

/// <summary>
/// Empties the bin for good: deleted runs and experiments with all they hold, then contents that nothing mentions any
/// more. It works beside everything else, and may be cut off anywhere: the next time goes on.
/// </summary>
public sealed class GarbageCollector(IRunStore runs, IFileStore files, IBlobStore blobs, PartedUploads uploads, RunJournal journal, TimeProvider clock, FileTree? tree = null)
{
    /// <summary>Contents arrive before what mentions them, so young ones are left alone.</summary>
    public static readonly TimeSpan YoungContent = TimeSpan.FromHours(1);

    private int isRunning;

    /// <param name="olderThan">Only what has been in the bin for so long.</param>
    /// <param name="dryRun">Say what would go, and leave it.</param>
    /// <param name="cancellationToken">Ends the work between two transactions.</param>
    public async Task<GarbageReport> CollectAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        if (olderThan < TimeSpan.Zero)
        {
            throw CairnException.Invalid("olderThan", "'olderThan' is negative. Give a span of time, or 0 for everything that is deleted.");
        }

        if (Interlocked.Exchange(ref isRunning, 1) == 1)
        {
            throw new CairnException(ErrorCode.Conflict, "The bin is being emptied already. Wait for that to end.");
        }

        try
        {
            var now = clock.GetUtcNow();
            var before = (now - olderThan).ToUnixTimeMilliseconds();
            var doomed = (await runs.ListExperimentsAsync(LifecycleFilter.Deleted, cancellationToken)).Select(one => one.Experiment).ToList();
            var plain = await PurgePlainAsync(before, dryRun, cancellationToken);
            var purged = await runs.PurgeDeletedAsync(before, dryRun, cancellationToken);
            foreach (var experiment in dryRun ? [] : doomed)
            {
                if (tree is not null && await runs.FindExperimentAsync(experiment.Id, cancellationToken) is null)
                {
                    var more = await tree.PurgePlainAsync(experiment, cancellationToken);
                    plain = (plain.Files + more.Files, plain.Bytes + more.Bytes);
                }
            }

            foreach (var experiment in purged.Touched)
            {
                journal.Forget(experiment);
            }

            var mentioned = await files.ListMentionedAsync(dryRun ? purged.Runs : [], cancellationToken);
            var removed = await blobs.CollectAsync(mentioned, now - YoungContent, dryRun, cancellationToken);
            if (!dryRun)
            {
                await files.ForgetAsync(removed.Digests, cancellationToken);
            }

            var givenUp = await uploads.SweepAsync(dryRun, cancellationToken);
            return new GarbageReport(
                purged.Experiments, purged.Runs.Count, removed.Digests.Count, removed.Bytes, purged.Bytes, dryRun, givenUp.Count, givenUp.Bytes, plain.Files, plain.Bytes);
        }
        finally
        {
            Volatile.Write(ref isRunning, 0);
        }
    }

    /// <summary>Plain files go before their runs do: cut off in between, the run is still in the bin, and the next time goes on.</summary>
    private async Task<(int Files, long Bytes)> PurgePlainAsync(long before, bool dryRun, CancellationToken cancellationToken)
    {
        var (files, bytes) = (0, 0L);
        if (tree is null)
        {
            return default;
        }

        foreach (var run in (await runs.PurgeDeletedAsync(before, dryRun: true, cancellationToken)).Runs)
        {
            var removed = await tree.PurgePlainAsync(run, dryRun, cancellationToken);
            (files, bytes) = (files + removed.Files, bytes + removed.Bytes);
        }

        return (files, bytes);
    }
}

/// <summary>What was removed for good, or would be.</summary>
/// <param name="Experiments">Deleted experiments.</param>
/// <param name="Runs">Deleted runs.</param>
/// <param name="Blobs">Contents of files that nothing mentioned.</param>
/// <param name="BlobBytes">Bytes of these on the disk.</param>
/// <param name="DatabaseBytes">Bytes that the database gave back; 0 where nothing was removed.</param>
/// <param name="IsDryRun">Nothing was removed.</param>
/// <param name="Uploads">Uploads in parts that nobody goes on with.</param>
/// <param name="UploadBytes">Bytes of their parts.</param>
/// <param name="PlainFiles">Files of these runs and experiments in folders that the operator shares.</param>
/// <param name="PlainBytes">Bytes of these.</param>
public sealed record GarbageReport(
    int Experiments, int Runs, int Blobs, long BlobBytes, long DatabaseBytes, bool IsDryRun, int Uploads, long UploadBytes, int PlainFiles = 0, long PlainBytes = 0);

/// <summary>What a store removed for good.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Touched">The experiments they were in.</param>
/// <param name="Experiments">How many experiments went.</param>
/// <param name="Bytes">How much smaller the store is.</param>
public sealed record PurgedRuns(IReadOnlyList<RunId> Runs, IReadOnlyCollection<Experiments.ExperimentId> Touched, int Experiments, long Bytes);

/// <summary>Contents that a store removed.</summary>
public sealed record RemovedBlobs(IReadOnlyList<Digest> Digests, long Bytes);
