using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <summary>Artifacts and portfolios by number. A link into a portfolio gives no right to the version that is linked.</summary>
internal sealed class GuardedCollectionStore(ICollectionStore inner, AccessGuard guard) : ICollectionStore
{
    public async Task<VersionCard?> FindByDraftAsync(long draftId, CancellationToken cancellationToken) =>
        await ReadableAsync(await inner.FindByDraftAsync(draftId, cancellationToken), cancellationToken);

    public async Task<VersionCard?> FindByVersionAsync(long versionId, CancellationToken cancellationToken) =>
        await ReadableAsync(await inner.FindByVersionAsync(versionId, cancellationToken), cancellationToken);

    public async Task<VersionCard?> FindAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await ReadableAsync(await inner.FindAsync(key, reference, cancellationToken), cancellationToken);
    }

    public async Task<VersionCard?> FindByWireDigestAsync(ArtifactKey key, string wireDigest, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await ReadableAsync(await inner.FindByWireDigestAsync(key, wireDigest, cancellationToken), cancellationToken);
    }

    public async Task<IReadOnlyList<VersionCard>> ListVersionsAsync(Collection collection, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(collection.Key, Permission.Read, cancellationToken);
        return await KeepAsync(await inner.ListVersionsAsync(collection, cancellationToken), cancellationToken);
    }

    public async Task<IReadOnlyList<VersionCard>> ListOfRunAsync(RunId run, LineageDirection direction, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(run, Permission.Read, cancellationToken);
        return await KeepAsync(await inner.ListOfRunAsync(run, direction, cancellationToken), cancellationToken);
    }

    public async Task<IReadOnlyList<Reference>> ReadReferencesAsync(long versionId, CancellationToken cancellationToken)
    {
        await DemandAsync(versionId, Permission.Read, cancellationToken);
        return await inner.ReadReferencesAsync(versionId, cancellationToken);
    }

    public async Task<IReadOnlyList<AliasChange>> ReadAliasHistoryAsync(Collection portfolio, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(portfolio.Key, Permission.Read, cancellationToken);
        return await inner.ReadAliasHistoryAsync(portfolio, cancellationToken);
    }

    public async Task<IReadOnlyList<Collection>> ListAsync(ExperimentId experiment, string? type, CancellationToken cancellationToken) =>
        await guard.OnlyReadableAsync(await inner.ListAsync(experiment, type, cancellationToken), one => one.Key, cancellationToken);

    public async Task<Collection?> FindAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.FindAsync(key, cancellationToken);
    }

    public async Task<Collection?> FindAsync(long id, bool isPortfolio, CancellationToken cancellationToken)
    {
        var found = await inner.FindAsync(id, isPortfolio, cancellationToken);
        if (found is not null)
        {
            await guard.DemandAsync(found.Key, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<IReadOnlyList<ArtifactType>> ListTypesAsync(ExperimentId experiment, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.ListTypesAsync(experiment, cancellationToken);
    }

    public async Task ChangeVersionAsync(long versionId, VersionChange change, long at, CancellationToken cancellationToken)
    {
        await DemandAsync(versionId, Permission.Edit, cancellationToken);
        await inner.ChangeVersionAsync(versionId, change, at, cancellationToken);
    }

    public async Task ChangeAsync(Collection collection, CollectionChange change, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(collection.Key, Permission.Edit, cancellationToken);
        await inner.ChangeAsync(collection, change, at, cancellationToken);
        if (change.Name is not null)
        {
            guard.Forget();
        }
    }

    public async Task DeleteAsync(Collection collection, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(collection.Key, Permission.Manage, cancellationToken);
        await inner.DeleteAsync(collection, cancellationToken);
        guard.Forget();
    }

    public async Task<Membership> LinkAsync(ArtifactKey portfolio, VersionCard version, IReadOnlyList<string> aliases, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(portfolio, Permission.Edit, cancellationToken);
        await guard.DemandAsync(version.Version.Key, Permission.Read, cancellationToken);
        return await inner.LinkAsync(portfolio, version, aliases, at, cancellationToken);
    }

    public async Task UnlinkAsync(long portfolioId, long versionId, long at, CancellationToken cancellationToken)
    {
        await DemandPortfolioAsync(portfolioId, cancellationToken);
        await inner.UnlinkAsync(portfolioId, versionId, at, cancellationToken);
    }

    public async Task MoveAliasAsync(long portfolioId, string alias, int? to, long at, CancellationToken cancellationToken)
    {
        await DemandPortfolioAsync(portfolioId, cancellationToken);
        await inner.MoveAliasAsync(portfolioId, alias, to, at, cancellationToken);
    }

    public Task<IReadOnlyList<VersionCard>> ListExpiredAsync(long now, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("The list of versions whose time is over");
        return inner.ListExpiredAsync(now, cancellationToken);
    }

    private async ValueTask DemandPortfolioAsync(long id, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindAsync(id, isPortfolio: true, cancellationToken) is { } portfolio)
        {
            await guard.DemandAsync(portfolio.Key, Permission.Edit, cancellationToken);
        }
    }

    private async ValueTask DemandAsync(long versionId, Permission need, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindByVersionAsync(versionId, cancellationToken) is { } version)
        {
            await guard.DemandAsync(version.Version.Key, need, cancellationToken);
        }
    }

    private async ValueTask<VersionCard?> ReadableAsync(VersionCard? card, CancellationToken cancellationToken)
    {
        if (card is null || await guard.FindRightsAsync(cancellationToken) is not { } rights)
        {
            return card;
        }

        await guard.DemandAsync(card.Version.Key, Permission.Read, cancellationToken);
        return Shown(card, rights);
    }

    private async ValueTask<IReadOnlyList<VersionCard>> KeepAsync(IReadOnlyList<VersionCard> cards, CancellationToken cancellationToken) =>
        await guard.FindRightsAsync(cancellationToken) is { SeesEverything: false } rights
            ? [.. cards.Where(card => rights.MayRead(card.Version.Key)).Select(card => Shown(card, rights))]
            : cards;

    private static VersionCard Shown(VersionCard card, Rights rights) =>
        card.Memberships.All(place => rights.MayRead(place.Portfolio)) ? card : card with { Memberships = [.. card.Memberships.Where(place => rights.MayRead(place.Portfolio))] };
}
