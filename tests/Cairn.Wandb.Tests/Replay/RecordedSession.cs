using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Tests.Replay;

/// <summary>
/// Sends what a real client once sent to another server. Ids and addresses that answers gave then are replaced by those
/// that answers give now, wherever later requests repeat them.
/// </summary>
internal sealed partial class RecordedSession(WandbServer server)
{
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    /// <summary>What did not go as it should.</summary>
    public List<string> Faults { get; } = [];

    public int Sent { get; private set; }

    /// <summary>Operations that were passed over.</summary>
    public HashSet<string> Skipped { get; } = [];

    public async Task PlayAsync(string file, Func<string, bool> isWanted)
    {
        foreach (var text in await File.ReadAllLinesAsync(file))
        {
            var line = JsonNode.Parse(LenientJson.QuoteBareWords(System.Text.Encoding.UTF8.GetBytes(text)))!;
            var path = (string)line["path"]!;
            var operation = (string?)line["op"];
            if (path != "/graphql" && !path.EndsWith("/file_stream", StringComparison.Ordinal))
            {
                continue;
            }

            if (operation is not null && !isWanted(operation))
            {
                Skipped.Add(operation);
                continue;
            }

            await SendAsync(line, path, operation ?? "file_stream");
        }
    }

    private async Task SendAsync(JsonNode line, string path, string operation)
    {
        Sent++;
        var request = Translate(line["request"]!.DeepClone());
        using var content = new StringContent(request.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await server.Http.PostAsync(new Uri(string.Join('/', path.Split('/').Select(part => known.GetValueOrDefault(part, part))), UriKind.Relative), content);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        if (!response.IsSuccessStatusCode || answer?["errors"] is not null)
        {
            Faults.Add($"{(int)line["seq"]!} {operation}: {(int)response.StatusCode} {answer?.ToJsonString()}");
            return;
        }

        if (path == "/graphql")
        {
            Compare($"{(int)line["seq"]!} {operation}", line["response"], answer);
        }
    }

    /// <summary>Every member that was answered then is answered now, with a value of the same kind; ids are learnt on the way.</summary>
    private void Compare(string where, JsonNode? then, JsonNode? now)
    {
        switch (then)
        {
            case JsonObject members when now is JsonObject answered:
                foreach (var (name, value) in members)
                {
                    if (!answered.ContainsKey(name))
                    {
                        Faults.Add($"{where}.{name} is missing");
                    }
                    else if (value is not null && answered[name] is { } other)
                    {
                        Compare($"{where}.{name}", value, other);
                    }
                    else if (value is not null && !MayBeNull(name))
                    {
                        Faults.Add($"{where}.{name} is null, and was {Short(value)}");
                    }
                }

                break;
            case JsonArray list when now is JsonArray answered:
                for (var i = 0; i < Math.Min(list.Count, answered.Count); i++)
                {
                    Compare($"{where}[{i}]", list[i], answered[i]);
                }

                break;
            case JsonValue value when now is JsonValue answered:
                if (where.EndsWith(".commands", StringComparison.Ordinal))
                {
                    LearnRuns((string)value!, (string)answered!);
                }
                else if (where.EndsWith(".previousValue", StringComparison.Ordinal))
                {
                    // A number there, a word here where the value was none.
                }
                else if (value.GetValueKind() != answered.GetValueKind() && !(IsFlag(value) && IsFlag(answered)))
                {
                    Faults.Add($"{where} is {Short(answered)}, and was {Short(value)}");
                }
                else if (value.GetValueKind() == System.Text.Json.JsonValueKind.String && IsIdentity(where) && ((string)value!).Length > 0)
                {
                    known[(string)value!] = (string)answered!;
                }

                break;
            default:
                Faults.Add($"{where} is {Short(now)}, and was {Short(then)}");
                break;
        }
    }

    // The runs of a sweep get their ids from the server.
    private void LearnRuns(string then, string now)
    {
        foreach (var (old, own) in JsonNode.Parse(then)!.AsArray().Zip(JsonNode.Parse(now)!.AsArray()))
        {
            if (old!["run_id"] is { } was && own!["run_id"] is { } stands)
            {
                known[(string)was!] = (string)stands!;
            }
        }
    }

    private JsonNode Translate(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (name != "query" && value is not null)
                {
                    members[name] = Translate(value.DeepClone());
                }
            }

            return members;
        }

        if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                list[i] = list[i] is { } item ? Translate(item.DeepClone()) : null;
            }

            return list;
        }

        return node is JsonValue leaf && leaf.GetValueKind() == System.Text.Json.JsonValueKind.String && known.TryGetValue((string)leaf!, out var now) ? JsonValue.Create(now) : node;
    }

    // The other server knew an MD5 of every file, and a commit of none; what was never measured may be null there or here.
    private static bool MayBeNull(string name) => name is "md5" or "updatedAt" or "bestLoss" or "runCountExpected" or "displayName" or "sizeBytes" or "email" or "heartbeatAt" or "node" or "endCursor";

    private static bool IsFlag(JsonValue value) => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False;

    private static bool IsIdentity(string where) => IdentityNames().IsMatch(where);

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 80 ? text : text[..80];
    }

    [GeneratedRegex(@"\.(id|sweep\.name|runID|cursor|endCursor)$")]
    private static partial Regex IdentityNames();
}
