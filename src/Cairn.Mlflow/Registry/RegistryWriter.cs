using System.Globalization;
using System.Text.Json;
using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Registry;

/// <summary>Registered models and their versions as MLflow's JSON, members in the order of its protocol.</summary>
internal static class RegistryWriter
{
    public static void Write(Utf8JsonWriter writer, RegisteredModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, model.Name);
        writer.WriteNumber("creation_timestamp"u8, model.Artifact.CreatedAt);
        writer.WriteNumber("last_updated_timestamp"u8, model.Artifact.UpdatedAt);
        if (model.Artifact.Description is { Length: > 0 } description)
        {
            writer.WriteString("description"u8, description);
        }

        WriteList(writer, "latest_versions", model.LatestVersions, Write);
        WriteList(writer, "tags", model.Tags, WriteTag);
        WriteList(writer, "aliases", model.Artifact.Aliases.Where(alias => alias.Key != ArtifactCatalog.Latest), static (writer, alias) =>
        {
            writer.WriteStartObject();
            writer.WriteString("alias"u8, alias.Key);
            writer.WriteString("version"u8, Text(alias.Value + 1));
            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, ModelVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, version.ModelName);
        writer.WriteString("version"u8, Text(version.Number));
        writer.WriteNumber("creation_timestamp"u8, version.Version.CreatedAt);
        writer.WriteNumber("last_updated_timestamp"u8, version.UpdatedAt);
        if (version.Version.Author is { } author)
        {
            writer.WriteString("user_id"u8, author);
        }

        writer.WriteString("current_stage"u8, version.Stage.ToString());
        if (version.Version.Description is { } description)
        {
            writer.WriteString("description"u8, description);
        }

        writer.WriteString("source"u8, version.Source ?? VersionFiles.UriOf(version));
        writer.WriteString("run_id"u8, version.RunText ?? "");
        writer.WriteString("status"u8, "READY"u8);
        WriteList(writer, "tags", version.Tags, WriteTag);
        writer.WriteString("run_link"u8, version.RunLink ?? "");
        WriteList(writer, "aliases", version.Aliases, static (writer, alias) => writer.WriteStringValue(alias));
        if (version.LoggedModelId is { } model)
        {
            writer.WriteString("model_id"u8, model);
        }

        writer.WriteEndObject();
    }

    public static Task AnswerAsync(HttpContext context, RegisteredModel model) =>
        JsonAnswer.WriteAsync(context, model, static (writer, model) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("registered_model"u8);
            Write(writer, model);
            writer.WriteEndObject();
        });

    public static Task AnswerAsync(HttpContext context, ModelVersion version) =>
        JsonAnswer.WriteAsync(context, version, static (writer, version) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("model_version"u8);
            Write(writer, version);
            writer.WriteEndObject();
        });

    private static void WriteTag(Utf8JsonWriter writer, KeyValuePair<string, string> tag)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, tag.Key);
        writer.WriteString("value"u8, tag.Value);
        writer.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        var any = false;
        foreach (var item in items)
        {
            if (!any)
            {
                writer.WriteStartArray(name);
                any = true;
            }

            write(writer, item);
        }

        if (any)
        {
            writer.WriteEndArray();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
