using Cairn.Core.Accounts;
using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts.Collections;

/// <summary>The rules for changing versions and collections after the fact: descriptions, labels, aliases, links, deletion.</summary>
public sealed class ArtifactCollections(
    ICollectionStore store,
    IArtifactStore artifacts,
    ArtifactCatalog catalog,
    IRunStore runs,
    RunFeed feed,
    TimeProvider clock)
{
    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task ChangeAsync(VersionCard version, VersionChange change, CancellationToken cancellationToken)
    {
        foreach (var label in change.AddLabels ?? [])
        {
            ArtifactNames.CheckLabel(label);
        }

        await store.ChangeVersionAsync(version.VersionId, change, Now, cancellationToken);
        await PublishAsync(version.Version.RunId, cancellationToken);
    }

    public async Task ChangeAsync(Collection collection, CollectionChange change, CancellationToken cancellationToken)
    {
        if (change.Name is { } name)
        {
            ArtifactNames.Check("name", name);
        }

        foreach (var label in change.AddLabels ?? [])
        {
            ArtifactNames.CheckLabel(label);
        }

        await store.ChangeAsync(collection, change, Now, cancellationToken);
    }

    /// <summary>Moves an alias of the collection <paramref name="name"/> to the version: its own artifact's, or a portfolio's that links it.</summary>
    public async Task AddAliasAsync(VersionCard version, string name, string alias, string? who, CancellationToken cancellationToken)
    {
        if (alias == ArtifactCatalog.Latest || IsOwnLabel(version, name, alias))
        {
            // Clients list what is so already with what they add.
            return;
        }

        ArtifactNames.CheckAlias(alias);
        if (name == version.Version.Key.Name)
        {
            await artifacts.MoveAliasAsync(
                new AliasMove(version.Version.Key, alias, version.Version.Index, Expected: null, Caller.Current.Sign(who), Why: null, RunId: null, Now),
                cancellationToken);
            return;
        }

        var place = FindPlace(version, name);
        await store.MoveAliasAsync(place.PortfolioId, alias, place.Index, Now, cancellationToken);
    }

    /// <summary>Removes an alias where it points to the version; one that has moved on meanwhile stays.</summary>
    public async Task RemoveAliasAsync(VersionCard version, string name, string alias, string? who, CancellationToken cancellationToken)
    {
        if (alias == ArtifactCatalog.Latest)
        {
            throw CairnException.Invalid("alias", "'latest' always points to what was logged last and cannot be removed.");
        }

        if (name == version.Version.Key.Name)
        {
            if (version.Version.Aliases.Contains(alias))
            {
                await artifacts.MoveAliasAsync(new AliasMove(version.Version.Key, alias, To: null, Expected: null, Caller.Current.Sign(who), Why: null, RunId: null, Now), cancellationToken);
            }

            return;
        }

        var place = FindPlace(version, name);
        if (place.Aliases.Contains(alias))
        {
            await store.MoveAliasAsync(place.PortfolioId, alias, to: null, Now, cancellationToken);
        }
    }

    /// <summary>Records that a run used a version, under the name it asked for.</summary>
    public async Task UseAsync(RunId runId, VersionCard version, string? usedAs, CancellationToken cancellationToken)
    {
        var run = (await runs.FindRunsAsync([runId], cancellationToken)).FirstOrDefault() ?? throw CairnException.NotFound($"Run with id={runId} not found");
        await artifacts.AddInputAsync(
            new LineageEdge(runId, version.Version.Key, version.Version.Index, LineageDirection.Input, Now, usedAs ?? $"{version.Version.Key.Name}:{version.Version.Label}"),
            cancellationToken);
        feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Artifacts));
    }

    public Task<Membership> LinkAsync(ArtifactKey portfolio, VersionCard version, IReadOnlyList<string> aliases, CancellationToken cancellationToken)
    {
        ArtifactNames.Check("artifactPortfolioName", portfolio.Name);
        foreach (var alias in aliases)
        {
            ArtifactNames.CheckAlias(alias);
        }

        return store.LinkAsync(portfolio, version, [.. aliases.Where(alias => alias != ArtifactCatalog.Latest).Distinct(StringComparer.Ordinal)], Now, cancellationToken);
    }

    public Task UnlinkAsync(VersionCard version, string portfolio, CancellationToken cancellationToken) =>
        store.UnlinkAsync(FindPlace(version, portfolio).PortfolioId, version.VersionId, Now, cancellationToken);

    /// <summary>Takes a version out of sight. Refused while an alias other than "latest" points to it, unless the aliases shall go too.</summary>
    public async Task DeleteAsync(VersionCard version, bool withAliases, CancellationToken cancellationToken)
    {
        if (withAliases)
        {
            foreach (var alias in version.Version.Aliases.Where(alias => alias != ArtifactCatalog.Latest))
            {
                await artifacts.MoveAliasAsync(
                    new AliasMove(version.Version.Key, alias, To: null, Expected: null, Caller.Current.Sign(null), $"{version.Version.Label} was deleted", RunId: null, Now),
                    cancellationToken);
            }
        }

        await catalog.DeleteAsync(version.Version.Key, new VersionReference(version.Version.Index, null), cancellationToken);
        await PublishAsync(version.Version.RunId, cancellationToken);
    }

    public Task DeleteAsync(Collection collection, CancellationToken cancellationToken) => store.DeleteAsync(collection, cancellationToken);

    /// <summary>Takes versions out of sight whose time is over; answers how many.</summary>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var expired = await store.ListExpiredAsync(Now, cancellationToken);
        foreach (var version in expired)
        {
            await DeleteAsync(version, withAliases: false, cancellationToken);
        }

        return expired.Count;
    }

    private static bool IsOwnLabel(VersionCard version, string name, string alias) =>
        VersionReference.Parse(alias).Index is { } index
        && (name == version.Version.Key.Name ? index == version.Version.Index : version.Memberships.Any(place => place.Portfolio.Name == name && place.Index == index));

    private static Membership FindPlace(VersionCard version, string name) =>
        version.Memberships.FirstOrDefault(place => place.Portfolio.Name == name)
        ?? throw CairnException.NotFound($"'{version.Version.Key.Name}:{version.Version.Label}' is not in the collection '{name}'. Link it there first.");

    private async Task PublishAsync(RunId? id, CancellationToken cancellationToken)
    {
        if (id is { } runId && (await runs.FindRunsAsync([runId], cancellationToken)).FirstOrDefault() is { } run)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Artifacts));
        }
    }
}
