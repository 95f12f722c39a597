using Cairn.Core;
using Cairn.Core.Accounts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Whole experiments and runs in and out. Everything goes through the journal as any other write does.</summary>
internal static class ImportEndpoints
{
    public static async Task Import(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.ImportRequest>();
        var catalog = http.RequestServices.GetRequiredService<ExperimentCatalog>();
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < (request.Experiments?.Count ?? 0); i++)
        {
            var sent = Bind.Given(request.Experiments![i], "experiments", i);
            var wanted = ExperimentId.TryParse(sent.Id, out var id)
                ? id
                : throw CairnException.Invalid($"experiments[{i}].id", $"'experiments[{i}].id' must be a number.");
            var asked = new NewExperiment(sent.Name, sent.ArtifactLocation, sent.Tags) { Id = wanted, CreatedAt = sent.CreatedAt, UpdatedAt = sent.UpdatedAt };
            var made = sent.Lifecycle == "deleted" ? await catalog.AdoptDeletedAsync(asked, http.RequestAborted) : await catalog.AdoptAsync(asked, http.RequestAborted);
            numbers[sent.Id] = made.Id.ToString();
        }

        // Together they share the journal's transactions.
        var runs = request.Runs ?? [];
        await Task.WhenAll(runs.Select((run, i) => WriteAsync(http, Bind.Given(run, "runs", i), i)));
        for (var i = 0; i < (request.Deleted?.Count ?? 0); i++)
        {
            var gone = Bind.Given(request.Deleted![i], "deleted", i);
            var id = ExperimentId.TryParse(gone.Id, out var number) ? number : throw CairnException.Invalid($"deleted[{i}].id", $"'deleted[{i}].id' must be a number.");
            await catalog.DeleteAdoptedAsync(id, gone.Name, gone.UpdatedAt ?? gone.CreatedAt, http.RequestAborted);
        }

