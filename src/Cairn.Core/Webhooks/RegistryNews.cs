using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Core.Models;

namespace Cairn.Core.Webhooks;

/// <summary>Something that happened in the model registry, with its facts as a JSON object.</summary>
public readonly record struct RegistryNews(RegistryEvent Event, string Data)
{
    private const string PromptText = "mlflow.prompt.text";

    public static RegistryNews Created(RegisteredModel model) => new(
        new RegistryEvent(model.IsPrompt ? "prompt" : "registered_model", "created"),
        Write(writer =>
        {
            writer.WriteString("name", model.Name);
            WriteTags(writer, model.Tags, model.IsPrompt);
            writer.WriteString("description", model.Artifact.Description);
        }));

    public static RegistryNews Created(ModelVersion version)
    {
        var isPrompt = version.Tags.ContainsKey(RegisteredModel.PromptTag);
        return new RegistryNews(
            new RegistryEvent(isPrompt ? "prompt_version" : "model_version", "created"),
            Write(writer =>
            {
                writer.WriteString("name", version.ModelName);
                writer.WriteString("version", Text(version.Number));
                if (isPrompt)
                {
                    writer.WriteString("template", version.Tags.GetValueOrDefault(PromptText));
                }
                else
                {
                    writer.WriteString("source", version.Source);
                    writer.WriteString("run_id", version.RunText);
                }

                WriteTags(writer, version.Tags, isPrompt);
                writer.WriteString("description", version.Version.Description);
            }));
    }

    /// <param name="name">The model.</param>
    /// <param name="number">The version, or null where the model itself is tagged.</param>
    /// <param name="isPrompt">Prompts have events of their own; a tag of a model itself is news for prompts only.</param>
    /// <param name="key">The tag.</param>
    /// <param name="value">Null where it was removed.</param>
    public static RegistryNews Tagged(string name, int? number, bool isPrompt, string key, string? value) => new(
        new RegistryEvent(isPrompt ? (number is null ? "prompt_tag" : "prompt_version_tag") : "model_version_tag", value is null ? "deleted" : "set"),
        Write(writer =>
        {
            writer.WriteString("name", name);
            if (number is { } of)
            {
                writer.WriteString("version", Text(of));
            }

            writer.WriteString("key", key);
            if (value is not null)
            {
                writer.WriteString("value", value);
            }
        }));

    /// <param name="name">The model.</param>
    /// <param name="isPrompt">Whether it is a prompt.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="number">The version it points to, or null where it was removed.</param>
    public static RegistryNews Aliased(string name, bool isPrompt, string alias, int? number) => new(
        new RegistryEvent(isPrompt ? "prompt_alias" : "model_version_alias", number is null ? "deleted" : "created"),
        Write(writer =>
        {
            writer.WriteString("name", name);
            writer.WriteString("alias", alias);
            if (number is { } to)
            {
                writer.WriteString("version", Text(to));
            }
        }));

    /// <summary>A run calls for people.</summary>
    /// <param name="run">The run.</param>
    /// <param name="severity">"INFO", "WARN" or "ERROR".</param>
    /// <param name="title">One line.</param>
    /// <param name="text">More, or empty.</param>
    public static RegistryNews Alerted(Runs.Run run, string severity, string title, string text) => new(
        new RegistryEvent("run_alert", "created"),
        Write(writer =>
        {
            writer.WriteString("run_id", run.Id.Value);
            writer.WriteString("run_name", run.Name);
            writer.WriteString("experiment_id", run.ExperimentId.ToString());
            writer.WriteString("severity", severity);
            writer.WriteString("title", title);
            writer.WriteString("text", text);
        }));

    /// <summary>What a message of this kind looks like, for who tries a webhook out.</summary>
    public static RegistryNews Example(RegistryEvent kind)
    {
        const string name = "example_model";
        if (kind.Entity == "run_alert")
        {
            return new RegistryNews(kind, Write(writer =>
            {
                writer.WriteString("run_id", "0123456789abcdef0123456789abcdef");
                writer.WriteString("run_name", "example_run");
                writer.WriteString("experiment_id", "0");
                writer.WriteString("severity", "INFO");
                writer.WriteString("title", "An example");
                writer.WriteString("text", "");
            }));
        }

        var data = Write(writer =>
        {
            writer.WriteString("name", name);
            if (kind.Entity.Contains("alias", StringComparison.Ordinal))
            {
                writer.WriteString("alias", "example_alias");
            }

            if (kind.Entity.Contains("version", StringComparison.Ordinal) && !(kind.Entity.Contains("alias", StringComparison.Ordinal) && kind.Action == "deleted"))
            {
                writer.WriteString("version", "1");
            }

            if (kind.Entity.Contains("tag", StringComparison.Ordinal))
            {
                writer.WriteString("key", "example_key");
            }
            else if (kind.Action == "created" && !kind.Entity.Contains("alias", StringComparison.Ordinal))
            {
                writer.WriteString("description", "An example");
            }
        });
        return new RegistryNews(kind, data);
    }

    private static void WriteTags(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> tags, bool isPrompt)
    {
        writer.WriteStartObject("tags");
        foreach (var (key, value) in tags)
        {
            if (!isPrompt || key is not (RegisteredModel.PromptTag or PromptText))
            {
                writer.WriteString(key, value);
            }
        }

        writer.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
