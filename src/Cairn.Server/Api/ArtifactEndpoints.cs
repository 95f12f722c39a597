using System.Globalization;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class ArtifactEndpoints
{
    public static async Task List(HttpContext http)
    {
        var names = Names(http);
        ExperimentId? experiment = null;
        if (Bind.Query(http, "experiment") is { } text)
        {
            var found = await Experiments(http).GetAsync(text, http.RequestAborted);
            names.Know(found);
            experiment = found.Id;
        }

        var infos = new List<Wire.ArtifactInfo>();
        foreach (var artifact in await Store(http).ListAsync(experiment, Bind.Query(http, "type"), http.RequestAborted))
        {
            infos.Add(artifact.ToWire(await names.GetAsync(artifact.Key.ExperimentId, http.RequestAborted)));
        }

        if (experiment is { } only)
        {
            var portfolios = await Portfolios.ListAsync(http, only, Bind.Query(http, "type"), await names.GetAsync(only, http.RequestAborted));
            infos = [.. infos.Concat(portfolios).OrderByDescending(info => info.UpdatedAt)];
        }

        await http.WriteJsonAsync(new Wire.ArtifactList(infos));
    }

    public static async Task Get(HttpContext http)
    {
        var key = Bind.ArtifactKey(http);
        if (await Portfolios.FindAsync(http, key) is { } portfolio)
        {
            await http.WriteJsonAsync(await Portfolios.ReadAsync(http, portfolio, await Names(http).GetAsync(key.ExperimentId, http.RequestAborted)));
            return;
        }

        var artifact = await Store(http).FindAsync(key, http.RequestAborted)
            ?? throw CairnException.NotFound($"There is no artifact '{key.Name}' in experiment {key.ExperimentId}.");
        var name = await Names(http).GetAsync(key.ExperimentId, http.RequestAborted);
        var versions = await Store(http).ListVersionsAsync(key, http.RequestAborted);
        var history = await Store(http).ReadAliasHistoryAsync(key, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.ArtifactDetail(
            artifact.ToWire(name),
            [.. versions.Select(version => version.ToWire(name))],
            [.. history.Select(change => change.ToWire())],
            await ModelEndpoints.FindAsync(http, key)));
    }

    private const string ModelScheme = "models:/";

    public static async Task Resolve(HttpContext http)
    {
        var text = Bind.Query(http, "ref") ?? throw CairnException.Invalid("ref", "'ref' is missing: name:version, name:alias or experiment/name:alias.");
        if (text.StartsWith(ModelScheme, StringComparison.Ordinal))
        {
            await VersionEndpoints.WriteAsync(http, await FindModelAsync(http, text[ModelScheme.Length..]));
            return;
        }

        var (named, name, reference) = Bind.Reference(text, "ref");
        var experiment = await Experiments(http).GetAsync(named ?? Bind.Query(http, "experiment") ?? "0", http.RequestAborted);
        await VersionEndpoints.WriteAsync(http, await Catalog(http).GetAsync(new ArtifactKey(experiment.Id, name), reference, http.RequestAborted));
    }

    /// <summary>As MLflow writes them: NAME@ALIAS, NAME/Production, NAME/latest, NAME/3.</summary>
    private static async Task<ArtifactVersion> FindModelAsync(HttpContext http, string text)
    {
        var registry = http.RequestServices.GetRequiredService<ModelRegistry>();
        if (text.LastIndexOf('@') is > 0 and var at)
        {
            return (await registry.FindVersionAsync(text[..at], new VersionReference(null, text[(at + 1)..]), http.RequestAborted))?.Version
                ?? throw CairnException.NotFound($"The registered model '{text[..at]}' has no alias '{text[(at + 1)..]}'.");
        }

        var slash = text.LastIndexOf('/');
        var model = await registry.GetAsync(slash > 0 ? text[..slash] : text, http.RequestAborted);
        var which = slash > 0 ? text[(slash + 1)..] : "latest";
        var version = Enum.TryParse<ModelStage>(which, ignoreCase: true, out var stage) && !char.IsDigit(which[0])
            ? model.LatestVersions.FirstOrDefault(version => version.Stage == stage)
            : int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? await registry.GetVersionAsync(model.Name, number, http.RequestAborted)
                : which == "latest" ? model.LatestVersions.MaxBy(version => version.Number) : null;
        return version?.Version ?? throw CairnException.NotFound($"The registered model '{model.Name}' has no version '{which}'.");
    }

    public static async Task Use(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.UseArtifactRequest>();
        var run = await FindRunAsync(http, Bind.RunId(http));
        var (named, name, reference) = Bind.Reference(request.Artifact, "artifact");
        var experiment = named is null ? run.ExperimentId : (await Experiments(http).GetAsync(named, http.RequestAborted)).Id;
        try
        {
            var version = await Catalog(http).UseAsync(run.Id, new ArtifactKey(experiment, name), reference, http.RequestAborted);
            await VersionEndpoints.WriteAsync(http, version);
        }
        catch (CairnException fault) when (fault.Code == ErrorCode.NotFound)
        {
            await AskedArtifacts.KeepAsync(http.RequestServices.GetRequiredService<RunJournal>(), run.Id, request.Artifact, null, http.RequestAborted);
            throw;
        }
    }

    public static async Task Commit(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.CommitVersionRequest>();
        var runId = request.RunId is { } id ? RunId.Parse(id) : (RunId?)null;
        var experiment = await FindExperimentAsync(http, request, runId);
        var committed = await Catalog(http).CommitAsync(
            new VersionRequest(
                new ArtifactKey(experiment, request.Name),
                request.Type,
                [.. request.Manifest.Select((entry, i) => Bind.Given(entry, "manifest", i)).Select((entry, i) => new ManifestEntry(entry.Path, Digest.Parse(entry.Digest, $"manifest[{i}].digest"), entry.Size))],
                [.. (request.Aliases ?? []).Select((alias, i) => Bind.Given(alias, "aliases", i))],
                request.Description,
                ReadMetadata(request.Metadata),
                request.Author,
                runId),
            http.RequestAborted);
        var name = await Names(http).GetAsync(experiment, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.CommitVersionResponse(committed.Version.ToWire(name), committed.Created));
    }

    private static async Task<ExperimentId> FindExperimentAsync(HttpContext http, Wire.CommitVersionRequest request, RunId? run) =>
        request.ExperimentId is { } id ? (await Experiments(http).GetAsync(id, http.RequestAborted)).Id
        : run is { } runId ? (await FindRunAsync(http, runId)).ExperimentId
        : request.Experiment is { Length: > 0 } name ? (await Experiments(http).EnsureAsync(new NewExperiment(name), http.RequestAborted)).Id
        : ExperimentId.Default;

    private static string? ReadMetadata(JsonElement? metadata) => metadata switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Object } json => json.GetRawText(),
        _ => throw CairnException.Invalid("metadata", "'metadata' must be a JSON object."),
    };

    private static async Task<Run> FindRunAsync(HttpContext http, RunId id)
    {
        var found = await http.RequestServices.GetRequiredService<IRunStore>().FindRunsAsync([id], http.RequestAborted);
        return found.Count > 0 ? found[0] : throw CairnException.NotFound($"Run with id={id} not found");
    }

    private static ExperimentNames Names(HttpContext http) => new(Experiments(http));

    private static ExperimentCatalog Experiments(HttpContext http) => http.RequestServices.GetRequiredService<ExperimentCatalog>();

    private static ArtifactCatalog Catalog(HttpContext http) => http.RequestServices.GetRequiredService<ArtifactCatalog>();

    private static IArtifactStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IArtifactStore>();
}
