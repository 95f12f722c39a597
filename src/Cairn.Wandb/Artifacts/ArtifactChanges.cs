using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Experiments;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;

namespace Cairn.Wandb.Artifacts;

/// <summary>Changing versions and collections: aliases, descriptions, tags, links, deletion.</summary>
internal static class ArtifactChanges
{
    public static async ValueTask<ArtifactNode> UpdateAsync(FieldCall call)
    {
        var input = call.Input;
        var services = call.Request.Services;
        var version = await ArtifactWrites.VersionAsync(call, input.Required("artifactID"));
        await services.Collections.ChangeAsync(
            version,
            new VersionChange(
                input.Text("description"),
                ArtifactWrites.Metadata(input),
                input.Number("ttlDurationSeconds"),
                ArtifactWrites.Tags(input, "tagsToAdd"),
                ArtifactWrites.Tags(input, "tagsToDelete")),
            call.CancellationToken);

        // Old clients send the aliases that shall be, of all collections, and mean the others to go.
        if (input.Has("aliases"))
        {
            await SetAliasesAsync(call, version, input.Objects("aliases"));
        }

        return ArtifactNode.Of(await ArtifactWrites.VersionAsync(call, input.Required("artifactID")));
    }

    public static async ValueTask<object?> AddAliasesAsync(FieldCall call)
    {
        var version = await ArtifactWrites.VersionAsync(call, call.Input.Required("artifactID"));
        foreach (var alias in call.Input.Objects("aliases"))
        {
            await call.Request.Services.Collections.AddAliasAsync(
                version,
                alias.Required("artifactCollectionName"),
                alias.Required("alias"),
                who: null,
                call.CancellationToken);
        }

        return Success.Yes;
    }

    public static async ValueTask<object?> DeleteAliasesAsync(FieldCall call)
    {
        var version = await ArtifactWrites.VersionAsync(call, call.Input.Required("artifactID"));
        foreach (var alias in call.Input.Objects("aliases"))
        {
            await call.Request.Services.Collections.RemoveAliasAsync(
                version,
                alias.Required("artifactCollectionName"),
                alias.Required("alias"),
                who: null,
                call.CancellationToken);
        }

        return Success.Yes;
    }

    public static async ValueTask<ArtifactNode> DeleteAsync(FieldCall call)
    {
        var version = await ArtifactWrites.VersionAsync(call, call.Input.Required("artifactID"));
        await call.Request.Services.Collections.DeleteAsync(version, call.Input.Flag("deleteAliases"), call.CancellationToken);
        return ArtifactNode.Of(version);
    }

    /// <summary>Links a version into a portfolio: that of an id, or of a name in a project, which is made if missing.</summary>
    public static async ValueTask<MembershipNode> LinkAsync(FieldCall call)
    {
        var input = call.Input;
        var services = call.Request.Services;
        var version = await LinkedAsync(call);
        var key = input.Has("artifactPortfolioID")
            ? (await CollectionAsync(call, input.Required("artifactPortfolioID"))).Key
            : new ArtifactKey(await ProjectAsync(call, version), ArtifactWrites.Filled(input.Text("artifactPortfolioName"))
                ?? throw CairnException.Invalid("artifactPortfolioName", "'artifactPortfolioName' is missing: name the collection to link to."));
        await services.Collections.LinkAsync(key, version, [.. input.Objects("aliases").Select(alias => alias.Required("alias"))], call.CancellationToken);
        var portfolio = (await services.CollectionStore.FindAsync(key, call.CancellationToken))!;
        var linked = (await services.CollectionStore.FindByVersionAsync(version.VersionId, call.CancellationToken))!;
        return MembershipNode.Of(portfolio, linked)!;
    }

    public static async ValueTask<object?> UnlinkAsync(FieldCall call)
    {
        var version = await ArtifactWrites.VersionAsync(call, call.Input.Required("artifactID"));
        var portfolio = await CollectionAsync(call, call.Input.Required("artifactPortfolioID"));
        await call.Request.Services.Collections.UnlinkAsync(version, portfolio.Key.Name, call.CancellationToken);
        return Success.Yes;
    }

