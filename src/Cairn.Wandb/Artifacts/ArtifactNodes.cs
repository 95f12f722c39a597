using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Experiments;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>A version as clients see it; or, with no card yet, one that is being uploaded.</summary>
internal sealed record ArtifactNode(Draft? Pending, VersionCard? Card)
{
    public static ArtifactNode Of(Draft draft) => new(draft, null);

    public static ArtifactNode Of(VersionCard card) => new(null, card);

    public static ArtifactNode? OrNull(VersionCard? card) => card is null ? null : Of(card);

    public string Id => Card is { } card ? ArtifactIds.Of(card) : ArtifactIds.OfDraft(Pending!.Id);

    public ArtifactKey Key => Card?.Version.Key ?? Pending!.Key;

    public string Type => Card?.Version.Type ?? Pending!.Type;

    public string State => Card is null ? "PENDING" : "COMMITTED";

    /// <summary>The digest clients know; for content of other doors, that of the house cut to its length.</summary>
    public string Digest => Card is { } card ? card.WireDigest ?? card.Version.Digest.Value[..32] : Pending!.WireDigest;

    public long CreatedAt => Card?.Version.CreatedAt ?? Pending!.CreatedAt;

    public long UpdatedAt => Card?.UpdatedAt ?? CreatedAt;

    public IReadOnlyList<AliasNode> Aliases => Card is not { } card
        ? []
        : [
            .. Names(card.Version.Index, card.Version.Aliases).Select(alias => new AliasNode(card.Version.Key, card.CollectionId, false, alias)),
            .. card.Memberships.SelectMany(place => Names(place.Index, place.Aliases).Select(alias => new AliasNode(place.Portfolio, place.PortfolioId, true, alias))),
        ];

    /// <summary>Clients find the version among the aliases: v3, latest, and then those that people gave.</summary>
    public static IEnumerable<string> Names(int index, IReadOnlyList<string> aliases) =>
        aliases.OrderBy(alias => alias != ArtifactCatalog.Latest).Prepend($"v{index}");
}

/// <summary>An alias in a collection.</summary>
internal sealed record AliasNode(ArtifactKey Collection, long CollectionId, bool IsPortfolio, string Alias)
{
    public string Id => NodeId.Of("ArtifactAlias", $"{(IsPortfolio ? 'p' : 'a')}{CollectionId}:{Alias}");
}

/// <summary>A collection that clients see: an artifact's own sequence of versions, or a portfolio.</summary>
internal sealed record CollectionNode(Collection Collection, bool IsDeleted = false)
{
    public string TypeName => Collection.IsPortfolio ? "ArtifactPortfolio" : "ArtifactSequence";
}

/// <summary>A type of artifacts within a project.</summary>
internal sealed record TypeNode(ExperimentId Experiment, string Name, long CreatedAt)
{
    public string Id => NodeId.Of("ArtifactType", $"{Experiment}:{Name}");
}

/// <summary>A version's place in a collection.</summary>
internal sealed record MembershipNode(Collection Collection, VersionCard Version, int Index, IReadOnlyList<string> Aliases, long At)
{
    public string Id => NodeId.Of("ArtifactCollectionMembership", $"{(Collection.IsPortfolio ? 'p' : 'a')}{Collection.Id}:{Index}");

    public IEnumerable<AliasNode> AliasNodes =>
        ArtifactNode.Names(Index, Aliases).Select(alias => new AliasNode(Collection.Key, Collection.Id, Collection.IsPortfolio, alias));

    /// <summary>The version's place in the collection; null where it has none.</summary>
    public static MembershipNode? Of(Collection collection, VersionCard version)
    {
        if (!collection.IsPortfolio)
        {
            return new MembershipNode(collection, version, version.Version.Index, version.Version.Aliases, version.Version.CreatedAt);
        }

        return version.Memberships.FirstOrDefault(place => place.PortfolioId == collection.Id) is { } place
            ? new MembershipNode(collection, version, place.Index, place.Aliases, place.At)
            : null;
    }
}

/// <summary>A manifest: one that is announced and perhaps to be uploaded, or that of a version.</summary>
internal sealed record ManifestNode(string Id, Files.FileNode File, string? Digest);

/// <summary>A tag.</summary>
internal sealed record TagNode(string Owner, string Name)
{
    public string Id => NodeId.Of("Tag", $"{Owner}:{Name}");
}

/// <summary>A page with the count of all there are.</summary>
internal sealed record Counted<T>(Page<T> Page, int Total)
{
    /// <summary>A part of what is all here.</summary>
    public static Counted<T> Of(IReadOnlyList<T> all, string? after, long? first)
    {
        var offset = Cursor.Offset(after);
        var take = (int)Math.Clamp(first ?? 1000, 0, 10_000);
        var items = all.Skip(offset).Take(take).ToList();
        return new Counted<T>(new Page<T>(items, offset, offset + items.Count < all.Count), all.Count);
    }
}
