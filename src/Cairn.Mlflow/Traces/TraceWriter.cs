using System.Text.Json;
using Cairn.Core.Traces;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow.Traces;

/// <summary>Traces as MLflow's JSON, in its old form and its new.</summary>
internal static class TraceWriter
{
    public static IReadOnlyDictionary<string, TraceState> ByName { get; } = new Dictionary<string, TraceState>(StringComparer.Ordinal)
    {
        ["STATE_UNSPECIFIED"] = TraceState.Unspecified,
        ["OK"] = TraceState.Ok,
        ["ERROR"] = TraceState.Error,
        ["IN_PROGRESS"] = TraceState.InProgress,
        ["TRACE_STATUS_UNSPECIFIED"] = TraceState.Unspecified,
    };

    public static IReadOnlyDictionary<long, TraceState> ByNumber { get; } =
        Enum.GetValues<TraceState>().ToDictionary(state => (long)state);

    /// <summary>As MLflow 3 has it.</summary>
    public static void Write(Utf8JsonWriter writer, Trace trace)
    {
        writer.WriteStartObject();
        writer.WriteString("trace_id"u8, trace.Id);
        WriteText(writer, "client_request_id"u8, trace.ClientRequestId);
        writer.WriteStartObject("trace_location"u8);
        writer.WriteString("type"u8, "MLFLOW_EXPERIMENT"u8);
        writer.WriteStartObject("mlflow_experiment"u8);
        writer.WriteString("experiment_id"u8, trace.ExperimentId.ToString());
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("request_time"u8, ProtoTime.Time(trace.At));
        if (trace.Duration is { } duration)
        {
            writer.WriteString("execution_duration"u8, ProtoTime.Duration(duration));
        }

        writer.WriteString("state"u8, StateOf(trace.State));
        WriteMap(writer, "trace_metadata"u8, trace.Metadata);
        if (trace.Assessments.Count > 0)
        {
            writer.WriteStartArray("assessments"u8);
            foreach (var assessment in trace.Assessments)
            {
                AssessmentWriter.Write(writer, assessment);
            }

            writer.WriteEndArray();
        }

        WriteMap(writer, "tags"u8, trace.Tags);
        WriteText(writer, "request_preview"u8, trace.RequestPreview);
        WriteText(writer, "response_preview"u8, trace.ResponsePreview);
        writer.WriteEndObject();
    }

    /// <summary>As MLflow 2 has it.</summary>
    public static void WriteOld(Utf8JsonWriter writer, Trace trace)
    {
        writer.WriteStartObject();
        writer.WriteString("request_id"u8, trace.Id);
        writer.WriteString("experiment_id"u8, trace.ExperimentId.ToString());
        writer.WriteNumber("timestamp_ms"u8, trace.At);
        writer.WriteNumber("execution_time_ms"u8, trace.Duration ?? 0);
        writer.WriteString("status"u8, trace.State == TraceState.Unspecified ? "TRACE_STATUS_UNSPECIFIED"u8 : StateOf(trace.State));
        if (trace.Metadata.Count > 0)
        {
            writer.WriteStartArray("request_metadata"u8);
            foreach (var (key, value) in trace.Metadata)
            {
                writer.WriteStartObject();
                writer.WriteString("key"u8, key);
                writer.WriteString("value"u8, value);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        RunWriter.WriteTags(writer, trace.Tags);
        writer.WriteEndObject();
    }

    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    public static void WriteMap(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> StateOf(TraceState state) => state switch
    {
        TraceState.Ok => "OK"u8,
        TraceState.Error => "ERROR"u8,
        TraceState.InProgress => "IN_PROGRESS"u8,
        _ => "STATE_UNSPECIFIED"u8,
    };
}
