using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Core.Uploads;

namespace Cairn.Wandb.Wire;

/// <summary>What the door needs of the house, for the whole life of the server.</summary>
internal sealed record WandbServices(
    RunJournal Journal,
    ExperimentCatalog Experiments,
    IRunStore Runs,
    ISeriesStore Series,
    FileTree Files,
    IBlobStore Blobs,
    ArtifactCatalog Artifacts,
    IArtifactStore ArtifactStore,
    TimeProvider Clock,
    ArtifactDrafts Drafts,
    IDraftStore DraftStore,
    ArtifactCollections Collections,
    ICollectionStore CollectionStore,
    SignedLinks Links,
    PartedUploads Uploads,
    UploadLinks UploadLinks);
