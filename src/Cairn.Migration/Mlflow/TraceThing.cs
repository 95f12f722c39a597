using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cairn.Migration.Mlflow;

/// <summary>What MLflow says about a trace, made into what Cairn keeps.</summary>
internal static class TraceThing
{
    private const string PlaceTag = "mlflow.artifactLocation";
    private const string RunFact = "mlflow.sourceRun";

    public static string State(string? word) => word switch
    {
        "OK" => "ok",
        "ERROR" => "error",
        "IN_PROGRESS" => "inProgress",
        _ => "unspecified",
    };

    /// <param name="thing">The trace.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="metadata">Its facts.</param>
    /// <param name="bringsFiles">Its files come along: they lie behind the proxy then.</param>
    /// <param name="isRun">Whether an id is that of a run of the source.</param>
    public static void Complete(JsonObject thing, Dictionary<string, string> tags, Dictionary<string, string> metadata, bool bringsFiles, Func<string, bool> isRun)
    {
        if (bringsFiles)
        {
            tags[PlaceTag] = $"mlflow-artifacts:/{thing["experimentId"]}/traces/{thing["id"]}/artifacts";
        }

        thing["tags"] = Things.Pairs(tags);
        thing["metadata"] = Things.Pairs(metadata);
        if (metadata.GetValueOrDefault(RunFact) is { } run && isRun(run))
        {
            thing["runs"] = new JsonArray(new JsonObject { ["runId"] = run });
        }
    }

    public static JsonObject Assessment(
        string id, string? span, string name, string type, string? sourceType, string? sourceId, string? value, string? error,
        string? rationale, string? metadata, string? overrides, bool isValid, long createdAt, long updatedAt)
    {
        var (code, message, stack) = Error(error);
        return new JsonObject
        {
            ["id"] = id,
            ["spanId"] = span,
            ["name"] = name,
            ["kind"] = type == "expectation" ? "expectation" : "feedback",
            ["sourceType"] = sourceType,
            ["sourceId"] = sourceId,
            ["value"] = value,
            ["errorCode"] = code,
            ["errorMessage"] = message,
            ["errorStack"] = stack,
            ["rationale"] = rationale,
            ["metadata"] = string.IsNullOrEmpty(metadata) || metadata == "null" ? "{}" : metadata,
            ["overrides"] = overrides,
            ["validity"] = isValid ? "valid" : "invalid",
            ["createdAt"] = createdAt,
            ["updatedAt"] = updatedAt,
        };
    }

    private static (string? Code, string? Message, string? Stack) Error(string? json)
    {
        if (string.IsNullOrEmpty(json) || json == "null")
        {
            return default;
        }

        try
        {
            var error = JsonElement.Parse(json);
            string? Text(string name) => error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return (Text("error_code") ?? "", Text("error_message"), Text("stack_trace"));
        }
        catch (JsonException)
        {
            return ("", json, null);
        }
    }
}
