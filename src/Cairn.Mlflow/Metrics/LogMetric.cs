using System.Text.Json;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Metrics;

/// <summary>One point of one series: the call that training loops make most.</summary>
internal sealed class LogMetric(RunJournal journal, LoggedModelCatalog models, KeyCache keys)
{
    public async Task HandleAsync(HttpContext context)
    {
        ContentTypeRule.Check(context.Request);
        using var body = await RequestBody.ReadAsync(context.Request, RequestBody.LongestJson, context.RequestAborted);
        var update = TryRead(body.Bytes.Span, out var run, out var point) ? new RunUpdate(run) { Points = [point] } : Read(body);
        await models.RequireAsync([.. update.ModelPoints.Select(model => model.ModelId)], context.RequestAborted);
        await journal.ApplyAsync(update, context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private static RunUpdate Read(RequestBody body)
    {
        using var fields = RequestFields.Of(body);
        var run = fields.RunId();
        var metric = new MetricRequest(
            fields.RequiredText("key"),
            fields.RequiredNumber("value"),
            fields.RequiredInteger("timestamp"),
            fields.Integer("step") ?? 0)
        {
            ModelId = fields.Text("model_id"),
            DatasetName = fields.Text("dataset_name"),
            DatasetDigest = fields.Text("dataset_digest"),
        };
        var point = metric.ToPoint("");
        return new RunUpdate(RunId.Parse(run)) { Points = [point], ModelPoints = metric.ToModelPoint(point) is { } model ? [model] : [] };
    }

    private bool TryRead(ReadOnlySpan<byte> json, out RunId run, out SeriesPoint point)
    {
        run = default;
        point = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            var fields = default(MetricFields);
            string? id = null;
            string? oldId = null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                switch (fields.Take(ref reader, keys))
                {
                    case FieldResult.Odd:
                        return false;
                    case FieldResult.Taken:
                        break;
                    case FieldResult.Other when reader.ValueTextEquals("run_id"u8):
                        id = RunIdReader.Text(ref reader);
                        break;
                    case FieldResult.Other when reader.ValueTextEquals("run_uuid"u8):
                        oldId = RunIdReader.Text(ref reader);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            return RunId.TryParse(id ?? oldId, out run) && fields.TryGet(out point) && !reader.Read();
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
