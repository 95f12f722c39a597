using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.LoggedModels;

/// <summary>Search over logged models.</summary>
internal sealed class SearchLoggedModels(LoggedModelCatalog models, IRunStore runs, ArtifactRoots roots)
{
    private const int DefaultResults = 50;
    private const int MostResults = 1000;

    public async Task HandleAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var search = new LoggedModelToken(fields);
        var query = Read(fields, search);
        var size = query.Limit - 1;
        var found = await models.SearchAsync(query, context.RequestAborted);
        var views = new List<LoggedModelView>(Math.Min(found.Count, size));
        foreach (var model in found.Take(size))
        {
            views.Add(new LoggedModelView(model, await LoggedModelEndpoints.UriAsync(model, runs, roots, context.RequestAborted)));
        }

        await JsonAnswer.StreamAsync(
            context,
            "models",
            views,
            LoggedModelWriter.Write,
            writer =>
            {
                if (found.Count > size)
                {
                    writer.WriteString("next_page_token"u8, search.Write(query.Offset + size));
                }
            });
    }

    /// <summary>The query, one model longer than the page.</summary>
    private static LoggedModelQuery Read(RequestFields fields, LoggedModelToken search)
    {
        var ids = fields.Ids("experiment_ids");
        if (ids.Count == 0)
        {
            throw RequestFields.Missing("experiment_ids");
        }

        var where = LoggedModelFilter.Parse(fields.Text("filter"));
        var datasets = fields.Objects("datasets").Select(ReadDataset).ToList();
        var size = fields.Integer("max_results") ?? DefaultResults;
        var order = fields.Objects("order_by").Select(ReadOrder).ToList();
        if (size is < 1 or > MostResults)
        {
            throw CairnException.Invalid("max_results", $"Invalid value {size} for parameter 'max_results' supplied. It must be a positive integer of at most {MostResults}");
        }

        var experiments = new List<ExperimentId>(ids.Count);
        foreach (var id in ids)
        {
            if (ExperimentId.TryParse(id, out var experiment))
            {
                experiments.Add(experiment);
            }
        }

        return new LoggedModelQuery(experiments, where, datasets, order, (int)size + 1, search.Read(fields.Text("page_token")));
    }

    private static MeasuredOn ReadDataset(FieldValue item, int index)
    {
        var at = $"datasets[{index}]";
        var name = RequestFields.OptionalText($"{at}.dataset_name", item.Member("dataset_name", at));
        return string.IsNullOrEmpty(name)
            ? throw CairnException.Invalid($"{at}.dataset_name", "`dataset_name` in the `datasets` clause must be specified.")
            : new MeasuredOn(name, NoneIfEmpty(RequestFields.OptionalText($"{at}.dataset_digest", item.Member("dataset_digest", at))));
    }

    private static LoggedModelOrder ReadOrder(FieldValue item, int index)
    {
        var at = $"order_by[{index}]";
        var ascending = item.Member("ascending", at);
        return LoggedModelFilter.ParseOrder(
            RequestFields.RequiredText($"{at}.field_name", item.Member("field_name", at)),
            !ascending.IsAbsent && !(ascending.Truth ?? throw RequestFields.WrongType($"{at}.ascending", ascending)),
            NoneIfEmpty(RequestFields.OptionalText($"{at}.dataset_name", item.Member("dataset_name", at))),
            NoneIfEmpty(RequestFields.OptionalText($"{at}.dataset_digest", item.Member("dataset_digest", at))));
    }

    private static string? NoneIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
