using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts;

/// <summary>Remembers artifacts, versions, aliases and lineage. Every method that writes is one durable transaction.</summary>
public partial interface IArtifactStore
{
    /// <summary>Artifacts that have a version, newest change first. Null arguments mean any.</summary>
    Task<IReadOnlyList<Artifact>> ListAsync(ExperimentId? experiment, string? type, CancellationToken cancellationToken);

    Task<Artifact?> FindAsync(ArtifactKey key, CancellationToken cancellationToken);

    /// <summary>Versions that are not deleted, newest first.</summary>
    Task<IReadOnlyList<ArtifactVersion>> ListVersionsAsync(ArtifactKey key, CancellationToken cancellationToken);

    /// <summary>One version by index or by alias; null where there is none or it is deleted.</summary>
    Task<ArtifactVersion?> FindVersionAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken);

    /// <summary>Files of a version ordered by path; empty where the version is unknown.</summary>
    Task<IReadOnlyList<ManifestEntry>> ReadManifestAsync(ArtifactKey key, int index, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the version, or finds the one with the same digest; moves "latest" and the asked aliases to it, with history;
    /// records the run's output. All of it or nothing.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Conflict"/> where the artifact has another type.</exception>
    Task<CommittedVersion> CommitAsync(NewVersion version, CancellationToken cancellationToken);

    /// <summary>Moves or removes an alias by compare-and-swap and keeps the move in the history. A move to where it points already changes nothing.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Conflict"/> where <see cref="AliasMove.Expected"/> does not hold; <see cref="ErrorCode.NotFound"/> where version or alias are missing.</exception>
    Task<AliasChange> MoveAliasAsync(AliasMove move, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<AliasChange>> ReadAliasHistoryAsync(ArtifactKey key, CancellationToken cancellationToken);

    /// <summary>Takes a version out of sight; its aliases go with it.</summary>
    Task DeleteVersionAsync(ArtifactKey key, int index, long at, CancellationToken cancellationToken);

    /// <summary>Records that a run used a version; the same edge twice is one.</summary>
    Task AddInputAsync(LineageEdge edge, CancellationToken cancellationToken);

    /// <summary>Edges of a run, oldest first.</summary>
    Task<IReadOnlyList<LineageEdge>> ReadEdgesAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Edges of a version, oldest first.</summary>
    Task<IReadOnlyList<LineageEdge>> ReadEdgesAsync(ArtifactKey key, int index, CancellationToken cancellationToken);
}

/// <summary>A version by index or by alias: exactly one of the two is set.</summary>
public readonly record struct VersionReference(int? Index, string? Alias)
{
    public static VersionReference Latest => new(null, "latest");

    /// <summary>"v3" is an index, anything else an alias, nothing is "latest".</summary>
    public static VersionReference Parse(string? text) =>
        string.IsNullOrEmpty(text) ? Latest
        : text[0] == 'v' && int.TryParse(text.AsSpan(1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index)
            ? new(index, null)
            : new(null, text);

    public override string ToString() => Index is { } index ? $"v{index}" : Alias ?? "";
}
