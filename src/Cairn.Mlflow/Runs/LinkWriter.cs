using System.Text.Json;
using Cairn.Core.Datasets;

namespace Cairn.Mlflow.Runs;

/// <summary>The members "inputs" and "outputs" of a run.</summary>
internal static class LinkWriter
{
    public static void Write(Utf8JsonWriter writer, RunLinks links)
    {
        writer.WriteStartObject("inputs"u8);
        if (links.Datasets.Count > 0)
        {
            writer.WriteStartArray("dataset_inputs"u8);
            foreach (var input in links.Datasets)
            {
                Write(writer, input);
            }

            writer.WriteEndArray();
        }

        if (links.ModelInputs.Count > 0)
        {
            writer.WriteStartArray("model_inputs"u8);
            foreach (var model in links.ModelInputs)
            {
                writer.WriteStartObject();
                writer.WriteString("model_id"u8, model);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        if (links.ModelOutputs.Count > 0)
        {
            writer.WriteStartObject("outputs"u8);
            writer.WriteStartArray("model_outputs"u8);
            foreach (var (model, step) in links.ModelOutputs)
            {
                writer.WriteStartObject();
                writer.WriteString("model_id"u8, model);
                writer.WriteNumber("step"u8, step);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, DatasetInput input)
    {
        writer.WriteStartObject();
        RunWriter.WriteTags(writer, input.Tags);
        writer.WriteStartObject("dataset"u8);
        writer.WriteString("name"u8, input.Dataset.Name);
        writer.WriteString("digest"u8, input.Dataset.Digest);
        writer.WriteString("source_type"u8, input.Dataset.SourceType);
        writer.WriteString("source"u8, input.Dataset.Source);
        if (input.Dataset.Schema is { } schema)
        {
            writer.WriteString("schema"u8, schema);
        }

        if (input.Dataset.Profile is { } profile)
        {
            writer.WriteString("profile"u8, profile);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