    /// <summary>Renames and describes a collection of either kind.</summary>
    public static async ValueTask<CollectionNode> UpdateCollectionAsync(FieldCall call, string field)
    {
        var collection = await CollectionAsync(call, call.Input.Required(field));
        await call.Request.Services.Collections.ChangeAsync(
            collection,
            new CollectionChange(ArtifactWrites.Filled(call.Input.Text("name")), call.Input.Text("description")),
            call.CancellationToken);
        return new CollectionNode(await CollectionAsync(call, call.Input.Required(field)));
    }

    public static async ValueTask<CollectionNode> DeleteCollectionAsync(FieldCall call, string field)
    {
        var collection = await CollectionAsync(call, call.Input.Required(field));
        await call.Request.Services.Collections.DeleteAsync(collection, call.CancellationToken);
        return new CollectionNode(collection, IsDeleted: true);
    }

    public static async ValueTask<object?> TagCollectionAsync(FieldCall call, bool add)
    {
        var input = call.Input;
        var collection = await NamedAsync(call);
        var tags = ArtifactWrites.Tags(input, "tags");
        await call.Request.Services.Collections.ChangeAsync(
            collection,
            add ? new CollectionChange(AddLabels: tags) : new CollectionChange(RemoveLabels: tags),
            call.CancellationToken);
        return add ? new CollectionNode(await NamedAsync(call)) : Success.Yes;
    }

    private static async ValueTask<Collection> NamedAsync(FieldCall call)
    {
        var name = call.Input.Required("artifactCollectionName");
        var project = await ProjectNode.FindAsync(call.Request, call.Input.Text("projectName"), call.CancellationToken);
        return (project is null ? null : await call.Request.Services.CollectionStore.FindAsync(new ArtifactKey(project.Experiment.Id, name), call.CancellationToken))
            ?? throw CairnException.NotFound($"There is no collection '{name}' in the project '{call.Input.Text("projectName")}'.");
    }

    private static async ValueTask SetAliasesAsync(FieldCall call, VersionCard version, IReadOnlyList<InputValues> aliases)
    {
        var collections = call.Request.Services.Collections;
        var wanted = aliases.Select(alias => (Collection: alias.Required("artifactCollectionName"), Alias: alias.Required("alias"))).ToHashSet();
        foreach (var (collection, alias) in wanted)
        {
            await collections.AddAliasAsync(version, collection, alias, who: null, call.CancellationToken);
        }

        foreach (var alias in version.Version.Aliases.Where(alias => alias != ArtifactCatalog.Latest && !wanted.Contains((version.Version.Key.Name, alias))))
        {
            await collections.RemoveAliasAsync(version, version.Version.Key.Name, alias, who: null, call.CancellationToken);
        }
    }

    private static async ValueTask<VersionCard> LinkedAsync(FieldCall call)
    {
        if (ArtifactWrites.Filled(call.Input.Text("artifactID")) is { } id)
        {
            return await ArtifactWrites.VersionAsync(call, id);
        }

        var services = call.Request.Services;
        var client = ArtifactWrites.Filled(call.Input.Text("clientID"))
            ?? throw CairnException.Invalid("artifactID", "'artifactID' is missing: say which version to link.");
        return (await services.DraftStore.FindByClientAsync(client, call.CancellationToken) is { } draft
                ? await services.CollectionStore.FindByDraftAsync(draft.Id, call.CancellationToken)
                : null)
            ?? throw CairnException.NotFound("There is no committed version with this client id.");
    }

    private static async ValueTask<ExperimentId> ProjectAsync(FieldCall call, VersionCard version) =>
        ArtifactWrites.Filled(call.Input.Text("projectName")) is { } project
            ? (await call.Request.Services.Experiments.EnsureAsync(new NewExperiment(project), call.CancellationToken)).Id
            : version.Version.Key.ExperimentId;

    private static async ValueTask<Collection> CollectionAsync(FieldCall call, string id) =>
        (ArtifactIds.ReadCollection(id) is { } found
            ? await call.Request.Services.CollectionStore.FindAsync(found.Number, found.IsPortfolio, call.CancellationToken)
            : null)
        ?? throw CairnException.NotFound("There is no artifact collection with this id.");
}

/// <summary>The answer of what only succeeds.</summary>
internal sealed class Success
{
    public static Success Yes { get; } = new();
}
