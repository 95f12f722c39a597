using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Models;
using Cairn.Core.Search;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Registry;

/// <summary>Searches over registered models and over versions. Prompts are left out unless the filter asks for them by their tag.</summary>
internal sealed class SearchRegistry(ModelRegistry registry)
{
    private const string MaxResults = "max_results";
    private const int MostModels = 1000;
    private const int MostVersions = 200_000;

    public async Task ModelsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var filter = fields.Text("filter");
        var size = Size(fields, usual: 100);
        if (size > MostModels)
        {
            throw CairnException.Invalid(MaxResults, $"Invalid value for request parameter max_results. It must be at most {MostModels}, but got value {size}");
        }

        var order = fields.Texts("order_by");
        var token = fields.Text("page_token");
        var query = Query(FilterParser.ParseModelFilter(filter), OrderByParser.ParseModelOrder(order), size, token);
        await AnswerAsync(context, "registered_models", await registry.SearchAsync(query, context.RequestAborted), query, RegistryWriter.Write);
    }

    public async Task VersionsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var filter = fields.Text("filter");
        var size = Size(fields, usual: 10_000);
        if (size > MostVersions)
        {
            throw CairnException.Invalid(MaxResults, $"Invalid value for max_results. It must be a positive integer of at most {MostVersions}, but got {size}");
        }

        var order = fields.Texts("order_by");
        var token = fields.Text("page_token");
        var query = Query(FilterParser.ParseModelVersionFilter(filter), OrderByParser.ParseModelVersionOrder(order), size, token);
        await AnswerAsync(context, "model_versions", await registry.SearchVersionsAsync(query, context.RequestAborted), query, RegistryWriter.Write);
    }

    private static Task AnswerAsync<T>(
        HttpContext context,
        string name,
        IReadOnlyList<T> found,
        ModelQuery query,
        Action<Utf8JsonWriter, T> write)
    {
        var size = query.Limit - 1;
        return JsonAnswer.StreamAsync(context, name, found.Count > size ? [.. found.Take(size)] : found, write, writer =>
        {
            if (found.Count > size)
            {
                writer.WriteString("next_page_token"u8, PageToken.Write(query.Offset + size));
            }
        });
    }

    /// <summary>The query, one longer than the page.</summary>
    private static ModelQuery Query(Condition? where, IReadOnlyList<Ordering> order, long size, string? token)
    {
        var withPrompts = AsksForPrompts(where) ?? false;
        return new ModelQuery(withPrompts ? where : WithoutPromptTag(where), order, withPrompts, (int)size + 1, PageToken.Read(token));
    }

    /// <summary>What the first comparison with the tag of prompts says; null where there is none.</summary>
    private static bool? AsksForPrompts(Condition? condition) => condition switch
    {
        Condition.And and => and.Parts.Select(AsksForPrompts).FirstOrDefault(answer => answer is not null),
        Condition.Or or => or.Parts.Select(AsksForPrompts).FirstOrDefault(answer => answer is not null),
        Condition.Not not => !AsksForPrompts(not.Part),
        Condition.Text text when IsPromptTag(text.Field) =>
            (text.Comparison == Comparison.Equal && text.Value.Equals("true", StringComparison.OrdinalIgnoreCase))
            || (text.Comparison == Comparison.NotEqual && text.Value.Equals("false", StringComparison.OrdinalIgnoreCase)),
        _ => null,
    };

    // Models do not have the tag, and a comparison with what is missing is false: leaving prompts out says it already.
    private static Condition? WithoutPromptTag(Condition? condition) => condition switch
    {
        Condition.Text text when IsPromptTag(text.Field) => null,
        Condition.And and => new Condition.And([.. and.Parts.Select(WithoutPromptTag).OfType<Condition>()]),
        _ => condition,
    };

    private static bool IsPromptTag(Field field) => field is { Kind: FieldKind.Tag, Key: RegisteredModel.PromptTag };

    private static long Size(RequestFields fields, int usual)
    {
        var size = fields.Integer(MaxResults) ?? usual;
        return size > 0
            ? size
            : throw CairnException.Invalid(MaxResults, $"Invalid value for max_results. It must be a positive integer, but got {size}");
    }
}
