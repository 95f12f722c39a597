using System.Globalization;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Archives;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Archives;

/// <summary>From a thing to values that may be written, field by field; what cannot be is refused by the field's name.</summary>
/// <param name="experiments">Numbers of experiments here by those in the archive.</param>
internal sealed class ArchiveReader(IReadOnlyDictionary<string, string> experiments)
{
    private readonly HashSet<(long Number, string Field)> mentioned = [];

    /// <summary>The contents the thing needs.</summary>
    public List<ArchivedContent> Contents { get; } = [];

    /// <summary>Every experiment that the thing speaks of must be here.</summary>
    public void CheckExperiments(SqlSession session)
    {
        foreach (var (number, field) in mentioned)
        {
            if (session.Number("SELECT EXISTS (SELECT 1 FROM experiment WHERE id = @1)", number) == 0)
            {
                throw CairnException.Invalid(field, $"'{field}' names the experiment {number}, which is not here. Import the experiments first.");
            }
        }
    }

    public ArchivedRow Read(ArchiveTable table, JsonElement thing, string at)
    {
        if (thing.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid(at, $"'{at}' must be an object.");
        }

        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var column = table.Columns[i];
            var field = $"{at}.{column.Field}";
            values[i] = thing.TryGetProperty(column.Field, out var value) && value.ValueKind != JsonValueKind.Null
                ? Value(column, value, field)
                : column.IsRequired ? throw CairnException.Invalid(field, $"'{field}' is missing.") : null;
            if (column.Kind == FieldKind.Content && values[i] is string digest)
            {
                Contents.Add(new ArchivedContent(field, Digest.Parse(digest), thing.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) ? bytes : null));
            }
        }

        var parts = new List<(ArchiveTable, IReadOnlyList<ArchivedRow>)>(table.Parts.Count);
        foreach (var part in table.Parts)
        {
            if (!thing.TryGetProperty(part.Field, out var list) || list.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (list.ValueKind != JsonValueKind.Array)
            {
                throw CairnException.Invalid($"{at}.{part.Field}", $"'{at}.{part.Field}' must be a list.");
            }

            parts.Add((part, [.. list.EnumerateArray().Select((item, i) => Read(part, item, $"{at}.{part.Field}[{i}]"))]));
        }

        if (table == ArtifactTables.Versions)
        {
            ArtifactTables.Complete(values, parts.FirstOrDefault(part => part.Item1.Field == "files").Item2 ?? []);
        }

        return new ArchivedRow(values, parts, at);
    }

    private object Value(ArchiveColumn column, JsonElement value, string field)
    {
        switch (column.Kind)
        {
            case FieldKind.Number:
                return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) ? whole : throw Wrong(field, "a whole number");
            case FieldKind.Real:
                return value.ValueKind == JsonValueKind.Number ? value.GetDouble()
                    : value.ValueKind == JsonValueKind.String && value.GetString() is "Infinity" or "-Infinity" ? (value.GetString()![0] == '-' ? double.NegativeInfinity : double.PositiveInfinity)
                    : throw Wrong(field, "a number");
        }

        var text = value.ValueKind == JsonValueKind.String ? TextOf(value, field) : throw Wrong(field, "a text");
        switch (column.Kind)
        {
            case FieldKind.Name:
                ArtifactNames.Check(field, text);
                return text;
            case FieldKind.Path:
                return RelativePath.Normalize(text, field) == text ? text : throw Wrong(field, "a relative path without doubled slashes");
            case FieldKind.Content or FieldKind.Digest:
                return Digest.Parse(text, field).Value;
            case FieldKind.Run:
                return RunId.TryParse(text, out var run) ? run.Value : throw Wrong(field, "a run's id, 32 lower-case hexadecimal digits");
            case FieldKind.Experiment:
                var number = ExperimentId.TryParse(experiments.GetValueOrDefault(text, text), out var experiment) ? experiment.Value : throw Wrong(field, "an experiment's number");
                mentioned.Add((number, field));
                return number;
            case FieldKind.Json:
                return IsJson(text) ? text : throw Wrong(field, "JSON as text");
            case FieldKind.Bytes:
                return value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Wrong(field, "bytes in base64");
            case FieldKind.Word:
                var place = column.Words.ToList().IndexOf(text);
                return place >= 0 ? (long)place : throw Wrong(field, $"one of {string.Join(", ", column.Words.OfType<string>())}");
            default:
                return text;
        }
    }

    // Half of a surrogate pair is no text, and cannot be kept.
    private static string TextOf(JsonElement value, string field)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(field, "valid Unicode");
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            // Clients of long ago wrote bare NaN and Infinity; who reads such texts here knows of that.
            return text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal);
        }
    }

    private static CairnException Wrong(string field, string what) =>
        CairnException.Invalid(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' must be {what}."));
}

/// <summary>A row to be, with the rows that are its parts.</summary>
/// <param name="Values">In the order of the table's columns.</param>
/// <param name="Parts">By table.</param>
/// <param name="At">Where it stands in the thing.</param>
internal sealed record ArchivedRow(object?[] Values, IReadOnlyList<(ArchiveTable Table, IReadOnlyList<ArchivedRow> Rows)> Parts, string At);
