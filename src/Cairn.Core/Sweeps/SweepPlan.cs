using System.Text.Json;

namespace Cairn.Core.Sweeps;

/// <summary>A result of a trial, the smaller the better; null where there is none yet.</summary>
public readonly record struct TrialResult(IReadOnlyList<double> Point, double? Loss);

/// <summary>What a sweep's config asks for.</summary>
public sealed class SweepPlan
{
    private readonly List<Dimension> dimensions;

    private SweepPlan(string method, List<Dimension> dimensions) => (Method, this.dimensions) = (method, dimensions);

    /// <summary>"grid", "random" or "bayes".</summary>
    public string Method { get; }

    /// <summary>The program agents run, or null.</summary>
    public string? Program { get; private init; }

    /// <summary>Name of the metric that is to become good, or null.</summary>
    public string? Metric { get; private init; }

    /// <summary>The metric is to become great, not small.</summary>
    public bool IsMaximized { get; private init; }

    /// <summary>Trials at most; null for no end.</summary>
    public int? RunCap { get; private init; }

    public Hyperband? EarlyStop { get; private init; }

    /// <summary>How many trials there will be; null where there is no end.</summary>
    public long? ExpectedTrials => Method == "grid" ? Math.Min(GridSize, RunCap ?? long.MaxValue) : RunCap;

    private long GridSize => dimensions.Aggregate(1L, (product, dimension) => product > long.MaxValue / Math.Max(1, dimension.Steps) ? long.MaxValue : product * dimension.Steps);

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming what is wrong.</exception>
    public static SweepPlan Read(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid("config", "The config of a sweep must be an object with \"method\" and \"parameters\".");
        }

        var method = Text(config, "method") ?? throw CairnException.Invalid("method", "The config of the sweep has no 'method': grid, random or bayes.");
        if (method is not ("grid" or "random" or "bayes"))
        {
            throw CairnException.Invalid("method", $"The method '{method}' of the sweep is not known; grid, random and bayes are.");
        }

        var dimensions = config.TryGetProperty("parameters", out var parameters)
            ? DimensionReader.Read(parameters)
            : throw CairnException.Invalid("parameters", "The config of the sweep has no 'parameters'.");
        if (method == "grid" && dimensions.FirstOrDefault(dimension => dimension.Steps == 0) is { } endless)
        {
            throw CairnException.Invalid("parameters", $"A grid needs a list of values, and the parameter '{string.Join('.', endless.Path)}' has none. Give 'values', or use the method random.");
        }

        var metric = config.TryGetProperty("metric", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var name = metric.ValueKind == JsonValueKind.Object ? Text(metric, "name") : null;
        if (method == "bayes" && name is null)
        {
            throw CairnException.Invalid("metric", "The method bayes needs a 'metric' with a 'name'.");
        }

        return new SweepPlan(method, dimensions)
        {
            Program = Text(config, "program"),
            Metric = name,
            IsMaximized = metric.ValueKind == JsonValueKind.Object && Text(metric, "goal") == "maximize",
            RunCap = config.TryGetProperty("run_cap", out var cap) && cap.ValueKind == JsonValueKind.Number && cap.TryGetInt32(out var most) ? most : null,
            EarlyStop = config.TryGetProperty("early_terminate", out var early) && early.ValueKind == JsonValueKind.Object ? Hyperband.Read(early) : null,
        };
    }

    /// <summary>The next choice; null where all were made. The same sweep with the same results chooses the same.</summary>
    /// <param name="seed">Of the sweep.</param>
    /// <param name="results">The trials before, in order.</param>
    public IReadOnlyList<double>? Next(long seed, IReadOnlyList<TrialResult> results)
    {
        if (results.Count >= RunCap || (Method == "grid" && results.Count >= GridSize))
        {
            return null;
        }

        var random = new SplitMix((ulong)seed * 1_000_003 + (ulong)results.Count);
        return Method switch
        {
            "grid" => Grid(results.Count),
            "bayes" => TreeParzen.Choose(dimensions, results, random),
            _ => [.. dimensions.Select(_ => random.NextDouble())],
        };
    }

    /// <summary>The values of a choice as a JSON object of {"name": {"value": …}}; what is nested is a value as a whole.</summary>
    public string Arguments(IReadOnlyList<double> point)
    {
        var root = new ArgumentTree();
        for (var i = 0; i < dimensions.Count; i++)
        {
            root.Set(dimensions[i].Path, 0, dimensions[i].At(point[i]));
        }

        return root.WriteArguments();
    }

    // The last parameter changes fastest.
    private List<double> Grid(long number)
    {
        var point = new double[dimensions.Count];
        for (var i = dimensions.Count - 1; i >= 0; i--)
        {
            point[i] = dimensions[i].GridPoint(number % dimensions[i].Steps);
            number /= dimensions[i].Steps;
        }

        return [.. point];
    }

    private static string? Text(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Values by their paths, to be written as JSON.</summary>
    private sealed class ArgumentTree
    {
        private readonly Dictionary<string, object> members = new(StringComparer.Ordinal);

        public void Set(IReadOnlyList<string> path, int at, string json)
        {
            if (at == path.Count - 1)
            {
                members[path[at]] = json;
                return;
            }

            if (!members.TryGetValue(path[at], out var inner) || inner is not ArgumentTree tree)
            {
                members[path[at]] = tree = new ArgumentTree();
            }

            tree.Set(path, at + 1, json);
        }

        public string WriteArguments() =>
            $"{{{string.Join(',', members.Select(member => $"{Quote(member.Key)}:{{\"value\":{Write(member.Value)}}}"))}}}";

        private static string Write(object value) =>
            value is ArgumentTree tree ? $"{{{string.Join(',', tree.members.Select(member => $"{Quote(member.Key)}:{Write(member.Value)}"))}}}" : (string)value;

        private static string Quote(string name) => JsonSerializer.Serialize(name, SweepJson.Default.String);
    }
}
