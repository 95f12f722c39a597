using System.Collections.Concurrent;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Client.Tests.Fakes;

/// <summary>What a run of the fake server holds.</summary>
internal sealed class FakeRun(RunInfo info)
{
    private readonly HashSet<MetricPoint> _known = [];

    public RunInfo Info { get; private set; } = info;

    public CreateRunRequest? Created { get; init; }

    public List<MetricPoint> Points { get; } = [];

    public Dictionary<string, JsonElement> Params { get; } = [];

    public Dictionary<string, string> Tags { get; } = [];

    public Dictionary<string, JsonElement> Summary { get; } = [];

    public SortedDictionary<long, LogLine> Logs { get; } = [];

    public List<MediaInfo> Media { get; } = [];

    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public FakeAnswer? Fault(RunUpdate update)
    {
        var points = update.Points ?? [];
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Key.StartsWith("bad", StringComparison.Ordinal))
            {
                return FakeAnswer.Error(400, "invalid_argument", $"points[{i}].key is bad. Use another name.", $"points[{i}].key");
            }
        }

        foreach (var (key, value) in update.Params ?? new Dictionary<string, JsonElement>())
        {
            if (Params.TryGetValue(key, out var kept) && !JsonElement.DeepEquals(kept, value))
            {
                return FakeAnswer.Error(409, "conflict", $"The parameter \"{key}\" has the value {kept} already.", $"params.{key}");
            }
        }

        return null;
    }

    public void Apply(RunUpdate update)
    {
        Points.AddRange((update.Points ?? []).Where(_known.Add));
        foreach (var (key, value) in update.Params ?? new Dictionary<string, JsonElement>())
        {
            Params[key] = value;
        }

        foreach (var (key, value) in update.Tags ?? new Dictionary<string, string?>())
        {
            Tags.Remove(key);
            if (value is not null)
            {
                Tags[key] = value;
            }
        }

        foreach (var (key, value) in update.Summary ?? new Dictionary<string, JsonElement>())
        {
            Summary[key] = value;
        }

        foreach (var line in update.Logs ?? [])
        {
            Logs[line.Line] = line;
        }

        Media.AddRange(update.Media ?? []);
        Info = Info with
        {
            Name = update.Name ?? Info.Name, Status = update.Status ?? Info.Status, EndedAt = update.EndedAt ?? Info.EndedAt,
        };
    }

    public RunDetail Detail() => new(
        Info,
        Params,
        Tags,
        [.. Points.GroupBy(p => p.Key).Select(g => g.MaxBy(p => p.Step)!).Select(p => new MetricInfo(p.Key, p.Value, p.Step, p.Time))],
        Summary,
        [],
        [],
        Media,
        null,
        [],
        Logs.Count == 0 ? 0 : Logs.Keys.Max() + 1,
        StopRequested: false);
}
