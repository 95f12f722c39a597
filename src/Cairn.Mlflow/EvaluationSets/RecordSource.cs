using System.Text.Json;
using Cairn.Core;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.EvaluationSets;

/// <summary>Where a record of an evaluation set comes from.</summary>
/// <param name="Type">One of <see cref="Types"/>.</param>
/// <param name="Data">What is known about it: an object of JSON, as Python writes it.</param>
/// <param name="Id">The trace, or what the data call their source; null where they name none.</param>
internal sealed record RecordSource(string Type, string Data, string? Id)
{
    private static readonly string[] Types = ["UNSPECIFIED", "TRACE", "HUMAN", "DOCUMENT", "CODE"];

    /// <summary>The source that a record names; null where it names none.</summary>
    /// <param name="record">An object.</param>
    /// <param name="at">Where it stands in the request.</param>
    public static RecordSource? Read(JsonElement record, string at)
    {
        if (!record.TryGetProperty("source"u8, out var source) || source.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (source.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid($"{at}.source", $"'{at}.source' must be an object with 'source_type' and 'source_data'.");
        }

        return source.EnumerateObject().Any() ? Of(source, at) : null;
    }

    /// <summary>The source of a record that was kept.</summary>
    public static RecordSource? Kept(string? json)
    {
        if (json is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        var source = document.RootElement;
        return source.ValueKind == JsonValueKind.Object && Text(source, "source_type") is { } type && Array.Exists(Types, known => known == type) ? Of(source, "") : null;
    }

    /// <summary>As JSON, the way Python writes it.</summary>
    public string Write() => $"{{\"source_type\": \"{Type}\", \"source_data\": {Data}}}";

    private static RecordSource Of(JsonElement source, string at)
    {
        var type = Text(source, "source_type")?.ToUpperInvariant();
        if (type is null || !Array.Exists(Types, known => known == type))
        {
            throw CairnException.Invalid(
                $"{at}.source.source_type",
                $"Invalid dataset record source type: {type ?? "none"} in '{at}.source.source_type'. Valid source types: {string.Join(", ", Types)}");
        }

        var data = source.TryGetProperty("source_data"u8, out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        return new RecordSource(
            type,
            data.ValueKind == JsonValueKind.Object ? PythonJson.Write(data) : "{}",
            data.ValueKind == JsonValueKind.Object ? Text(data, type == "TRACE" ? "trace_id" : "source_id") : null);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? RequestText.Of(value) : null;
}
