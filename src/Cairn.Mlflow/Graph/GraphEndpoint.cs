using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Mlflow.Wire;
using GraphQLParser.AST;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Graph;

/// <summary>
/// The GraphQL that MLflow's web pages speak. Each of its root fields is a call of the REST protocol, so it is answered
/// by that call; what is done here is to read documents and to pick out of the answer what was asked for.
/// </summary>
/// <param name="calls">The handlers of the calls by their name in REST.</param>
internal sealed class GraphEndpoint(IReadOnlyDictionary<string, RequestDelegate> calls)
{
    private const int LongestBody = 1024 * 1024;
    private const int MostIdsOfFilter = 100;

    private static readonly Dictionary<string, string> Calls = new(StringComparer.Ordinal)
    {
        ["mlflowGetRun"] = "getRun",
        ["mlflowGetExperiment"] = "getExperiment",
        ["mlflowListArtifacts"] = "listArtifacts",
        ["mlflowSearchRuns"] = "searchRuns",
        ["mlflowSearchDatasets"] = "searchDatasets",
        ["mlflowGetMetricHistoryBulkInterval"] = "getMetricHistoryBulkInterval",
        ["mlflowSearchModelVersions"] = "searchModelVersions",
    };

    /// <summary>True where a document is meant for this endpoint: other protocols have the same address.</summary>
    public static bool IsMeant(ReadOnlySpan<byte> body)
    {
        foreach (var field in Calls.Keys)
        {
            if (body.IndexOf(Encoding.ASCII.GetBytes(field)) >= 0)
            {
                return true;
            }
        }

        return body.IndexOf("test(inputString"u8) >= 0 || body.IndexOf("testMutation(inputString"u8) >= 0;
    }

    public async Task HandleAsync(HttpContext context)
    {
        JsonObject? data = null;
        var errors = new JsonArray();
        try
        {
            data = await AnswerAsync(context, errors);
        }
        catch (GraphFault fault)
        {
            errors.Add((JsonNode)fault.Message);
        }

        var answer = new JsonObject { ["data"] = data, ["errors"] = errors.Count == 0 ? null : errors };
        await JsonAnswer.WriteAsync(context, answer, static (writer, node) => node.WriteTo(writer));
    }

    private async Task<JsonObject> AnswerAsync(HttpContext context, JsonArray errors)
    {
        var (text, name, variables) = HttpMethods.IsGet(context.Request.Method) ? ReadQuery(context.Request.Query) : await ReadBodyAsync(context);
        var document = GraphDocument.Read(text, name);
        var roots = document.Fields(document.Operation.SelectionSet);
        foreach (var root in roots)
        {
            Check(document, root, GraphTypes.Query, 0);
        }

        var data = new JsonObject();
        foreach (var root in roots)
        {
            var key = (root.Alias?.Name ?? root.Name).StringValue;
            try
            {
                data[key] = await ResolveAsync(context, document, root, variables);
            }
            catch (GraphFault fault)
            {
                data[key] = null;
                errors.Add((JsonNode)fault.Message);
            }
        }

        return data;
    }

