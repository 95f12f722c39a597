using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Mlflow.Search;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Experiments;

/// <summary>Search over experiments.</summary>
internal sealed class SearchExperiments(IRunStore store)
{
    public async Task HandleAsync(HttpContext context)
    {
        var query = await ReadAsync(context);
        var size = query.Limit - 1;
        var found = await store.SearchExperimentsAsync(query, context.RequestAborted);
        await JsonAnswer.StreamAsync(
            context,
            "experiments",
            found.Count > size ? [.. found.Take(size)] : found,
            ExperimentWriter.Write,
            writer =>
            {
                if (found.Count > size)
                {
                    writer.WriteString("next_page_token"u8, PageToken.Write(query.Offset + size));
                }
            });
    }

    /// <summary>The query, one experiment longer than the page.</summary>
    private static async Task<ExperimentQuery> ReadAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var lifecycle = fields.Choice("view_type", ViewTypes.ByName, ViewTypes.ByNumber) ?? LifecycleFilter.Active;
        var size = PageSize.OfExperiments(fields);
        var order = fields.Texts("order_by");
        var filter = fields.Text("filter");
        var token = fields.Text("page_token");
        var where = FilterParser.ParseExperimentFilter(filter);
        return new ExperimentQuery(lifecycle, where, OrderByParser.ParseExperimentOrder(order), size + 1, PageToken.Read(token));
    }
}
