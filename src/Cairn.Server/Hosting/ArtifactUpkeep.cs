using Cairn.Core;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Uploads;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Hosting;

/// <summary>Every hour: forgets uploads that nobody goes on with, and takes versions out of sight whose time is over.</summary>
internal sealed partial class ArtifactUpkeep : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource ending = new();
    private readonly Task loop;

    public ArtifactUpkeep(ArtifactDrafts drafts, ArtifactCollections collections, PartedUploads uploads, TimeProvider clock, ILogger<ArtifactUpkeep> logger) =>
        loop = RunAsync(drafts, collections, uploads, clock, logger, ending.Token);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await loop;
        ending.Dispose();
    }

    private static async Task RunAsync(
        ArtifactDrafts drafts, ArtifactCollections collections, PartedUploads uploads, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    var givenUp = await drafts.SweepAsync(cancellationToken);
                    await uploads.SweepAsync(dryRun: false, cancellationToken);
                    var expired = await collections.ExpireAsync(cancellationToken);
                    Done(logger, givenUp, expired);
                }
                catch (CairnException fault)
                {
                    Failed(logger, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Upkeep: {Drafts} uploads given up, {Versions} versions whose time is over")]
    private static partial void Done(ILogger logger, int drafts, int versions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upkeep of artifacts failed; it is tried again in an hour")]
    private static partial void Failed(ILogger logger, Exception fault);
}