    private static async Task<(string Text, string? Name, JsonObject Variables)> ReadBodyAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request, LongestBody, context.RequestAborted);
        using var json = LenientJson.Parse(body.Bytes);
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } request || !request.TryGetProperty("query"u8, out var query) || RequestText.Of(query) is not { } text)
        {
            throw new GraphFault("The body must be an object with the document as text in \"query\".");
        }

        var name = request.TryGetProperty("operationName"u8, out var operation) && operation.ValueKind == JsonValueKind.String ? RequestText.Of(operation) : null;
        return (text, name, request.TryGetProperty("variables"u8, out var given) ? Variables(given) : []);
    }

    private static (string Text, string? Name, JsonObject Variables) ReadQuery(IQueryCollection query)
    {
        using var given = LenientJson.Parse(Encoding.UTF8.GetBytes(query["variables"].ToString()));
        return (query["query"].ToString(), query["operationName"] is [{ Length: > 0 } name, ..] ? name : null, given is null ? [] : Variables(given.RootElement));
    }

    private static JsonObject Variables(JsonElement given) =>
        given.ValueKind == JsonValueKind.Object ? JsonNode.Parse(given.GetRawText())!.AsObject() : [];

    private async Task<JsonNode?> ResolveAsync(HttpContext context, GraphDocument document, GraphQLField root, JsonObject variables)
    {
        var name = root.Name.StringValue;
        var input = GraphInput.Read(root, variables);
        var answer = name is "test" or "testMutation"
            ? new JsonObject { ["output"] = input["input_string"]?.DeepClone() }
            : await CallAsync(context, Calls[name], input);
        await AddToRunsAsync(context, document, root, answer);

        return Pick(document, root, GraphTypes.Find(GraphTypes.Query, name)!, answer, 0);
    }

    // Runs have their experiment and the versions made of them in this protocol only.
    private async Task AddToRunsAsync(HttpContext context, GraphDocument document, GraphQLField root, JsonObject answer)
    {
        JsonObject[] runs = answer["run"] is JsonObject one ? [one] : [.. (answer["runs"] as JsonArray ?? []).OfType<JsonObject>()];
        var asked = document.Fields(root.SelectionSet).Where(field => field.Name.StringValue is "run" or "runs")
            .SelectMany(field => document.Fields(field.SelectionSet)).Select(field => field.Name.StringValue).ToHashSet(StringComparer.Ordinal);
        if (asked.Contains("experiment"))
        {
            foreach (var siblings in runs.GroupBy(run => (string)run["info"]!["experiment_id"]!, StringComparer.Ordinal))
            {
                var experiment = (await CallAsync(context, "getExperiment", new JsonObject { ["experiment_id"] = siblings.Key }))["experiment"];
                foreach (var run in siblings)
                {
                    run["experiment"] = experiment?.DeepClone();
                }
            }
        }

        if (asked.Contains("modelVersions"))
        {
            foreach (var some in runs.Chunk(MostIdsOfFilter))
            {
                await AddVersionsAsync(context, some.ToDictionary(run => (string)run["info"]!["run_id"]!, StringComparer.Ordinal));
            }
        }
    }

    private async Task AddVersionsAsync(HttpContext context, Dictionary<string, JsonObject> runs)
    {
        var filter = $"run_id IN ({string.Join(", ", runs.Keys.Select(id => $"'{id}'"))})";
        var found = await CallAsync(context, "searchModelVersions", new JsonObject { ["filter"] = filter });
        foreach (var versions in (found["model_versions"] as JsonArray ?? []).GroupBy(version => (string)version!["run_id"]!, StringComparer.Ordinal))
        {
            runs[versions.Key]["model_versions"] = new JsonArray([.. versions.Select(version => version!.DeepClone())]);
        }
    }

    private async Task<JsonObject> CallAsync(HttpContext context, string call, JsonObject input)
    {
        using var answer = new MemoryStream();
        var inner = new DefaultHttpContext { RequestServices = context.RequestServices, RequestAborted = context.RequestAborted, User = context.User };
        inner.Request.Method = HttpMethods.Post;
        inner.Request.ContentType = "application/json";
        inner.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(input.ToJsonString()));
        inner.Response.Body = answer;
        await calls[call](inner);
        await inner.Response.BodyWriter.FlushAsync(context.RequestAborted);
        var result = JsonNode.Parse(answer.ToArray()) as JsonObject ?? [];
        return inner.Response.StatusCode == StatusCodes.Status200OK ? result : throw new GraphFault((string?)result["message"] ?? "The call failed.");
    }

    private static void Check(GraphDocument document, GraphQLField field, string type, int depth)
    {
        var name = field.Name.StringValue;
        if (name == "__typename")
        {
            return;
        }

        var kind = (GraphTypes.Find(type, name) ?? throw new GraphFault($"Cannot query field '{name}' on type '{type}'.")).Trim('[', ']');
        var inner = document.Fields(field.SelectionSet);
        if (GraphTypes.IsObject(kind) != inner.Count > 0)
        {
            throw new GraphFault(inner.Count > 0
                ? $"Field '{name}' must not have a selection since it has no subfields."
                : $"Field '{name}' of type '{kind}' must have a selection of subfields.");
        }

        foreach (var below in inner)
        {
            Check(document, below, kind, depth + 1);
        }
    }

    private static JsonNode? Pick(GraphDocument document, GraphQLField field, string kind, JsonNode? value, int depth)
    {
        if (kind[0] == '[')
        {
            var each = kind.Trim('[', ']');
            return new JsonArray([.. (value as JsonArray ?? []).Select(item => Pick(document, field, each, item, depth))]);
        }

        if (!GraphTypes.IsObject(kind))
        {
            return Scalar(kind, value);
        }

        if (kind == "ApiError")
        {
            return null;
        }

        var picked = new JsonObject();
        foreach (var below in document.Fields(field.SelectionSet))
        {
            var name = below.Name.StringValue;
            picked[(below.Alias?.Name ?? below.Name).StringValue] = name == "__typename"
                ? GraphTypes.NameOf(kind)
                : Pick(document, below, GraphTypes.Find(kind, name)!, (value as JsonObject)?[GraphInput.Underscored(name)], depth + 1);
        }

        return picked;
    }

    // What is absent has its type's empty value, as protobuf has it. A NaN cannot be a number of JSON.
    private static JsonNode? Scalar(string kind, JsonNode? value) => kind switch
    {
        "L" => Convert.ToString(value is null ? 0 : value.GetValueKind() == JsonValueKind.Number ? value.GetValue<JsonElement>().GetInt64() : 0, CultureInfo.InvariantCulture),
        "F" => value?.GetValueKind() == JsonValueKind.Number ? value.DeepClone() : value is null ? 0.0 : null,
        "B" => value?.DeepClone() ?? false,
        _ => value?.GetValueKind() == JsonValueKind.String ? value.DeepClone() : value?.ToJsonString() ?? "",
    };
}
