using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow.Experiments;

/// <summary>Experiments as MLflow's JSON.</summary>
internal static class ExperimentWriter
{
    public static void Write(Utf8JsonWriter writer, Experiment experiment)
    {
        writer.WriteStartObject();
        writer.WriteString("experiment_id"u8, experiment.Id.ToString());
        writer.WriteString("name"u8, experiment.Name);
        writer.WriteString("artifact_location"u8, ArtifactRoots.Of(experiment));
        writer.WriteString("lifecycle_stage"u8, experiment.Lifecycle == Lifecycle.Active ? "active"u8 : "deleted"u8);
        writer.WriteNumber("last_update_time"u8, experiment.UpdatedAt);
        writer.WriteNumber("creation_time"u8, experiment.CreatedAt);
        RunWriter.WriteTags(writer, experiment.Tags);
        writer.WriteEndObject();
    }
}
