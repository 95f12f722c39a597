using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Core.Blobs;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Archives;

/// <summary>From rows to things. What is null, and lists without parts, are left out.</summary>
internal sealed class ArchiveWriter(SqlSession session)
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<Digest> contents = [];

    public IReadOnlyList<Digest> Contents => [.. contents.OrderBy(digest => digest.Value, StringComparer.Ordinal)];

    public ReadOnlyMemory<byte> Write(ArchiveTable table, SqliteDataReader row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes, Options);
        WriteObject(writer, table, row);
        writer.Flush();
        return bytes.WrittenMemory;
    }

    private void WriteObject(Utf8JsonWriter writer, ArchiveTable table, SqliteDataReader row)
    {
        writer.WriteStartObject();
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (!row.IsDBNull(i))
            {
                WriteField(writer, table.Columns[i], row, i);
            }
        }

        foreach (var part in table.Parts)
        {
            var isBegun = false;
            session.Query(
                $"{part.Select} AND {part.Owner} = @1 ORDER BY {part.Order}",
                child =>
                {
                    if (!isBegun)
                    {
                        writer.WriteStartArray(part.Field);
                        isBegun = true;
                    }

                    WriteObject(writer, part, child);
                    return 0;
                },
                row.GetInt64(table.Columns.Count));
            if (isBegun)
            {
                writer.WriteEndArray();
            }
        }

        writer.WriteEndObject();
    }

    private void WriteField(Utf8JsonWriter writer, ArchiveColumn column, SqliteDataReader row, int at)
    {
        switch (column.Kind)
        {
            case FieldKind.Number:
                writer.WriteNumber(column.Field, row.GetInt64(at));
                break;
            case FieldKind.Real when double.IsFinite(row.GetDouble(at)):
                writer.WriteNumber(column.Field, row.GetDouble(at));
                break;
            case FieldKind.Real:
                writer.WriteString(column.Field, row.GetDouble(at) > 0 ? "Infinity" : "-Infinity");
                break;
            case FieldKind.Experiment:
                writer.WriteString(column.Field, row.GetInt64(at).ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case FieldKind.Bytes:
                writer.WriteBase64String(column.Field, (byte[])row.GetValue(at));
                break;
            case FieldKind.Word:
                writer.WriteString(column.Field, column.Words[row.GetInt32(at)]);
                break;
            default:
                var text = row.GetString(at);
                writer.WriteString(column.Field, text);
                if (column.Kind == FieldKind.Content && Digest.TryParse(text, out var digest))
                {
                    contents.Add(digest);
                }

                break;
        }
    }
}
