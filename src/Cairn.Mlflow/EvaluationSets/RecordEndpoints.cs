using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.EvaluationSets;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.EvaluationSets;

/// <summary>The records of an evaluation set. They travel as a text of JSON inside of JSON.</summary>
internal sealed class RecordEndpoints(IEvaluationSetStore sets, TimeProvider clock)
{
    private const int MostRecords = 1000;

    public async Task UpsertAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        using var document = LenientJson.Parse(Encoding.UTF8.GetBytes(fields.RequiredText("records")));
        if (document?.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw CairnException.Invalid("records", "'records' must be a text of JSON: a list of objects.");
        }

        var records = document.RootElement.EnumerateArray().ToList();
        for (var i = 0; i < records.Count; i++)
        {
            CheckRecord(records[i], $"records[{i}]");
        }

        var user = records.Select(RecordRules.UserOf).LastOrDefault(name => name is not null);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var added = await sets.MergeAsync(
            EvaluationSetEndpoints.Id(context),
            records.ConvertAll(RecordRules.InputKey),
            (old, i) => RecordRules.Merge(old, records[i], now),
            set => set with { Digest = RecordRules.Digest(set.Name, now), Schema = RecordRules.Describe(set.Schema, records), UpdatedAt = now, UpdatedBy = user ?? set.UpdatedBy },
            context.RequestAborted);
        await JsonAnswer.WriteAsync(context, (added, updated: records.Count - added), static (writer, counts) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("inserted_count"u8, counts.added);
            writer.WriteNumber("updated_count"u8, counts.updated);
            writer.WriteEndObject();
        });
    }

    public async Task ListAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var size = fields.Integer("max_results") is { } asked and > 0 ? (int)Math.Min(asked, MostRecords) : MostRecords;
        var after = fields.Text("page_token") is { Length: > 0 } token ? ReadToken(token) : (RecordPosition?)null;
        var set = await EvaluationSetEndpoints.FindAsync(sets, context);
        var found = await sets.ReadRecordsAsync(set.Id, after, size + 1, context.RequestAborted);
        var page = found.Take(size).ToList();
        var text = new StringBuilder();
        PythonJson.AppendAll(text, '[', page, record => Append(text, set.Id, record), ']');
        await JsonAnswer.WriteAsync(context, (text: text.ToString(), next: found.Count > size ? page[^1] : null), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteString("records"u8, answer.text);
            if (answer.next is { } last)
            {
                writer.WriteString("next_page_token"u8, Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt}:{last.Id}"))));
            }

            writer.WriteEndObject();
        });
    }

    private static void CheckRecord(JsonElement record, string at)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid(at, $"'{at}' must be an object with 'inputs'.");
        }

        foreach (var part in new[] { "inputs", "expectations", "tags" })
        {
            if (record.TryGetProperty(part, out var value) && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                throw CairnException.Invalid($"{at}.{part}", $"'{at}.{part}' must be an object.");
            }
        }

        RecordSource.Read(record, at);
    }

    private static RecordPosition ReadToken(string token)
    {
        var buffer = new byte[token.Length];
        if (Convert.TryFromBase64String(token, buffer, out var length)
            && Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2) is [var time, var id]
            && long.TryParse(time, NumberStyles.Integer, CultureInfo.InvariantCulture, out var at))
        {
            return new RecordPosition(at, id);
        }

        throw CairnException.Invalid("page_token", "Invalid page token, could not be decoded");
    }

    private static void Append(StringBuilder text, string set, EvaluationRecord record)
    {
        text.Append("{\"dataset_record_id\": \"").Append(record.Id).Append("\", \"dataset_id\": \"").Append(set).Append("\", \"inputs\": ").Append(record.Inputs);
        AppendJson(text, "outputs", record.Outputs);
        AppendJson(text, "expectations", record.Expectations);
        AppendJson(text, "tags", record.Tags);
        AppendJson(text, "source", record.Source);
        if (RecordSource.Kept(record.Source) is { } source)
        {
            AppendText(text, "source_id", source.Id);
            AppendText(text, "source_type", source.Type);
        }

        text.Append(CultureInfo.InvariantCulture, $", \"created_time\": {record.CreatedAt}, \"last_update_time\": {record.UpdatedAt}");
        AppendText(text, "created_by", record.CreatedBy);
        AppendText(text, "last_updated_by", record.UpdatedBy);
        text.Append('}');
    }

    private static void AppendJson(StringBuilder text, string name, string? json)
    {
        if (json is not null)
        {
            text.Append(", \"").Append(name).Append("\": ").Append(json);
        }
    }

    private static void AppendText(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(", \"").Append(name).Append("\": ");
            PythonJson.AppendText(text, value);
        }
    }
}
