using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Runs;

namespace Cairn.Core.Models;

/// <summary>A version of a registered model: an artifact's version with what the registry knows about it.</summary>
/// <param name="ModelName">The model's name in the registry.</param>
/// <param name="Version">The version. It may have no files: then its content is at <paramref name="Source"/>.</param>
/// <param name="Source">The URI from which it was registered; null where its files were committed here.</param>
/// <param name="Location">The URI to load it from, where that is not the source.</param>
/// <param name="RunText">The id of its run as the client wrote it: the run need not be of this server.</param>
/// <param name="RunLink">Where that run can be seen, or null.</param>
/// <param name="LoggedModelId">The logged model that was registered, or null.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="UpdatedAt">Unix milliseconds of the last change of description or stage.</param>
/// <param name="Tags">Ordered by key.</param>
public sealed record ModelVersion(
    string ModelName,
    ArtifactVersion Version,
    string? Source,
    string? Location,
    string? RunText,
    string? RunLink,
    string? LoggedModelId,
    ModelStage Stage,
    long UpdatedAt,
    IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>The number MLflow counts it by, from 1.</summary>
    public int Number => Version.Index + 1;

    /// <summary>Aliases that somebody set: "latest", which moves by itself, is not among them.</summary>
    public IEnumerable<string> Aliases => Version.Aliases.Where(alias => alias != ArtifactCatalog.Latest);
}

/// <summary>A version to be registered.</summary>
/// <param name="ModelName">An existing model.</param>
/// <param name="Source">The URI it comes from.</param>
/// <param name="Location">The URI to load it from, where that is not the source.</param>
/// <param name="Manifest">Its files, where they are in this server's store, ordered by path; else empty.</param>
/// <param name="Digest">Digest of the manifest, or of the source where there are no files.</param>
/// <param name="RunId">The run that made it, if it is one of this server.</param>
/// <param name="RunText">The run as the client wrote it, or null.</param>
/// <param name="RunLink">Text, or null.</param>
/// <param name="LoggedModelId">Text, or null.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Tags">By key.</param>
/// <param name="Author">Who, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record NewModelVersion(
    string ModelName,
    string Source,
    string? Location,
    IReadOnlyList<ManifestEntry> Manifest,
    Digest Digest,
    RunId? RunId,
    string? RunText,
    string? RunLink,
    string? LoggedModelId,
    string? Description,
    IReadOnlyDictionary<string, string> Tags,
    string? Author,
    long At)
{
    /// <summary>Whether it may take a model that belongs nowhere yet to the experiment of its run.</summary>
    public bool MayMove { get; init; } = true;
}

/// <summary>What to change of a version.</summary>
/// <param name="SetsDescription">Whether <paramref name="Description"/> is to be taken, null included.</param>
/// <param name="Description">The new description.</param>
/// <param name="Stage">The new stage; null leaves it.</param>
/// <param name="ArchiveOthers">Other versions that have the new stage become archived.</param>
/// <param name="Tags">Tags to set, or with a null value to remove. Tags alone do not count as an update.</param>
public sealed record ModelVersionChange(
    bool SetsDescription = false,
    string? Description = null,
    ModelStage? Stage = null,
    bool ArchiveOthers = false,
    IReadOnlyDictionary<string, string?>? Tags = null);
