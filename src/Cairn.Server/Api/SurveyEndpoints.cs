using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What is asked about many runs at once: their keys, the values of a key, groups.</summary>
internal static class SurveyEndpoints
{
    private const int MostFields = 100;

    public static async Task Keys(HttpContext http)
    {
        var experiment = await Catalog(http).GetAsync(Bind.ExperimentId(http), http.RequestAborted);
        var counts = await Store(http).CountKeysAsync(experiment.Id, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.RunKeys(ToWire(counts.Params), ToWire(counts.Metrics), ToWire(counts.Tags)));

        static List<Wire.RunKeyInfo> ToWire(IReadOnlyList<KeyCount> keys) => [.. keys.Select(key => new Wire.RunKeyInfo(key.Key, key.Runs))];
    }

    public static async Task Values(HttpContext http)
    {
        var experiment = await Catalog(http).GetAsync(Bind.ExperimentId(http), http.RequestAborted);
        var field = RunSearchBinding.Field(Bind.Query(http, "field") ?? throw CairnException.Invalid("field", "'field' is missing: say whose values, as in field=params.depth."), "field");
        var part = Bind.Query(http, "contains") ?? "";
        var limit = (int)Bind.Number(http, "limit", missing: 50, least: 1, most: 1000);
        var query = new RunQuery([experiment.Id], LifecycleFilter.Active, null, [], int.MaxValue, 0);
        var column = (await Store(http).ReadColumnsAsync(query, [field], http.RequestAborted)).Columns[0];
        var counts = (column.Texts ?? []).OfType<string>()
            .Where(text => text.Contains(part, StringComparison.OrdinalIgnoreCase))
            .CountBy(text => text, StringComparer.Ordinal)
            .OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)
            .ToList();
        var numbers = column.Numbers.Where(number => !double.IsNaN(number)).ToList();
        await http.WriteJsonAsync(new Wire.RunValues(
            [.. counts.Take(limit).Select(count => new Wire.RunValueInfo(count.Key, count.Value))],
            counts.Count,
            column.Texts?.Count(text => text is not null) ?? numbers.Count,
            numbers.Count > 0 ? numbers.Min() : null,
            numbers.Count > 0 ? numbers.Max() : null));
    }

    public static async Task Groups(HttpContext http)
    {
        var catalog = Catalog(http);
        var by = RunSearchBinding.Fields(Bind.All(http, "by"), "by");
        var of = RunSearchBinding.Fields(Bind.All(http, "of"), "of");
        if (by.Count == 0 || by.Count + of.Count > MostFields)
        {
            throw CairnException.Invalid("by", $"'by' must name at least one field, and 'by' and 'of' together at most {MostFields}.");
        }

        var limit = (int)Bind.Number(http, "limit", missing: 1000, least: 1, most: 5000);
        var query = await RunSearchBinding.ReadAsync(http, catalog, new ExperimentNames(catalog));
        var columns = await Store(http).ReadColumnsAsync(query, [.. by, .. of], http.RequestAborted);
        var groups = RunGrouping.Group(columns, by.Count);
        await http.WriteJsonAsync(new Wire.RunGroupList([.. groups.Take(limit).Select(ToWire)], groups.Count, columns.Runs.Count));
    }

    private static Wire.RunGroupInfo ToWire(RunGroup group) => new(
        group.Values,
        group.Runs,
        group.Running,
        group.Failed,
        group.LastStartedAt,
        ToWire(group.Duration),
        [.. group.Aggregates.Select(ToWire)]);

    private static Wire.RunAggregateInfo ToWire(RunAggregate sum) => sum.Count == 0
        ? new Wire.RunAggregateInfo(0, null, null, null, sum.Only)
        : new Wire.RunAggregateInfo(sum.Count, sum.Mean, sum.Least, sum.Greatest, sum.Only);

    private static ExperimentCatalog Catalog(HttpContext http) => http.RequestServices.GetRequiredService<ExperimentCatalog>();

    private static IRunStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IRunStore>();
}
