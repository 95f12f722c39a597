using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Mlflow.Search;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>Search over runs. Unlike MLflow's server it gives a token for a next page only where there is one.</summary>
internal sealed class SearchRuns(IRunStore runs, ArtifactRoots roots)
{
    public async Task HandleAsync(HttpContext context)
    {
        var (query, anywhere) = await ReadAsync(context);
        var found = anywhere ? await runs.SearchRunsAsync(query, context.RequestAborted) : [];
        var size = query.Limit - 1;
        var views = new List<RunView>(Math.Min(found.Count, size));
        for (var i = 0; i < found.Count && i < size; i++)
        {
            views.Add(new RunView(found[i], await roots.OfAsync(found[i].Run, context.RequestAborted)));
        }

        await JsonAnswer.StreamAsync(
            context,
            "runs",
            views,
            static (writer, view) => RunWriter.WriteRun(writer, view),
            writer =>
            {
                if (found.Count > size)
                {
                    writer.WriteString("next_page_token"u8, PageToken.Write(query.Offset + size, RunPosition.Of(found[size - 1], query.OrderBy)));
                }
            });
    }

    /// <summary>The query, one run longer than the page; and whether there is any experiment to look in.</summary>
    private static async Task<(RunQuery Query, bool Anywhere)> ReadAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var ids = fields.Ids("experiment_ids");
        var filter = fields.Text("filter");
        var size = PageSize.OfRuns(fields);
        var order = fields.Texts("order_by");
        var lifecycle = fields.Choice("run_view_type", ViewTypes.ByName, ViewTypes.ByNumber) ?? LifecycleFilter.Active;
        var token = fields.Text("page_token");

        var experiments = new List<ExperimentId>(ids.Count);
        foreach (var id in ids)
        {
            if (ExperimentId.TryParse(id, out var experiment))
            {
                experiments.Add(experiment);
            }
        }

        var (text, dialect) = ExtendedFilter.Of(filter);
        var where = HouseTerms.Of(FilterParser.ParseRunFilter(text, dialect));
        var orderings = HouseTerms.Of(OrderByParser.ParseRunOrder(order, dialect));
        var (offset, after) = PageToken.ReadPosition(token);
        return (new RunQuery(experiments, lifecycle, where, orderings, size + 1, offset, after), experiments.Count > 0);
    }
}
