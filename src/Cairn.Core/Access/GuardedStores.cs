using Cairn.Core.Archives;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Core.Datasets;
using Cairn.Core.EvaluationSets;
using Cairn.Core.Files;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Core.Scorers;
using Cairn.Core.Series;
using Cairn.Core.Sweeps;
using Cairn.Core.Traces;
using Cairn.Core.Triggers;
using Cairn.Core.Uploads;
using Cairn.Core.Views;
using Cairn.Core.Webhooks;

namespace Cairn.Core.Access;

/// <summary>
/// The stores as everything behind HTTP gets them: each operation is allowed to the caller or refused. A new operation of
/// a store does not compile until it has a rule here.
/// </summary>
public static class GuardedStores
{
    public static IRunStore Guarded(this IRunStore store, AccessGuard guard) => new GuardedRunStore(store, guard);

    public static ISeriesStore Guarded(this ISeriesStore store, AccessGuard guard) => new GuardedSeriesStore(store, guard);

    public static IArtifactStore Guarded(this IArtifactStore store, ILoggedModelStore models, AccessGuard guard) => new GuardedArtifactStore(store, models, guard);

    public static IDraftStore Guarded(this IDraftStore store, ICollectionStore versions, AccessGuard guard) => new GuardedDraftStore(store, versions, guard);

    public static ICollectionStore Guarded(this ICollectionStore store, AccessGuard guard) => new GuardedCollectionStore(store, guard);

    public static IFileStore Guarded(this IFileStore store, AccessGuard guard) => new GuardedFileStore(store, guard);

    public static IBlobStore Guarded(this IBlobStore store, AccessGuard guard) => new GuardedBlobStore(store, guard);

    public static ISweepStore Guarded(this ISweepStore store, AccessGuard guard) => new GuardedSweepStore(store, guard);

    public static IDatasetStore Guarded(this IDatasetStore store, AccessGuard guard) => new GuardedDatasetStore(store, guard);

    public static ILoggedModelStore Guarded(this ILoggedModelStore store, AccessGuard guard) => new GuardedLoggedModelStore(store, guard);

    public static ITraceStore Guarded(this ITraceStore store, AccessGuard guard) => new GuardedTraceStore(store, guard);

    public static IEvaluationSetStore Guarded(this IEvaluationSetStore store, AccessGuard guard) => new GuardedEvaluationSetStore(store, guard);

    public static IScorerStore Guarded(this IScorerStore store, AccessGuard guard) => new GuardedScorerStore(store, guard);

    public static ISavedViewStore Guarded(this ISavedViewStore store, AccessGuard guard) => new GuardedSavedViewStore(store, guard);

    public static IArchiveStore Guarded(this IArchiveStore store, AccessGuard guard) => new GuardedArchiveStore(store, guard);

    public static IPartStore Guarded(this IPartStore store, AccessGuard guard) => new GuardedPartStore(store, guard);

    public static IWebhookStore Guarded(this IWebhookStore store, AccessGuard guard) => new GuardedWebhookStore(store, guard);

    public static ITriggerStore Guarded(this ITriggerStore store, AccessGuard guard) => new GuardedTriggerStore(store, guard);
}
