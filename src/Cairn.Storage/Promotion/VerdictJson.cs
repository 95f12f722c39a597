using System.Buffers;
using System.Text;
using System.Text.Json;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;

namespace Cairn.Storage.Promotion;

/// <summary>What a gate said, as it is kept with a decision.</summary>
internal static class VerdictJson
{
    private const int MostMetrics = 100;

    public static string Write(GateVerdict verdict)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("conditions");
            foreach (var condition in verdict.Conditions)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", condition.Kind);
                writer.WriteString("text", condition.Text);
                writer.WriteBoolean("passed", condition.Passed);
                writer.WriteString("detail", condition.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            Write(writer, "candidate", verdict.Candidate);
            if (verdict.Holder is { } holder)
            {
                Write(writer, "holder", holder);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static GateVerdict Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new GateVerdict(
            [
                .. root.GetProperty("conditions").EnumerateArray().Select(condition => new GateCondition(
                    condition.GetProperty("kind").GetString()!,
                    condition.GetProperty("text").GetString()!,
                    condition.GetProperty("passed").GetBoolean(),
                    condition.GetProperty("detail").GetString()!)),
            ],
            ReadVersion(root.GetProperty("candidate")),
            root.TryGetProperty("holder", out var holder) ? ReadVersion(holder) : null);
    }

    private static void Write(Utf8JsonWriter writer, string name, JudgedVersion version)
    {
        writer.WriteStartObject(name);
        writer.WriteString("version", version.Version);
        if (version.RunId is { } run)
        {
            writer.WriteString("run", run.Value);
        }

        writer.WriteStartObject("metrics");
        foreach (var (key, value) in version.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Take(MostMetrics))
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumber(key, value);
            }
            else
            {
                writer.WriteString(key, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
            }
        }

        writer.WriteEndObject();
        writer.WriteStartArray("data");
        foreach (var data in version.Data)
        {
            writer.WriteStringValue(data);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static JudgedVersion ReadVersion(JsonElement version) => new(
        version.GetProperty("version").GetString()!,
        version.TryGetProperty("run", out var run) ? RunId.Parse(run.GetString()) : null,
        version.GetProperty("metrics").EnumerateObject().ToDictionary(metric => metric.Name, metric => ReadNumber(metric.Value), StringComparer.Ordinal),
        [.. version.GetProperty("data").EnumerateArray().Select(data => data.GetString()!)]);

    private static double ReadNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.GetString() switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN };
}