        await http.WriteJsonAsync(new Wire.ImportAnswer(numbers));
    }

    public static async Task FindKnown(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.KnownRunsRequest>();
        var ids = request.Ids.Where(id => RunId.TryParse(id, out _)).Select(RunId.Parse).ToList();
        var found = await http.RequestServices.GetRequiredService<IRunStore>().FindRunsAsync(ids, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.KnownRuns(
            [.. found.Select(run => new Wire.KnownRun(run.Id.Value, run.Status.ToWire(), run.EndedAt, run.Lifecycle.ToWire()))]));
    }

    public static async Task ExportExperiments(HttpContext http)
    {
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var found = await store.ListExperimentsAsync(LifecycleFilter.All, http.RequestAborted);

        // The first experiment is as old as its server, which says nothing elsewhere.
        await http.WriteJsonAsync(new Wire.ImportRequest(
        [
            .. found.Select(one => one.Experiment).OrderBy(one => one.Id.Value).Select(one => new Wire.ImportExperiment(
                one.Id.ToString(),
                one.Name,
                one.Id == ExperimentId.Default ? 0 : one.CreatedAt,
                one.Lifecycle.ToWire(),
                one.ArtifactLocation,
                new SortedDictionary<string, string>(one.Tags.ToDictionary(), StringComparer.Ordinal),
                one.Id == ExperimentId.Default ? null : one.UpdatedAt)),
        ]));
    }

    public static async Task Export(HttpContext http)
    {
        var id = Bind.RunId(http);
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var snapshot = await store.FindRunAsync(id, http.RequestAborted) ?? throw CairnException.NotFound($"Run with id={id} not found");
        var run = snapshot.Run;
        var files = await http.RequestServices.GetRequiredService<FileTree>().ListAsync(FileOwner.Of(id), "", http.RequestAborted);
        var logs = await store.ReadLogsAsync(id, -1, int.MaxValue, http.RequestAborted);
        var document = new Wire.ImportRun(
            id.Value,
            run.ExperimentId.ToString(),
            run.Name,
            run.Status.ToWire(),
            run.StartedAt,
            run.EndedAt,
            run.Lifecycle.ToWire(),
            run.Author,
            run.JobType,
            run.ParentId?.Value,
            [.. snapshot.Params.Select(ToWire)],
            new SortedDictionary<string, string>(snapshot.Tags.ToDictionary(), StringComparer.Ordinal),
            [.. snapshot.Summary.Select(ToWire)],
            null,
            [.. logs.Lines.Select(line => new Wire.LogLine(line.Line, line.Text, line.IsError ? "stderr" : "stdout", line.Time))],
            [.. (await store.ReadMediaAsync(id, http.RequestAborted)).Select(media => media.ToWire())],
            [.. files.Select(file => new Wire.ImportFile(file.Path, file.Digest.Value, file.Size))],
            run.Group,
            run.ClientId,
            run.IsOver ? run.HeartbeatAt : null,
            RunTexts.ToWire(await store.ListDocumentsAsync(id, http.RequestAborted)),
            RunTexts.ToWire(await store.ListBlocksAsync(id, http.RequestAborted)),
            RunTexts.ToWire(snapshot.Links.Datasets),
            snapshot.Links.ModelInputs.Count > 0 ? snapshot.Links.ModelInputs : null,
            snapshot.Links.ModelOutputs.Count > 0 ? [.. snapshot.Links.ModelOutputs.Select(made => new Wire.ImportModelOutput(made.ModelId, made.Step))] : null);
        await RunExportBody.WriteAsync(http, document, [.. snapshot.Latest.Select(metric => metric.Key)]);
    }

    private static async Task WriteAsync(HttpContext http, Wire.ImportRun sent, int index)
    {
        var journal = http.RequestServices.GetRequiredService<RunJournal>();
        if (!RunId.TryParse(sent.Id, out var id) || !ExperimentId.TryParse(sent.ExperimentId, out var experiment))
        {
            throw CairnException.Invalid($"runs[{index}].id", $"'runs[{index}]' needs an 'id' of 32 lower-case hexadecimal digits and an 'experimentId' that is a number.");
        }

        var parent = RunId.TryParse(sent.ParentId, out var parentId) ? parentId : (RunId?)null;
        var run = await journal.CreateAsync(
            new NewRun(experiment, id, sent.Name, sent.StartedAt, sent.Author, sent.JobType, parent, Group: sent.Group, ClientId: sent.ClientId, IsMoved: Caller.Current.IsAdmin), http.RequestAborted);
        if (run.Lifecycle == Lifecycle.Deleted)
        {
            // It was imported and deleted before; what is in the bin is left alone.
            return;
        }

        var blobs = http.RequestServices.GetRequiredService<IBlobStore>();
        var files = http.RequestServices.GetRequiredService<IFileStore>();
        foreach (var file in sent.Files ?? [])
        {
            var digest = Digest.Parse(file.Digest);
            var length = await blobs.FindAsync(digest, http.RequestAborted)
                ?? throw new CairnException(ErrorCode.FailedPrecondition, $"The content {digest} of '{file.Path}' is not here yet. Send it to /api/v1/blobs first.");
            await files.PutAsync(FileOwner.Of(id), new StoredFile(RelativePath.Normalize(file.Path), digest, length, sent.EndedAt ?? sent.StartedAt), http.RequestAborted);
        }

        await journal.ApplyAsync(
            new RunUpdate(id)
            {
                Name = sent.Name,
                Params = [.. (sent.Params ?? []).Select(ToParam)],
                MayChangeParams = true,
                Tags = [.. (sent.Tags ?? new Dictionary<string, string>()).Select(tag => new TagChange(tag.Key, tag.Value))],
                Summary = [.. (sent.Summary ?? []).Select(ToParam)],
                Points = ToPoints(sent.Series ?? [], index),
                Logs = [.. (sent.Logs ?? []).Select(line => new LogLine(line.Line, line.Time, line.Stream == "stderr", line.Text))],
                Media = [.. (sent.Media ?? []).Select(media => new Media(media.Key, media.Step, media.Time, media.Kind, media.Path, media.Caption))],
                Group = sent.Group,
                HeartbeatAt = sent.HeartbeatAt,
                Documents = [.. (sent.Documents ?? new Dictionary<string, string>()).Select(document => new RunDocument(document.Key, document.Value))],
                Lines = RunTexts.ToBlocks(sent.Lines, index),
                Links = RunTexts.ToLinks(sent),
                Status = WireMap.ToStatus(sent.Status),
                EndedAt = sent.EndedAt,
                EndAsGiven = true,
            },
            http.RequestAborted);
    }

    private static SeriesPoint[] ToPoints(IReadOnlyList<Wire.ImportSeries> series, int index)
    {
        var points = new SeriesPoint[series.Sum(one => one.Steps.Count)];
        var at = 0;
        for (var i = 0; i < series.Count; i++)
        {
            var (key, steps, times, values) = (series[i].Key, series[i].Steps, series[i].Times, series[i].Values);
            if (times.Count != steps.Count || values.Count != steps.Count)
            {
                throw CairnException.Invalid($"runs[{index}].series[{i}]", $"'runs[{index}].series[{i}]' ({key}): steps, times and values must be equally many.");
            }

            for (var j = 0; j < steps.Count; j++)
            {
                points[at++] = new SeriesPoint(key, new MetricPoint(steps[j], times[j], values[j]));
            }
        }

        return points;
    }

    private static Wire.ImportValue ToWire(Param param) =>
        new(param.Key, param.Value, param.Kind == ParamKind.Text ? null : param.Kind.ToString().ToLowerInvariant());

    private static Param ToParam(Wire.ImportValue value) => new(
        value.Key,
        value.Kind switch
        {
            null or "text" => ParamKind.Text,
            "number" => ParamKind.Number,
            "boolean" => ParamKind.Boolean,
            "null" => ParamKind.Null,
            "json" => ParamKind.Json,
            _ => throw CairnException.Invalid("kind", "'kind' must be number, boolean, null or json, or be left out for a text."),
        },
        value.Value);
}
