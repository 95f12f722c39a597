using Cairn.Core.Blobs;
using Cairn.Core.Experiments;

namespace Cairn.Core.Artifacts.Collections;

/// <summary>A version with everything that protocols with ids of their own ask of it.</summary>
/// <param name="VersionId">The store's number of the version.</param>
/// <param name="DraftId">The client's handle from its upload; null where it came whole through another door.</param>
/// <param name="CollectionId">The store's number of its artifact.</param>
/// <param name="Version">The version.</param>
/// <param name="WireDigest">MD5 digest by which its protocol knows it, or null.</param>
/// <param name="Manifest">The manifest as the client wrote it, or null.</param>
/// <param name="TtlSeconds">How long it is kept, or null for always.</param>
/// <param name="Step">The run's step, or null.</param>
/// <param name="Labels">Plain tags, ordered.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="Memberships">Portfolios that link it.</param>
public sealed record VersionCard(
    long VersionId,
    long? DraftId,
    long CollectionId,
    ArtifactVersion Version,
    string? WireDigest,
    Digest? Manifest,
    long? TtlSeconds,
    long? Step,
    IReadOnlyList<string> Labels,
    long UpdatedAt,
    IReadOnlyList<Membership> Memberships);

/// <summary>A version's place in a portfolio.</summary>
/// <param name="Portfolio">Experiment and name of the portfolio.</param>
/// <param name="PortfolioId">The store's number of the portfolio.</param>
/// <param name="Index">Its index there: 0, 1 …</param>
/// <param name="Aliases">Aliases that point to it there, ordered.</param>
/// <param name="At">Unix milliseconds of the link.</param>
public sealed record Membership(ArtifactKey Portfolio, long PortfolioId, int Index, IReadOnlyList<string> Aliases, long At);

/// <summary>Changes of a version; null members stay as they are.</summary>
/// <param name="Description">Text.</param>
/// <param name="Metadata">A JSON object as text.</param>
/// <param name="TtlSeconds">Seconds; 0 and less mean always.</param>
/// <param name="AddLabels">Labels to add.</param>
/// <param name="RemoveLabels">Labels to take away.</param>
public sealed record VersionChange(
    string? Description = null,
    string? Metadata = null,
    long? TtlSeconds = null,
    IReadOnlyList<string>? AddLabels = null,
    IReadOnlyList<string>? RemoveLabels = null);

/// <summary>What holds versions under one name: an artifact's own sequence, or a portfolio of links to versions of others.</summary>
/// <param name="Id">The store's number, within its kind.</param>
/// <param name="IsPortfolio">A portfolio.</param>
/// <param name="Key">Experiment and name.</param>
/// <param name="Type">Type of its versions.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="Aliases">Every alias and the index it points to.</param>
/// <param name="Labels">Plain tags, ordered.</param>
public sealed record Collection(
    long Id,
    bool IsPortfolio,
    ArtifactKey Key,
    string Type,
    string? Description,
    long CreatedAt,
    long UpdatedAt,
    IReadOnlyDictionary<string, int> Aliases,
    IReadOnlyList<string> Labels);

/// <summary>A type of artifacts within an experiment.</summary>
public sealed record ArtifactType(ExperimentId ExperimentId, string Name, long CreatedAt);
