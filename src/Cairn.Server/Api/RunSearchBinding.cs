using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Search;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Api;

/// <summary>Reads which runs a request is about: <c>experiment</c>, <c>filter</c>, <c>state</c> and <c>is</c>.</summary>
internal static class RunSearchBinding
{
    /// <param name="http">The request.</param>
    /// <param name="catalog">Where experiments are looked up.</param>
    /// <param name="names">Told the names of the experiments.</param>
    public static async Task<RunQuery> ReadAsync(HttpContext http, ExperimentCatalog catalog, ExperimentNames names)
    {
        var experiments = new List<ExperimentId>();
        foreach (var text in Bind.All(http, "experiment"))
        {
            var experiment = await catalog.GetAsync(text, http.RequestAborted);
            names.Know(experiment);
            experiments.Add(experiment.Id);
        }

        return new RunQuery(experiments, Bind.State(http), Where(Bind.Query(http, "filter"), Bind.All(http, "is")), [], int.MaxValue, 0);
    }

    /// <summary>Fields such as <c>params.depth</c>, <c>tags.`a b`</c> or <c>job_type</c>.</summary>
    public static List<Field> Fields(IReadOnlyList<string> texts, string parameter) => [.. texts.Select(text => Field(text, parameter))];

    public static Field Field(string text, string parameter)
    {
        try
        {
            return OrderByParser.ParseRunOrder([text], SearchDialect.Extended)[0].Field;
        }
        catch (CairnException refused) when (refused.Code == ErrorCode.InvalidArgument)
        {
            throw CairnException.Invalid(parameter, $"'{parameter}' is no field: {refused.Message}");
        }
    }

    private static Condition? Where(string? filter, IReadOnlyList<string> equalities)
    {
        var parts = equalities.Select(Equality).ToList();
        if (FilterParser.ParseRunFilter(filter, SearchDialect.Extended) is { } parsed)
        {
            parts.Insert(0, parsed);
        }

        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => new Condition.And(parts),
        };
    }

    // ["params.depth","4"]: a pair needs no quoting, whatever the value holds. null means: has no value.
    private static Condition Equality(string text)
    {
        try
        {
            using var pair = JsonDocument.Parse(text);
            if (pair.RootElement is { ValueKind: JsonValueKind.Array } list
                && list.GetArrayLength() == 2
                && list[0].ValueKind == JsonValueKind.String
                && list[1].ValueKind is JsonValueKind.String or JsonValueKind.Null)
            {
                return RunGrouping.Is(Field(list[0].GetString()!, "is"), list[1].GetString());
            }
        }
        catch (JsonException)
        {
            // Said below, in the same words as for any other text that is no pair.
        }

        throw CairnException.Invalid("is", """'is' must be a pair such as ["params.depth","4"] or ["params.depth",null].""");
    }
}
