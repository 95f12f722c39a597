using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts.Collections;

/// <summary>
/// Remembers portfolios (collections of links to versions), and looks at artifacts by number, as protocols with ids of
/// their own do. Every method that writes is one durable transaction. Deleted and pending versions are never seen.
/// </summary>
public interface ICollectionStore
{
    Task<VersionCard?> FindByDraftAsync(long draftId, CancellationToken cancellationToken);

    Task<VersionCard?> FindByVersionAsync(long versionId, CancellationToken cancellationToken);

    /// <summary>A version of an artifact by index or alias, or, where the name is a portfolio's, the version it links there.</summary>
    Task<VersionCard?> FindAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken);

    /// <summary>The newest version of an artifact with this digest of its protocol.</summary>
    Task<VersionCard?> FindByWireDigestAsync(ArtifactKey key, string wireDigest, CancellationToken cancellationToken);

    /// <summary>Versions of an artifact, or those a portfolio links, newest first.</summary>
    Task<IReadOnlyList<VersionCard>> ListVersionsAsync(Collection collection, CancellationToken cancellationToken);

    /// <summary>Versions that a run used or logged, oldest first.</summary>
    Task<IReadOnlyList<VersionCard>> ListOfRunAsync(RunId run, LineageDirection direction, CancellationToken cancellationToken);

    /// <summary>Ordered by path.</summary>
    Task<IReadOnlyList<Reference>> ReadReferencesAsync(long versionId, CancellationToken cancellationToken);

    /// <summary>Every move of every alias of a portfolio, newest first.</summary>
    Task<IReadOnlyList<AliasChange>> ReadAliasHistoryAsync(Collection portfolio, CancellationToken cancellationToken);

    /// <summary>Collections that hold a version, artifacts and portfolios, oldest first.</summary>
    Task<IReadOnlyList<Collection>> ListAsync(ExperimentId experiment, string? type, CancellationToken cancellationToken);

    /// <summary>By name, portfolios and empty ones too.</summary>
    Task<Collection?> FindAsync(ArtifactKey key, CancellationToken cancellationToken);

    Task<Collection?> FindAsync(long id, bool isPortfolio, CancellationToken cancellationToken);

    /// <summary>Types of collections that hold a version, oldest first.</summary>
    Task<IReadOnlyList<ArtifactType>> ListTypesAsync(ExperimentId experiment, CancellationToken cancellationToken);

    Task ChangeVersionAsync(long versionId, VersionChange change, long at, CancellationToken cancellationToken);

    /// <summary>Null members stay as they are.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.AlreadyExists"/> where the name is taken.</exception>
    Task ChangeAsync(Collection collection, CollectionChange change, long at, CancellationToken cancellationToken);

    /// <summary>Removes the collection, with an artifact's versions or a portfolio's links.</summary>
    Task DeleteAsync(Collection collection, CancellationToken cancellationToken);

    /// <summary>
    /// Links a version into a portfolio, made if missing, under the next index; linked already, it keeps its index.
    /// "latest" and the asked aliases of the portfolio move to it.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Conflict"/> where the portfolio has another type; <see cref="ErrorCode.AlreadyExists"/> where an artifact has the name.</exception>
    Task<Membership> LinkAsync(ArtifactKey portfolio, VersionCard version, IReadOnlyList<string> aliases, long at, CancellationToken cancellationToken);

    Task UnlinkAsync(long portfolioId, long versionId, long at, CancellationToken cancellationToken);

    /// <summary>Points an alias of a portfolio to an index, or removes it.</summary>
    Task MoveAliasAsync(long portfolioId, string alias, int? to, long at, CancellationToken cancellationToken);

    /// <summary>Versions whose time is over and that neither an alias other than "latest" nor a link holds.</summary>
    Task<IReadOnlyList<VersionCard>> ListExpiredAsync(long now, CancellationToken cancellationToken);
}

/// <summary>Changes of a collection; null members stay as they are.</summary>
public sealed record CollectionChange(
    string? Name = null,
    string? Description = null,
    IReadOnlyList<string>? AddLabels = null,
    IReadOnlyList<string>? RemoveLabels = null);
