using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts;

/// <summary>Which artifact: its name within its experiment.</summary>
public readonly record struct ArtifactKey(ExperimentId ExperimentId, string Name)
{
    public override string ToString() => $"{ExperimentId}/{Name}";
}

/// <summary>A named, typed thing of which versions are kept.</summary>
/// <param name="Key">Experiment and name.</param>
/// <param name="Type">Fixed by the first version: "dataset", "model" …</param>
/// <param name="Description">Text, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds of the newest version or alias move.</param>
/// <param name="VersionCount">Versions that are not deleted.</param>
/// <param name="LatestIndex">Greatest index that is not deleted, or null.</param>
/// <param name="Aliases">Every alias and the index it points to.</param>
public sealed record Artifact(
    ArtifactKey Key,
    string Type,
    string? Description,
    long CreatedAt,
    long UpdatedAt,
    int VersionCount,
    int? LatestIndex,
    IReadOnlyDictionary<string, int> Aliases);

/// <summary>One immutable version.</summary>
/// <param name="Key">The artifact.</param>
/// <param name="Type">The artifact's type.</param>
/// <param name="Index">0, 1 …; shown as v0, v1.</param>
/// <param name="Digest">Digest of the manifest.</param>
/// <param name="Size">Bytes of all files.</param>
/// <param name="FileCount">Files.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Metadata">A JSON object as text, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="Author">Who, or null.</param>
/// <param name="RunId">The run that logged it first, or null.</param>
/// <param name="Aliases">Aliases that point to it, ordered.</param>
public sealed record ArtifactVersion(
    ArtifactKey Key,
    string Type,
    int Index,
    Digest Digest,
    long Size,
    int FileCount,
    string? Description,
    string? Metadata,
    long CreatedAt,
    string? Author,
    RunId? RunId,
    IReadOnlyList<string> Aliases)
{
    public string Label => $"v{Index}";
}

/// <summary>One file of a version.</summary>
public readonly record struct ManifestEntry(string Path, Digest Digest, long Size);

/// <summary>A version to be: what a client asks to commit, checked, with the run's experiment resolved.</summary>
/// <param name="Key">The artifact, made if missing.</param>
/// <param name="Type">Its type; another type than the artifact's is a conflict.</param>
/// <param name="Manifest">At least one file, ordered by path, paths unique.</param>
/// <param name="Digest">Digest of the manifest.</param>
/// <param name="Aliases">Aliases beside "latest".</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Metadata">A JSON object as text, or null.</param>
/// <param name="Author">Who, or null.</param>
/// <param name="RunId">The run that logs it, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record NewVersion(
    ArtifactKey Key,
    string Type,
    IReadOnlyList<ManifestEntry> Manifest,
    Digest Digest,
    IReadOnlyList<string> Aliases,
    string? Description,
    string? Metadata,
    string? Author,
    RunId? RunId,
    long At);

/// <summary>Result of a commit.</summary>
/// <param name="Version">The version that holds the content.</param>
/// <param name="Created">False where an existing version already held it.</param>
public sealed record CommittedVersion(ArtifactVersion Version, bool Created);

/// <summary>An asked move of an alias.</summary>
/// <param name="Key">The artifact.</param>
/// <param name="Alias">The alias.</param>
/// <param name="To">Index to point to; null removes the alias.</param>
/// <param name="Expected">Where it must point now for the move to happen; null where that does not matter.</param>
/// <param name="Who">Author, or null.</param>
/// <param name="Why">Reason, or null.</param>
/// <param name="RunId">The run that decided, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record AliasMove(
    ArtifactKey Key,
    string Alias,
    int? To,
    ExpectedAlias? Expected,
    string? Who,
    string? Why,
    RunId? RunId,
    long At);

/// <summary>Compare-and-swap on an alias: the index it must point to, or null: it must not exist.</summary>
public readonly record struct ExpectedAlias(int? Index);

/// <summary>One move of an alias, as the history keeps it.</summary>
public sealed record AliasChange(string Alias, int? From, int? To, string? Who, string? Why, RunId? RunId, long At);

/// <summary>Which way content flows between a run and a version.</summary>
public enum LineageDirection
{
    /// <summary>The run used the version.</summary>
    Input = 0,

    /// <summary>The run logged the version.</summary>
    Output = 1,
}

/// <summary>A run used or logged a version.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The artifact.</param>
/// <param name="Index">The version.</param>
/// <param name="Direction">Used or logged.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="UsedAs">The name by which the run asked for it, or null.</param>
public sealed record LineageEdge(RunId RunId, ArtifactKey Key, int Index, LineageDirection Direction, long At, string? UsedAs);
