using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>From the native wire records to the domain's write verb.</summary>
internal static class RunUpdates
{
    /// <summary>What is the bytes of a file; a table is JSON with <c>columns</c> and <c>data</c> (rows).</summary>
    private static readonly string[] MediaKinds = ["image", "table", "html", "audio", "video", "file"];

    public static NewRun ToNewRun(Wire.CreateRunRequest request, ExperimentId experiment) => new(
        experiment,
        request.Id is null ? null : ReadId("id", request.Id),
        request.Name,
        request.StartedAt,
        request.Author,
        request.JobType,
        request.ParentId is null ? null : ReadId("parentId", request.ParentId),
        Flatten(request.Params),
        [.. (request.Tags ?? new Dictionary<string, string>()).Select(tag => new TagChange(tag.Key, tag.Value))]);

    /// <param name="now">Unix milliseconds for whatever carries no time of its own.</param>
    public static RunUpdate ToUpdate(RunId run, Wire.RunUpdate body, long now) => new(run)
    {
        Params = Flatten(body.Params),
        Tags = [.. (body.Tags ?? new Dictionary<string, string?>()).Select(tag => new TagChange(tag.Key, tag.Value))],
        Expected = [.. (body.ExpectedTags ?? new Dictionary<string, string?>()).Select(tag => new TagChange(tag.Key, tag.Value))],
        Points = ToPoints(body.Points ?? [], now),
        Summary = Flatten(body.Summary),
        Media = [.. (body.Media ?? []).Select((media, i) => ToMedia(Bind.Given(media, "media", i), i, now))],
        Logs = [.. (body.Logs ?? []).Select((line, i) => ToLine(Bind.Given(line, "logs", i), i, now))],
        Name = body.Name,
        Status = body.Status is { } status ? WireMap.ToStatus(status) : null,
        EndedAt = body.EndedAt,
    };

    private static SeriesPoint[] ToPoints(IReadOnlyList<Wire.MetricPoint> points, long now)
    {
        var result = new SeriesPoint[points.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var point = Bind.Given(points[i], "points", i);
            result[i] = new SeriesPoint(point.Key, new MetricPoint(point.Step, point.Time == 0 ? now : point.Time, point.Value));
        }

        return result;
    }

    private static Media ToMedia(Wire.MediaInfo media, int index, long now) => new(
        media.Key,
        media.Step,
        media.Time == 0 ? now : media.Time,
        MediaKinds.Contains(media.Kind)
            ? media.Kind
            : throw CairnException.Invalid($"media[{index}].kind", $"'media[{index}].kind' must be one of {string.Join(", ", MediaKinds)}."),
        Core.Blobs.RelativePath.Normalize(media.Path, $"media[{index}].path"),
        media.Caption);

    private static LogLine ToLine(Wire.LogLine line, int index, long now) => new(
        line.Line,
        line.Time == 0 ? now : line.Time,
        line.Stream switch
        {
            "stdout" => false,
            "stderr" => true,
            _ => throw CairnException.Invalid($"logs[{index}].stream", $"'logs[{index}].stream' must be 'stdout' or 'stderr'."),
        },
        line.Text);

    private static List<Param> Flatten(IReadOnlyDictionary<string, JsonElement>? values) =>
        values is null ? [] : [.. values.SelectMany(value => Param.Flatten(value.Key, value.Value))];

    private static RunId ReadId(string field, string text) =>
        RunId.TryParse(text, out var id)
            ? id
            : throw CairnException.Invalid(field, $"'{field}' must be 32 lower-case hexadecimal digits.");
}
