using System.Text.Json;
using Cairn.Core.LoggedModels;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow.LoggedModels;

/// <summary>Logged models as MLflow's JSON.</summary>
internal static class LoggedModelWriter
{
    public static IReadOnlyDictionary<string, LoggedModelStatus> ByName { get; } = new Dictionary<string, LoggedModelStatus>(StringComparer.Ordinal)
    {
        ["LOGGED_MODEL_STATUS_UNSPECIFIED"] = LoggedModelStatus.Unspecified,
        ["LOGGED_MODEL_PENDING"] = LoggedModelStatus.Pending,
        ["LOGGED_MODEL_READY"] = LoggedModelStatus.Ready,
        ["LOGGED_MODEL_UPLOAD_FAILED"] = LoggedModelStatus.Failed,
    };

    public static IReadOnlyDictionary<long, LoggedModelStatus> ByNumber { get; } =
        ByName.Values.ToDictionary(status => (long)status);

    public static void Write(Utf8JsonWriter writer, LoggedModelView view)
    {
        var model = view.Model;
        writer.WriteStartObject();
        writer.WriteStartObject("info"u8);
        writer.WriteString("model_id"u8, model.Id);
        writer.WriteString("experiment_id"u8, model.ExperimentId.ToString());
        writer.WriteString("name"u8, model.Name);
        writer.WriteNumber("creation_timestamp_ms"u8, model.CreatedAt);
        writer.WriteNumber("last_updated_timestamp_ms"u8, model.UpdatedAt);
        writer.WriteString("artifact_uri"u8, view.ArtifactUri);
        writer.WriteString("status"u8, ByName.First(name => name.Value == model.Status).Key);
        writer.WriteString("model_type"u8, model.ModelType ?? "");
        writer.WriteString("source_run_id"u8, model.SourceRunId ?? "");
        RunWriter.WriteTags(writer, model.Tags);
        writer.WriteEndObject();
        writer.WriteStartObject("data"u8);
        RunWriter.WriteParams(writer, model.Params);
        WriteMetrics(writer, model);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter writer, LoggedModel model)
    {
        if (model.Metrics.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("metrics"u8);
        foreach (var (run, metric, data, digest) in model.Metrics)
        {
            writer.WriteStartObject();
            writer.WriteString("key"u8, metric.Key);
            RunWriter.WritePoint(writer, metric.Point);
            if (data is not null)
            {
                writer.WriteString("dataset_name"u8, data);
            }

            if (digest is not null)
            {
                writer.WriteString("dataset_digest"u8, digest);
            }

            writer.WriteString("model_id"u8, model.Id);
            writer.WriteString("run_id"u8, run);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>A model with the place of its files.</summary>
internal sealed record LoggedModelView(LoggedModel Model, string ArtifactUri);
