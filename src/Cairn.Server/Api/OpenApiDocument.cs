using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>
/// The OpenAPI 3.1 description, made from the route table and the wire records themselves, so that it cannot say anything
/// else than the code does.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly Dictionary<string, string[]> QueryParameters = new(StringComparer.Ordinal)
    {
        ["GET /experiments"] = ["state"],
        ["GET /runs"] = ["experiment", "filter", "orderBy", "state", "limit", "pageToken"],
        ["GET /runs/{runId}/series"] = ["key", "from", "to", "buckets"],
        ["GET /runs/{runId}/histograms"] = ["key"],
        ["GET /runs/{runId}/logs"] = ["after", "limit", "tail"],
        ["GET /artifacts"] = ["experiment", "type"],
        ["GET /artifacts/resolve"] = ["ref", "experiment"],
        ["DELETE /artifacts/{experimentId}/{name}/aliases/{alias}"] = ["who", "why"],
        ["GET /gates"] = ["experiment"],
        ["DELETE /artifacts/{experimentId}/{name}/gates/{alias}"] = ["who", "why"],
        ["GET /artifacts/{experimentId}/{name}/gates/{alias}/verdict"] = ["version"],
        ["POST /artifacts/{experimentId}/{name}/gates/{alias}/verdict"] = ["version"],
        ["GET /artifacts/{experimentId}/{name}/decisions"] = ["alias", "limit"],
        ["GET /triggers"] = ["pipeline"],
        ["GET /jobs"] = ["pipeline", "trigger", "state", "limit"],
        ["GET /sweeps"] = ["experiment"],
        ["GET /lineage"] = ["run", "version", "depth"],
        ["GET /events"] = ["run", "experiment"],
    };

    public static byte[] Write(IReadOnlyList<ApiRoute> routes)
    {
        var schemas = new JsonObject();
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            // OpenAPI knows no catch-all parameters: {**path} is {path} there.
            var path = ApiRoutes.Root + route.Path.Replace("{**", "{", StringComparison.Ordinal);
            if (paths[path] is not JsonObject operations)
            {
                paths[path] = operations = [];
            }

            operations[route.Method.ToLowerInvariant()] = Operation(route, schemas);
        }

        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Cairn", ["version"] = CairnServer.Version },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
        return System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static JsonObject Operation(ApiRoute route, JsonObject schemas)
    {
        var parameters = new JsonArray();
        foreach (var part in route.Path.Split('/').Where(part => part.StartsWith('{')))
        {
            parameters.Add((JsonNode)Parameter(part.Trim('{', '*', '}'), "path"));
        }

        foreach (var name in QueryParameters.GetValueOrDefault($"{route.Method} {route.Path}") ?? [])
        {
            parameters.Add((JsonNode)Parameter(name, "query"));
        }

        var operation = new JsonObject
        {
            ["summary"] = route.Summary,
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                [route.Answer is null ? "204" : "200"] = Content(route.Answer, schemas, "Done"),
                ["default"] = Content(typeof(ErrorResponse), schemas, "Refused, or failed"),
            },
        };
        if (route.Body is not null)
        {
            var body = Content(route.Body, schemas, null);
            body["required"] = true;
            operation["requestBody"] = body;
        }

        return operation;
    }

    private static JsonObject Parameter(string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Content(Type? type, JsonObject schemas, string? description)
    {
        var content = new JsonObject();
        if (description is not null)
        {
            content["description"] = description;
        }

        if (type is not null)
        {
            var isBytes = type == typeof(Stream);
            content["content"] = new JsonObject
            {
                [isBytes ? "application/octet-stream" : "application/json"] = new JsonObject
                {
                    ["schema"] = isBytes ? new JsonObject { ["type"] = "string", ["format"] = "binary" } : Reference(type, schemas),
                },
            };
        }

        return content;
    }

    private static JsonObject Reference(Type type, JsonObject schemas)
    {
        if (!schemas.ContainsKey(type.Name))
        {
            var schema = CairnJson.Default.GetTypeInfo(type)!.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
            schemas[type.Name] = Whole(schema, schema);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{type.Name}" };
    }

    /// <summary>
    /// The exporter writes a type that comes again as a pointer to where it came first, counted from the root of its own
    /// schema. Within the document these would point nowhere. No wire record holds itself, so all can be written out.
    /// </summary>
    private static JsonNode? Whole(JsonNode? node, JsonNode root) => node switch
    {
        JsonObject pointer when pointer["$ref"] is { } target => Whole(Find(root, (string)target!), root),
        JsonObject all => new JsonObject(all.Select(member => KeyValuePair.Create(member.Key, Whole(member.Value, root)))),
        JsonArray all => new JsonArray([.. all.Select(item => Whole(item, root))]),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Find(JsonNode root, string pointer)
    {
        JsonNode? node = root;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node?[step];
        }

        return node;
    }
}
