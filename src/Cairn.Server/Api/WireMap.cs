using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>From the domain to the native wire records.</summary>
internal static class WireMap
{
    public static string ToWire(this RunStatus status) => status.ToString().ToLowerInvariant();

    public static string ToWire(this Lifecycle lifecycle) => lifecycle == Lifecycle.Active ? "active" : "deleted";

    public static RunStatus ToStatus(string word) => word switch
    {
        "running" => RunStatus.Running,
        "scheduled" => RunStatus.Scheduled,
        "finished" => RunStatus.Finished,
        "failed" => RunStatus.Failed,
        "killed" => RunStatus.Killed,
        "crashed" => RunStatus.Crashed,
        _ => throw CairnException.Invalid("status", "'status' must be running, scheduled, finished, failed, killed or crashed."),
    };

    public static Wire.ExperimentInfo ToWire(this Experiment experiment, int runCount = 0, long? lastRunAt = null) => new(
        experiment.Id.ToString(),
        experiment.Name,
        experiment.Lifecycle.ToWire(),
        experiment.CreatedAt,
        experiment.UpdatedAt,
        experiment.Tags,
        runCount,
        lastRunAt);

    public static Wire.RunInfo ToWire(this Run run, string experimentName) => new(
        run.Id.Value,
        run.ExperimentId.ToString(),
        experimentName,
        run.Name,
        run.Status.ToWire(),
        run.Lifecycle.ToWire(),
        run.StartedAt,
        run.EndedAt,
        run.Author,
        run.JobType,
        run.ParentId?.Value);

    public static Wire.RunRow ToRow(this RunSnapshot snapshot, string experimentName)
    {
        var metrics = snapshot.Latest.ToDictionary(metric => metric.Key, metric => metric.Point.Value, StringComparer.Ordinal);
        foreach (var value in snapshot.Summary)
        {
            if (value.Kind == ParamKind.Number && value.Number is { } number)
            {
                metrics[value.Key] = number;
            }
        }

        return new Wire.RunRow(snapshot.Run.ToWire(experimentName), ToJson(snapshot.Params), snapshot.Tags, metrics);
    }

    public static IReadOnlyDictionary<string, JsonElement> ToJson(IEnumerable<Param> values) =>
        values.ToDictionary(value => value.Key, value => value.ToJson(), StringComparer.Ordinal);

    public static Wire.MediaInfo ToWire(this Media media) => new(media.Key, media.Step, media.Time, media.Kind, media.Path, media.Caption);

    public static Wire.RunFileInfo ToWire(this StoredFile file) => new(file.Path, file.Size, file.Digest.Value, file.UpdatedAt);

    public static Wire.ArtifactInfo ToWire(this Artifact artifact, string experimentName) => new(
        artifact.Key.ExperimentId.ToString(),
        experimentName,
        artifact.Key.Name,
        artifact.Type,
        artifact.Description,
        artifact.CreatedAt,
        artifact.UpdatedAt,
        artifact.VersionCount,
        artifact.LatestIndex is { } latest ? Label(latest) : null,
        artifact.Aliases.ToDictionary(alias => alias.Key, alias => Label(alias.Value), StringComparer.Ordinal));

    public static Wire.VersionInfo ToWire(this ArtifactVersion version, string experimentName) => new(
        version.Key.ExperimentId.ToString(),
        experimentName,
        version.Key.Name,
        version.Type,
        version.Label,
        version.Digest.Value,
        version.Size,
        version.FileCount,
        version.Description,
        version.Metadata is { } json ? Parse(json) : null,
        version.CreatedAt,
        version.Author,
        version.RunId?.Value,
        version.Aliases);

    public static Wire.AliasChange ToWire(this AliasChange change) => new(
        change.Alias,
        change.From is { } from ? Label(from) : null,
        change.To is { } to ? Label(to) : null,
        change.Who,
        change.Why,
        change.RunId?.Value,
        change.At);

    public static string Label(int index) => $"v{index}";

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
