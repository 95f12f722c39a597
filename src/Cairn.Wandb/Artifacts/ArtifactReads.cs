using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Security;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Runs;

namespace Cairn.Wandb.Artifacts;

/// <summary>Finding artifacts, collections and what hangs on them. What is not there is null, never an error: clients rely on it.</summary>
internal static class ArtifactReads
{
    /// <summary>"name:alias", "name:v3", "name" for its latest; or, as old clients ask, "name:digest".</summary>
    public static async ValueTask<VersionCard?> FindAsync(FieldCall call, ExperimentId experiment, string name)
    {
        var colon = name.LastIndexOf(':');
        var key = new ArtifactKey(experiment, colon < 0 ? name : name[..colon]);
        var reference = colon < 0 ? "" : name[(colon + 1)..];
        var store = call.Request.Services.CollectionStore;
        return await store.FindAsync(key, VersionReference.Parse(reference), call.CancellationToken)
            ?? (Md5Text.IsHex(reference) ? await store.FindByWireDigestAsync(key, reference, call.CancellationToken) : null);
    }

    /// <summary>As <see cref="FindAsync"/>, and kept with the run whose command asks.</summary>
    public static async ValueTask<VersionCard?> AskAsync(FieldCall call, ExperimentId experiment, string name)
    {
        var found = await FindAsync(call, experiment, name);
        if (call.Request.Http.Features.Get<LaunchedBy>() is { } launcher && VersionReference.Parse(name[(name.LastIndexOf(':') + 1)..]).Index is null)
        {
            await AskedArtifacts.KeepAsync(call.Request.Services.Journal, launcher.Run, $"{experiment}/{name}", found?.Version.Digest.Value, call.CancellationToken);
        }

        return found;
    }

    public static async ValueTask<object?> MembershipAsync(FieldCall call, ExperimentId experiment, string name)
    {
        var collection = await CollectionAsync(call, experiment, name.Split(':')[0]);
        return await AskAsync(call, experiment, name) is { } version && collection is not null
            ? MembershipNode.Of(collection.Collection, version)
            : null;
    }

    /// <summary>A collection that holds a version.</summary>
    public static async ValueTask<CollectionNode?> CollectionAsync(FieldCall call, ExperimentId experiment, string name) =>
        await call.Request.Services.CollectionStore.FindAsync(new ArtifactKey(experiment, name), call.CancellationToken) is { } collection
            ? new CollectionNode(collection)
            : null;

    public static async ValueTask<Counted<CollectionNode>> CollectionsAsync(FieldCall call, ExperimentId experiment, string? type)
    {
        var all = await call.Request.Services.CollectionStore.ListAsync(experiment, type, call.CancellationToken);
        return Page(call, all.Select(collection => new CollectionNode(collection)).ToList());
    }

    public static async ValueTask<TypeNode?> TypeAsync(FieldCall call, ExperimentId experiment, string name) =>
        (await TypesAsync(call, experiment)).FirstOrDefault(type => type.Name == name);

    public static async ValueTask<IReadOnlyList<TypeNode>> TypesAsync(FieldCall call, ExperimentId experiment) =>
        [.. (await call.Request.Services.CollectionStore.ListTypesAsync(experiment, call.CancellationToken)).Select(type => new TypeNode(type.ExperimentId, type.Name, type.CreatedAt))];

    /// <summary>Versions of a collection, newest first, by the filter and order that clients send.</summary>
    public static async ValueTask<Counted<MembershipNode>> VersionsAsync(FieldCall call, Collection collection)
    {
        var versions = await call.Request.Services.CollectionStore.ListVersionsAsync(collection, call.CancellationToken);
        var places = versions.Select(version => MembershipNode.Of(collection, version)).OfType<MembershipNode>();
        var filter = VersionFilter.Read(call.Arguments.Text("filters"));
        var wanted = VersionFilter.Order(call.Arguments.Text("order"), places.Where(filter.Holds));
        return Page(call, wanted);
    }

    public static async ValueTask<Counted<ArtifactNode>> OfRunAsync(FieldCall call, RunNode run, LineageDirection direction)
    {
        var versions = await call.Request.Services.CollectionStore.ListOfRunAsync(run.Run.Id, direction, call.CancellationToken);
        return Page(call, versions.Select(ArtifactNode.Of).ToList());
    }

    public static async ValueTask<Counted<RunNode>> UsedByAsync(FieldCall call, ArtifactNode artifact)
    {
        if (artifact.Card is not { } card)
        {
            return Page<RunNode>(call, []);
        }

        var edges = await call.Request.Services.ArtifactStore.ReadEdgesAsync(card.Version.Key, card.Version.Index, call.CancellationToken);
        return Page(call, await RunsAsync(call, [.. edges.Where(edge => edge.Direction == LineageDirection.Input).Select(edge => edge.RunId)]));
    }

    public static async ValueTask<RunNode?> CreatedByAsync(FieldCall call, ArtifactNode artifact)
    {
        var run = artifact.Card?.Version.RunId ?? artifact.Pending?.Facts.RunId;
        return run is { } id ? (await RunsAsync(call, [id])).FirstOrDefault() : null;
    }

    public static async ValueTask<ProjectNode> ProjectAsync(FieldCall call, ExperimentId experiment) =>
        new(await call.Request.Services.Experiments.GetAsync(experiment, call.CancellationToken));

    /// <summary>The collection of a version; of one that is uploaded as the first of its name, what it will be.</summary>
    public static async ValueTask<CollectionNode> SequenceAsync(FieldCall call, ArtifactNode artifact) =>
        await CollectionAsync(call, artifact.Key.ExperimentId, artifact.Key.Name)
        ?? new CollectionNode(new Collection(0, false, artifact.Key, artifact.Type, null, artifact.CreatedAt, artifact.CreatedAt, new Dictionary<string, int>(), []));

    public static async ValueTask<VersionCard?> LatestAsync(FieldCall call, Collection collection) =>
        await call.Request.Services.CollectionStore.FindAsync(collection.Key, VersionReference.Latest, call.CancellationToken);

    public static Counted<T> Page<T>(FieldCall call, IReadOnlyList<T> all) =>
        Counted<T>.Of(all, call.Arguments.Text("after"), call.Arguments.Number("first"));

    private static async ValueTask<IReadOnlyList<RunNode>> RunsAsync(FieldCall call, IReadOnlyList<RunId> ids)
    {
        var nodes = new List<RunNode>();
        foreach (var run in await call.Request.Services.Runs.FindRunsAsync(ids, call.CancellationToken))
        {
            nodes.Add(new RunNode(await ProjectAsync(call, run.ExperimentId), run, call.Request.Services));
        }

        return nodes;
    }
}
