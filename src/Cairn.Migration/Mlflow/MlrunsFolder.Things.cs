using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <content>Datasets, logged models and the registry, which lies in <c>models</c> beside the experiments.</content>
public sealed partial class MlrunsFolder
{
    private const string Meta = "meta.yaml";

    private static readonly string[] ModelStatuses = ["unspecified", "pending", "ready", "failed"];

    public async IAsyncEnumerable<SourceThing> ReadThingsAsync(
        string kind,
        Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (kind == ThingKinds.LoggedModels)
        {
            foreach (var (folder, meta) in LoggedModels())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return ReadLoggedModel(folder, meta);
            }
        }
        else if (kind == ThingKinds.Artifacts)
        {
            var models = LoggedModels().ToDictionary(model => Path.GetFileName(model.Folder), model => ModelFiles(model.Folder, model.Meta), StringComparer.Ordinal);
            foreach (var folder in Folders(Path.Combine(root, "models")))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return await ReadRegistered(folder).ToThingAsync(
                    Path.Combine(folder, Meta),
                    run => runs.TryGetValue(run, out var found) ? ExperimentId(Path.GetDirectoryName(found)!, FlatYaml.Read(Path.Combine(found, Meta))) : null,
                    filesOf,
                    id => models.GetValueOrDefault(id) ?? []);
            }
        }
    }

    public async IAsyncEnumerable<(string Path, string LocalFile)> ReadServerFilesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (folder, meta) in LoggedModels())
        {
            foreach (var (path, local) in ModelFiles(folder, meta))
            {
                yield return ($"{meta["experiment_id"]}/models/{Path.GetFileName(folder)}/artifacts/{path}", local);
            }
        }

        await Task.CompletedTask;
    }

    private static void AddLinks(string folder, MlflowRun run)
    {
        foreach (var input in Folders(Path.Combine(folder, "inputs")))
        {
            var meta = FlatYaml.Read(Path.Combine(input, Meta));
            if (meta.GetValueOrDefault("source_type") != "DATASET")
            {
                run.ModelInputs.Add(meta.GetValueOrDefault("destination_id") ?? throw new MigrationException($"{Path.Combine(input, Meta)} has no 'destination_id'."));
                continue;
            }

            var place = Path.Combine(Path.GetDirectoryName(folder)!, "datasets", meta.GetValueOrDefault("source_id") ?? "", Meta);
            if (!File.Exists(place))
            {
                throw new MigrationException($"{Path.Combine(input, Meta)} names a dataset that is not there: {place}.");
            }

            var data = FlatYaml.Read(place);
            var tags = FlatYaml.ReadNested(Path.Combine(input, Meta), "tags");
            run.Datasets.Add(new ImportDataset(
                data.GetValueOrDefault("name") ?? "",
                data.GetValueOrDefault("digest") ?? "",
                data.GetValueOrDefault("source_type") ?? "",
                data.GetValueOrDefault("source") ?? "",
                data.GetValueOrDefault("schema"),
                data.GetValueOrDefault("profile"),
                tags.Count == 0 ? null : tags));
        }

        foreach (var output in Folders(Path.Combine(folder, "outputs")))
        {
            var meta = FlatYaml.Read(Path.Combine(output, Meta));
            run.ModelOutputs.Add(new ImportModelOutput(meta.GetValueOrDefault("destination_id") ?? Path.GetFileName(output), Number(meta, "step") ?? 0));
        }
    }

    private static RegistryModel ReadRegistered(string folder)
    {
        var meta = FlatYaml.Read(Path.Combine(folder, Meta));
        var created = Number(meta, "creation_timestamp") ?? 0;
        var model = new RegistryModel
        {
            Name = meta.GetValueOrDefault("name") ?? Path.GetFileName(folder),
            Description = meta.GetValueOrDefault("description"),
            CreatedAt = created,
            UpdatedAt = Number(meta, "last_updated_timestamp") ?? created,
        };
        Add(Path.Combine(folder, "tags"), model.Tags);
        var aliases = ReadEntries(Path.Combine(folder, "aliases"));
        foreach (var (alias, version) in aliases)
        {
            model.Aliases[alias] = int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new MigrationException($"{Path.Combine(folder, "aliases", alias)} holds '{version}', which is no version.");
        }

        foreach (var part in Folders(folder).Where(part => Path.GetFileName(part).StartsWith("version-", StringComparison.Ordinal)))
        {
            var file = Path.Combine(part, Meta);
            var version = FlatYaml.Read(file);
            if (version.GetValueOrDefault("current_stage") == "Deleted_Internal")
            {
                continue;
            }

            var at = Number(version, "creation_timestamp") ?? 0;
            model.Versions.Add(new RegistryVersion(
                (int)(Number(version, "version") ?? throw new MigrationException($"{file} has no 'version'.")),
                version.GetValueOrDefault("source") ?? "",
                version.GetValueOrDefault("storage_location"),
                version.GetValueOrDefault("run_id"),
                version.GetValueOrDefault("run_link"),
                version.GetValueOrDefault("current_stage"),
                version.GetValueOrDefault("description"),
                version.GetValueOrDefault("user_id"),
                at,
                Number(version, "last_updated_timestamp") ?? at,
                ReadEntries(Path.Combine(part, "tags"))));
        }

        return model;
    }

    private IEnumerable<(string Folder, Dictionary<string, string?> Meta)> LoggedModels() =>
        from experiment in experiments.Where(one => !one.IsDeleted)
        from folder in Folders(Path.Combine(experiment.Folder, "models"))
        let meta = FlatYaml.Read(Path.Combine(folder, Meta))
        where meta.GetValueOrDefault("lifecycle_stage") != "deleted"
        orderby Path.GetFileName(folder)
        select (folder, With(meta, "experiment_id", meta.GetValueOrDefault("experiment_id") ?? Path.GetFileName(experiment.Folder)));

    private static Dictionary<string, string?> With(Dictionary<string, string?> meta, string key, string value)
    {
        meta[key] = value;
        return meta;
    }

    private IReadOnlyList<(string Path, string LocalFile)> ModelFiles(string folder, Dictionary<string, string?> meta)
    {
        var beside = Path.Combine(folder, "artifacts");
        return places.ListFiles(Directory.Exists(beside) ? beside : meta.GetValueOrDefault("artifact_location") ?? "");
    }

    private SourceThing ReadLoggedModel(string folder, Dictionary<string, string?> meta)
    {
        var id = Path.GetFileName(folder);
        var created = Number(meta, "creation_timestamp") ?? 0;
        var thing = new JsonObject
        {
            ["id"] = id,
            ["experimentId"] = meta["experiment_id"],
            ["name"] = meta.GetValueOrDefault("name") ?? id,
            ["type"] = meta.GetValueOrDefault("model_type"),
            ["sourceRunId"] = meta.GetValueOrDefault("source_run_id"),
            ["status"] = Number(meta, "status") is { } number && number >= 0 && number < ModelStatuses.Length ? ModelStatuses[number]
                : ModelStatuses.FirstOrDefault(status => status.Equals(meta.GetValueOrDefault("status"), StringComparison.OrdinalIgnoreCase)) ?? ModelStatuses[0],
            ["createdAt"] = created,
            ["updatedAt"] = Number(meta, "last_updated_timestamp") ?? created,
            ["params"] = Things.Pairs(ReadEntries(Path.Combine(folder, "params"))),
            ["tags"] = Things.Pairs(ReadEntries(Path.Combine(folder, "tags"))),
            ["metrics"] = ReadModelMetrics(Path.Combine(folder, "metrics")),
        };
        return new SourceThing(Path.Combine(folder, Meta), Things.Element(thing), []);
    }

    private JsonArray ReadModelMetrics(string folder)
    {
        var metrics = new JsonArray();
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            foreach (var line in File.ReadLines(file).Where(line => line.Length > 0))
            {
                var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length is not (4 or 6)
                    || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
                    || !FolderRun.TryValue(parts[1], out var value)
                    || !long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var step))
                {
                    throw new MigrationException($"{file} has a line that is no point (time, value, step, run): '{(line.Length <= 80 ? line : line[..80])}'.");
                }

                if (runs.ContainsKey(parts[3]))
                {
                    metrics.Add((JsonNode)new JsonObject
                    {
                        ["key"] = Path.GetRelativePath(folder, file).Replace('\\', '/'),
                        ["value"] = Things.Number(value),
                        ["step"] = step,
                        ["time"] = time,
                        ["runId"] = parts[3],
                        ["datasetName"] = parts.Length == 6 ? parts[4] : null,
                        ["datasetDigest"] = parts.Length == 6 ? parts[5] : null,
                    });
                }
            }
        }

        return metrics;
    }

    private static IEnumerable<string> Folders(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Where(path => File.Exists(Path.Combine(path, Meta))).Order(StringComparer.Ordinal) : [];
}
