using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Client.Queue;

/// <summary>One logged value that waits to be sent.</summary>
/// <param name="Cost">About how many bytes it takes, in memory and on the wire alike.</param>
internal abstract record Entry(int Cost)
{
    // A record with its key string, the node of the queue, the JSON around the value.
    private const int Overhead = 96;

    /// <summary>What the value is called in errors: "metrics.loss", "params.lr" …</summary>
    public abstract string Field { get; }

    /// <summary>What it is, for people.</summary>
    public abstract string Title { get; }

    protected static int CostOf(params ReadOnlySpan<string?> texts)
    {
        var cost = Overhead;
        foreach (var text in texts)
        {
            cost += text?.Length ?? 0;
        }

        return cost;
    }

    internal sealed record Point(MetricPoint Value) : Entry(CostOf(Value.Key))
    {
        public override string Field => $"metrics.{Value.Key}";

        public override string Title => $"the metric \"{Value.Key}\" at step {Value.Step}";
    }

    internal sealed record Param(string Key, JsonElement Value) : Entry(CostOf(Key, Value.GetRawText()))
    {
        public override string Field => $"params.{Key}";

        public override string Title => $"the parameter \"{Key}\"";
    }

    internal sealed record Tag(string Key, string? Value) : Entry(CostOf(Key, Value))
    {
        public override string Field => $"tags.{Key}";

        public override string Title => $"the tag \"{Key}\"";
    }

    internal sealed record Summary(string Key, JsonElement Value) : Entry(CostOf(Key, Value.GetRawText()))
    {
        public override string Field => $"summary.{Key}";

        public override string Title => $"the summary value \"{Key}\"";
    }

    internal sealed record Log(LogLine Value) : Entry(CostOf(Value.Text))
    {
        public override string Field => "logs";

        public override string Title => $"the log line {Value.Line}";
    }

    internal sealed record Media(MediaInfo Value) : Entry(CostOf(Value.Key, Value.Path, Value.Caption))
    {
        public override string Field => $"media.{Value.Key}";

        public override string Title => $"the {Value.Kind} \"{Value.Key}\" at step {Value.Step}";
    }
}
