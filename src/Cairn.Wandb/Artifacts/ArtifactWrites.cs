using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Wandb.Files;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>Logging a version: begin, manifests, files, commit; and using one.</summary>
internal static class ArtifactWrites
{
    /// <summary>
    /// Begins a version, or answers the one that has this digest: then the client uploads nothing, and aliases and lineage
    /// are as if it had.
    /// </summary>
    public static async ValueTask<ArtifactNode> CreateAsync(FieldCall call)
    {
        var input = call.Input;
        var services = call.Request.Services;
        var name = input.Text("artifactCollectionName") ?? input.Texts("artifactCollectionNames").FirstOrDefault()
            ?? throw CairnException.Invalid("artifactCollectionName", "'artifactCollectionName' is missing: name the artifact.");
        var experiment = await services.Experiments.EnsureAsync(new NewExperiment(input.Required("projectName")), call.CancellationToken);
        var key = new ArtifactKey(experiment.Id, name);
        var draft = await services.Drafts.BeginAsync(
            new NewDraft(
                key,
                input.Required("artifactTypeName"),
                input.Required("digest"),
                Aliases(input),
                Tags(input, "tags"),
                new DraftFacts(
                    Filled(input.Text("description")),
                    Metadata(input),
                    Filled(input.Text("clientID")),
                    Filled(input.Text("sequenceClientID")),
                    Filled(input.Text("distributedID")),
                    input.Number("ttlDurationSeconds") is > 0 and var ttl ? ttl : null,
                    input.Number("historyStep"),
                    RunId: (await FindRunAsync(call, input.Required("projectName"), input.Text("runName")))?.Id)),
            call.CancellationToken);
        if (draft.IsPending
            && draft.Facts.DistributedId is null
            && await services.CollectionStore.FindByWireDigestAsync(key, draft.WireDigest, call.CancellationToken) is { } same)
        {
            await services.Drafts.AdoptAsync(draft, same.VersionId, call.CancellationToken);
        }

        return await ArtifactCommit.FindAsync(services, ArtifactIds.OfDraft(draft.Id), call.CancellationToken)
            ?? throw CairnException.NotFound($"The version of '{name}' that this upload became has been deleted.");
    }

    /// <summary>Announces a manifest; asked again with its digest, it says where to upload it.</summary>
    public static async ValueTask<ManifestNode> CreateManifestAsync(FieldCall call)
    {
        var input = call.Input;
        var draft = await PendingAsync(call, input.Required("artifactID"));
        var kind = input.Text("type") switch
        {
            "PATCH" => ManifestKind.Patch,
            "INCREMENTAL" => ManifestKind.Incremental,
            _ => ManifestKind.Full,
        };
        var manifest = await call.Request.Services.Drafts.AnnounceManifestAsync(
            new DraftManifest(0, draft.Id, kind, Filled(input.Text("baseArtifactID")), Md5(input), Content: null),
            call.CancellationToken);
        return ArtifactFiles.ToUpload(call.Request, manifest);
    }

    public static async ValueTask<ManifestNode> UpdateManifestAsync(FieldCall call)
    {
        var input = call.Input;
        var drafts = call.Request.Services.Drafts;
        var known = await drafts.GetManifestAsync(
            ArtifactIds.ReadManifest(input.Required("artifactManifestID"))
                ?? throw CairnException.Invalid("artifactManifestID", "'artifactManifestID' is no id of a manifest that this server gave out."),
            call.CancellationToken);
        var manifest = await drafts.AnnounceManifestAsync(
            known with { BaseId = Filled(input.Text("baseArtifactID")) ?? known.BaseId, Md5 = Md5(input) ?? known.Md5 },
            call.CancellationToken);
        return ArtifactFiles.ToUpload(call.Request, manifest);
    }

