using System.Text.Json;
using Cairn.Core.Traces;

namespace Cairn.Mlflow.Traces;

/// <summary>Assessments as MLflow's JSON.</summary>
internal static class AssessmentWriter
{
    public static void Write(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartObject();
        writer.WriteString("assessment_id"u8, assessment.Id);
        writer.WriteString("assessment_name"u8, assessment.Name);
        writer.WriteString("trace_id"u8, assessment.TraceId);
        TraceWriter.WriteText(writer, "span_id"u8, assessment.SpanId);
        writer.WriteStartObject("source"u8);
        writer.WriteString("source_type"u8, assessment.SourceType ?? "SOURCE_TYPE_UNSPECIFIED");
        writer.WriteString("source_id"u8, assessment.SourceId ?? "default");
        writer.WriteEndObject();
        writer.WriteString("create_time"u8, ProtoTime.Time(assessment.CreatedAt));
        writer.WriteString("last_update_time"u8, ProtoTime.Time(assessment.UpdatedAt));
        if (assessment.IsExpectation)
        {
            WriteExpectation(writer, assessment.Value ?? "null");
        }
        else
        {
            WriteFeedback(writer, assessment);
        }

        TraceWriter.WriteText(writer, "rationale"u8, assessment.Rationale);
        TraceWriter.WriteMap(writer, "metadata"u8, assessment.Metadata);
        TraceWriter.WriteText(writer, "overrides"u8, assessment.Overrides);
        writer.WriteBoolean("valid"u8, assessment.IsValid);
        writer.WriteEndObject();
    }

    private static void WriteFeedback(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartObject("feedback"u8);
        if (assessment.Value is { } value)
        {
            writer.WritePropertyName("value"u8);
            writer.WriteRawValue(value, skipInputValidation: true);
        }

        if (assessment.Error is { } error)
        {
            writer.WriteStartObject("error"u8);
            TraceWriter.WriteText(writer, "error_code"u8, error.Code);
            TraceWriter.WriteText(writer, "error_message"u8, error.Message);
            TraceWriter.WriteText(writer, "stack_trace"u8, error.StackTrace);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    // What is no plain value travels as a text of JSON.
    private static void WriteExpectation(Utf8JsonWriter writer, string value)
    {
        writer.WriteStartObject("expectation"u8);
        if (value[0] is '{' or '[')
        {
            writer.WriteStartObject("serialized_value"u8);
            writer.WriteString("serialization_format"u8, "JSON_FORMAT"u8);
            writer.WriteString("value"u8, value);
            writer.WriteEndObject();
        }
        else
        {
            writer.WritePropertyName("value"u8);
            writer.WriteRawValue(value, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }
}
