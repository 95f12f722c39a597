using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Search;
using Cairn.Core.Traces;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Traces;

/// <summary>Search over traces, in the old form and the new, and how two conditions on them go together.</summary>
internal sealed class SearchTraces(TraceCatalog traces)
{
    private const int DefaultResults = 100;
    private const int MostResults = 500;
    private const string ModelMetadata = "mlflow.modelId";

    public async Task HandleOldAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var ids = fields.Ids("experiment_ids");
        var query = ReadQuery(fields, ids);
        if (ids.Count == 0)
        {
            throw RequestFields.Missing("experiment_ids");
        }

        await AnswerAsync(context, query, TraceWriter.WriteOld);
    }

    public async Task HandleAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        if (fields.Value("locations").IsAbsent)
        {
            throw RequestFields.Missing("locations");
        }

        var locations = fields.Objects("locations");
        var ids = new List<string>();
        for (var i = 0; i < locations.Count; i++)
        {
            var at = $"locations[{i}]";
            if (locations[i].Member("mlflow_experiment", at) is { IsAbsent: false } place
                && place.Member("experiment_id", $"{at}.mlflow_experiment").TextOrNumber is { } id)
            {
                ids.Add(id);
            }
        }

        await AnswerAsync(context, ReadQuery(fields, ids), TraceWriter.Write);
    }

    /// <summary>The traces of a logged model, as MLflow's hosted product has it: there they may lie in a table, here they never do.</summary>
    public async Task HandleOfModelAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var model = fields.RequiredText("model_id");
        var query = ReadQuery(fields, fields.Ids("experiment_ids"));
        var ofModel = new Criterion<TraceSubject>(TraceSubject.Metadata, ModelMetadata, Comparison.Equal, new Operand(model));
        await AnswerAsync(context, query with { Where = [.. query.Where, ofModel] }, TraceWriter.WriteOld);
    }

    public async Task CorrelateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var ids = fields.Ids("experiment_ids");
        if (ids.Count == 0)
        {
            throw RequestFields.Missing("experiment_ids");
        }

        var first = TraceFilter.Parse(fields.RequiredText("filter_string1"));
        var second = TraceFilter.Parse(fields.RequiredText("filter_string2"));
        var among = TraceFilter.Parse(fields.Text("base_filter"));
        var found = await traces.CorrelateAsync(Experiments(ids), first, second, among, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, found, static (writer, result) =>
        {
            writer.WriteStartObject();
            JsonAnswer.WriteDouble(writer, "npmi"u8, result.Npmi);
            JsonAnswer.WriteDouble(writer, "npmi_smoothed"u8, result.SmoothedNpmi);
            writer.WriteNumber("filter1_count"u8, result.First);
            writer.WriteNumber("filter2_count"u8, result.Second);
            writer.WriteNumber("joint_count"u8, result.Both);
            writer.WriteNumber("total_count"u8, result.Total);
            writer.WriteEndObject();
        });
    }

    private async Task AnswerAsync(HttpContext context, TraceQuery query, Action<Utf8JsonWriter, Trace> write)
    {
        var size = query.Limit - 1;
        var found = await traces.SearchAsync(query, context.RequestAborted);
        await JsonAnswer.StreamAsync(
            context,
            "traces",
            found.Count > size ? [.. found.Take(size)] : found,
            write,
            writer =>
            {
                if (found.Count > size)
                {
                    writer.WriteString("next_page_token"u8, PageToken.Write(query.Offset + size));
                }
            });
    }

    /// <summary>The query, one trace longer than the page.</summary>
    private static TraceQuery ReadQuery(RequestFields fields, IReadOnlyList<string> ids)
    {
        var filter = fields.Text("filter");
        var size = fields.Integer("max_results") ?? DefaultResults;
        if (size > MostResults)
        {
            throw RequestFields.Refuse("max_results", $"Invalid value {size} for parameter 'max_results' supplied:  Hint: Value was of type 'int'.");
        }

        if (size < 1)
        {
            throw CairnException.Invalid("max_results", $"Invalid value {size} for parameter 'max_results' supplied. It must be a positive integer");
        }

        var order = fields.Texts("order_by");
        return new TraceQuery(
            Experiments(ids),
            TraceFilter.Parse(filter),
            TraceFilter.ParseOrder(order),
            (int)size + 1,
            PageToken.Read(fields.Text("page_token")));
    }

    private static List<ExperimentId> Experiments(IReadOnlyList<string> ids)
    {
        var experiments = new List<ExperimentId>(ids.Count);
        foreach (var id in ids)
        {
            if (ExperimentId.TryParse(id, out var experiment))
            {
                experiments.Add(experiment);
            }
        }

        return experiments;
    }
}