    /// <summary>Where to upload files; none for those whose bytes are here. As many and in the order as asked.</summary>
    public static async ValueTask<FileList> CreateFilesAsync(FieldCall call)
    {
        var wanted = call.Input.Objects("artifactFiles");
        var drafts = new Dictionary<string, Draft>(StringComparer.Ordinal);
        var specs = new List<(Draft Draft, string Name, string Md5, IReadOnlyList<string> Parts)>(wanted.Count);
        foreach (var file in wanted)
        {
            var id = file.Required("artifactID");
            if (!drafts.TryGetValue(id, out var draft))
            {
                drafts[id] = draft = await PendingAsync(call, id);
            }

            var name = Core.Blobs.RelativePath.Normalize(file.Required("name"), "name");
            specs.Add((draft, name, Md5Text.ToHex(file.Required("md5"), "md5"), ArtifactParts.Read(file.Objects("uploadPartsInput"))));
        }

        var known = await call.Request.Services.Drafts.FindKnownAsync([.. specs.Select(spec => spec.Md5).Distinct()], call.CancellationToken);
        foreach (var draft in drafts.Values.Where(draft => draft.IsPending))
        {
            await call.Request.Services.Drafts.ReserveAsync(
                draft.Id,
                [.. specs.Where(spec => spec.Draft == draft && known.ContainsKey(spec.Md5)).Select(spec => (spec.Name, known[spec.Md5]))],
                call.CancellationToken);
        }

        var files = new List<FileNode>(specs.Count);
        foreach (var (draft, name, md5, parts) in specs)
        {
            var file = ArtifactFiles.ToUpload(call.Request, draft, name, md5, known.ContainsKey(md5));
            files.Add(file.UploadUrl is null || parts.Count == 0
                ? file
                : file with { Parts = await ArtifactParts.BeginAsync(call, draft, name, md5, parts) });
        }

        return new FileList(new Page<FileNode>(files), files.Count);
    }

    public static async ValueTask<ArtifactNode> CommitAsync(FieldCall call)
    {
        var draft = await PendingAsync(call, call.Input.Required("artifactID"));
        return ArtifactNode.Of(await ArtifactCommit.RunAsync(call.Request.Services, draft, call.CancellationToken));
    }

    /// <summary>Records that a run uses a version.</summary>
    public static async ValueTask<ArtifactNode> UseAsync(FieldCall call)
    {
        var input = call.Input;
        var version = await VersionAsync(call, input.Required("artifactID"));
        var run = await FindRunAsync(call, input.Required("projectName"), input.Required("runName"))
            ?? throw CairnException.NotFound($"There is no run '{input.Required("runName")}' in the project '{input.Required("projectName")}'.");
        await call.Request.Services.Collections.UseAsync(run.Id, version, Filled(input.Text("usedAs")), call.CancellationToken);
        return ArtifactNode.Of(version);
    }

    /// <summary>A version by id.</summary>
    public static async ValueTask<VersionCard> VersionAsync(FieldCall call, string id) =>
        (await ArtifactCommit.FindAsync(call.Request.Services, id, call.CancellationToken))?.Card
        ?? throw CairnException.NotFound($"There is no artifact version with the id '{(id.Length > 60 ? id[..60] : id)}', or it is not committed yet.");

    public static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Names of tags, which clients send as objects.</summary>
    public static IReadOnlyList<string> Tags(InputValues input, string field) => [.. input.Objects(field).Select(tag => tag.Required("tagName"))];

    /// <summary>Metadata as text, which must be a JSON object.</summary>
    public static string? Metadata(InputValues input)
    {
        if (Filled(input.Text("metadata")) is not { } text || text == "null")
        {
            return null;
        }

        using var json = LenientJson.Parse(text, "metadata");
        return json.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object
            ? text
            : throw CairnException.Invalid("metadata", "'metadata' must be a JSON object.");
    }

    private static string? Md5(InputValues input) => Filled(input.Text("digest")) is { } digest ? Md5Text.ToHex(digest, "digest") : null;

    // "latest" is everybody's, and v3 is no name to give.
    private static IReadOnlyList<string> Aliases(InputValues input) =>
        [.. input.Objects("aliases").Select(alias => alias.Required("alias")).Where(alias => alias != ArtifactCatalog.Latest).Distinct(StringComparer.Ordinal)];

    private static async ValueTask<Draft> PendingAsync(FieldCall call, string id) =>
        ArtifactIds.Read(id) is { IsVersion: false } found
            ? await call.Request.Services.Drafts.GetAsync(found.Number, call.CancellationToken)
            : throw CairnException.NotFound($"There is no artifact with the id '{(id.Length > 60 ? id[..60] : id)}' that could be uploaded to.");

    private static async ValueTask<Run?> FindRunAsync(FieldCall call, string project, string? name) =>
        string.IsNullOrEmpty(name) ? null
        : (await RunNode.FindAsync(call.Request, project, name, call.CancellationToken))?.Run
            ?? throw CairnException.NotFound($"There is no run '{name}' in the project '{project}'.");
}
