using Cairn.Core.Access;
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
using Cairn.Storage;

namespace Cairn.Server.Hosting;

/// <summary>
/// The stores, guarded. Everything behind HTTP, and everything that works for itself, is given these and never the store:
/// what works for itself is the operator, who may do everything.
/// </summary>
internal sealed class GuardedPorts(CairnStore store, AccessGuard guard)
{
    public IRunStore Runs { get; } = store.Runs.Guarded(guard);

    public ISeriesStore Series { get; } = store.Series.Guarded(guard);

    public IArtifactStore Artifacts { get; } = store.Artifacts.Guarded(store.LoggedModels, guard);

    public IDraftStore Drafts { get; } = store.Drafts.Guarded(store.Collections, guard);

    public ICollectionStore Collections { get; } = store.Collections.Guarded(guard);

    public IFileStore Files { get; } = store.Files.Guarded(guard);

    public IBlobStore Blobs { get; } = store.Blobs.Guarded(guard);

    public ISweepStore Sweeps { get; } = store.Sweeps.Guarded(guard);

    public IDatasetStore Datasets { get; } = store.Datasets.Guarded(guard);

    public ILoggedModelStore LoggedModels { get; } = store.LoggedModels.Guarded(guard);

    public ITraceStore Traces { get; } = store.Traces.Guarded(guard);

    public IEvaluationSetStore EvaluationSets { get; } = store.EvaluationSets.Guarded(guard);

    public IScorerStore Scorers { get; } = store.Scorers.Guarded(guard);

    public ISavedViewStore Views { get; } = store.Views.Guarded(guard);

    public IWebhookStore Webhooks { get; } = store.Webhooks.Guarded(guard);

    public ITriggerStore Triggers { get; } = store.Triggers.Guarded(guard);

    public IPartStore Parts { get; } = store.Parts.Guarded(guard);

    public IArchiveStore Archive { get; } = store.Archive.Guarded(guard);

    /// <summary>Contents of files that were found through <see cref="Files"/>: who may read the file may read them.</summary>
    public IBlobStore ContentsOfFiles { get; } = store.Blobs;

    /// <summary>Says who may write into runs.</summary>
    public RunGuard RunGuard { get; } = new(guard, store.LoggedModels);
}
