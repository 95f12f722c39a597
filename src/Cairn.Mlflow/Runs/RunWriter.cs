using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Runs;

/// <summary>Runs as MLflow's JSON: members in the order of its protocol, empty lists left out.</summary>
internal static class RunWriter
{
    /// <summary>The members of "run_info".</summary>
    public static void WriteInfo(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Run run, string artifactUri)
    {
        writer.WriteStartObject(name);
        writer.WriteString("run_uuid"u8, run.Id.Value);
        writer.WriteString("experiment_id"u8, run.ExperimentId.ToString());
        writer.WriteString("run_name"u8, run.Name);
        writer.WriteString("user_id"u8, run.Author ?? "");
        writer.WriteString("status"u8, RunStatusNames.Of(run.Status));
        writer.WriteNumber("start_time"u8, run.StartedAt);
        if (run.EndedAt is { } ended)
        {
            writer.WriteNumber("end_time"u8, ended);
        }

        writer.WriteString("artifact_uri"u8, artifactUri);
        writer.WriteString("lifecycle_stage"u8, run.Lifecycle == Lifecycle.Active ? "active"u8 : "deleted"u8);
        writer.WriteString("run_id"u8, run.Id.Value);
        writer.WriteEndObject();
    }

    /// <summary>A whole run, as an item of a list or, with a name, as a member.</summary>
    public static void WriteRun(Utf8JsonWriter writer, RunView view, bool withInputs = true)
    {
        var snapshot = view.Snapshot;
        writer.WriteStartObject();
        WriteInfo(writer, "info"u8, snapshot.Run, view.ArtifactUri);
        writer.WriteStartObject("data"u8);
        WriteMetrics(writer, snapshot.Latest);
        WriteParams(writer, snapshot.Params);
        WriteTags(writer, TagViews.Of(snapshot.Run, snapshot.Tags));
        writer.WriteEndObject();
        if (withInputs)
        {
            LinkWriter.Write(writer, snapshot.Links);
        }

        writer.WriteEndObject();
    }

    /// <summary>Tags as a list of keys and values, where there are any.</summary>
    public static void WriteTags(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, string>> tags)
    {
        var any = false;
        foreach (var (key, value) in tags)
        {
            if (!any)
            {
                writer.WriteStartArray("tags"u8);
                any = true;
            }

            WritePair(writer, key, value);
        }

        if (any)
        {
            writer.WriteEndArray();
        }
    }

    /// <summary>The members of a point but its key.</summary>
    public static void WritePoint(Utf8JsonWriter writer, MetricPoint point)
    {
        JsonAnswer.WriteDouble(writer, "value"u8, point.Value);
        writer.WriteNumber("timestamp"u8, point.Time);
        writer.WriteNumber("step"u8, point.Step);
    }

    private static void WriteMetrics(Utf8JsonWriter writer, IReadOnlyList<LatestMetric> metrics)
    {
        if (metrics.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("metrics"u8);
        for (var i = 0; i < metrics.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("key"u8, metrics[i].Key);
            WritePoint(writer, metrics[i].Point);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Params as a list of keys and values, where there are any.</summary>
    public static void WriteParams(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("params"u8);
        foreach (var (key, value) in parameters)
        {
            WritePair(writer, key, value);
        }

        writer.WriteEndArray();
    }

    private static void WriteParams(Utf8JsonWriter writer, IReadOnlyList<Param> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("params"u8);
        for (var i = 0; i < parameters.Count; i++)
        {
            WritePair(writer, parameters[i].Key, parameters[i].Value);
        }

        writer.WriteEndArray();
    }

    private static void WritePair(Utf8JsonWriter writer, string key, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        writer.WriteString("value"u8, value);
        writer.WriteEndObject();
    }
}

/// <summary>A run with the place of its files.</summary>
internal sealed record RunView(RunSnapshot Snapshot, string ArtifactUri);
