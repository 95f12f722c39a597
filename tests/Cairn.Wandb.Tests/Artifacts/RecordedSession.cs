using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cairn.Wandb.Tests.Artifacts;

/// <summary>
/// Sends what a real client once sent to another server, with the ids, addresses and digests that this server's answers
/// and the bytes at hand demand, and compares the shape of the answers.
/// </summary>
internal sealed partial class RecordedSession
{
    /// <summary>Strings that stand for something only the answering server knows.</summary>
    private static readonly HashSet<string> ServersOwn = ["id", "uploadUrl", "directUrl", "url", "serverID", "cursor", "endCursor"];

    /// <summary>Members that must be exactly as they were.</summary>
    private static readonly HashSet<string> Exact = ["state", "versionIndex", "alias", "version"];

    private readonly List<JsonNode> calls;
    private readonly Dictionary<string, string> meaning = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> sizes = new(StringComparer.Ordinal);

    private RecordedSession(List<JsonNode> calls) => this.calls = calls;

    /// <summary>What was not as it should be.</summary>
    public List<string> Faults { get; } = [];

    public int Sent { get; private set; }

    /// <summary>The session of that file name, or null where the recordings are not at hand.</summary>
    public static RecordedSession? Find(string name) =>
        Environment.GetEnvironmentVariable("CAIRN_WANDB_SESSIONS") is { } folder && System.IO.Path.Combine(folder, name) is var path && File.Exists(path)
            ? new RecordedSession([.. File.ReadLines(path).Select(line => JsonNode.Parse(BareNumbers().Replace(line, found => found.Value[0] == '"' ? found.Value : $"\"{found.Value}\""))!)])
            : null;

    /// <summary>Sends the calls in order; answers of operations in whose name <paramref name="strict"/> finds itself are compared.</summary>
    public async Task ReplayAsync(HttpClient http, Func<string, bool> strict)
    {
        foreach (var call in calls.Where(call => (string)call["method"]! == "PUT" && Path(call).StartsWith("/storage/cas/", StringComparison.Ordinal)))
        {
            Learn(call);
        }

        for (var i = 0; i < calls.Count; i++)
        {
            var call = calls[i];
            Sent++;
            switch ((string)call["method"]!)
            {
                case "POST" when Path(call) == "/graphql":
                    await AskAsync(http, i, strict);
                    break;
                case "POST":
                    using (var body = new StringContent(Translate(call["request"])?.ToJsonString() ?? "", Encoding.UTF8, "application/json"))
                    using (var answer = await http.PostAsync(new Uri(Path(call), UriKind.Relative), body))
                    {
                        Expect(i, answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    }

                    break;
                case "PUT":
                    using (var content = new ByteArrayContent(BytesOf(call)))
                    using (var answer = await http.PutAsync(AddressOf(call), content))
                    {
                        Expect(i, answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    }

                    break;
                case "GET" when AddressOf(call).IsAbsoluteUri:
                    using (var answer = await http.GetAsync(AddressOf(call)))
                    {
                        Expect(i, answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private async Task AskAsync(HttpClient http, int i, Func<string, bool> strict)
    {
        var call = calls[i];
        var operation = (string?)call["op"] ?? "";
        var request = (JsonObject)Translate(call["request"])!;
        if (operation == "CreateArtifactManifest" && request["variables"]?["digest"]?.GetValue<string>() is { Length: > 0 })
        {
            var upload = calls.Skip(i).First(later => (string)later["method"]! == "PUT" && Path(later).StartsWith("/storage/manifest/", StringComparison.Ordinal));
            request["variables"]!["digest"] = Md5(BytesOf(upload));
        }

        using var body = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/graphql", UriKind.Relative), body);
        var actual = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var recorded = call["response"]!;
        if (strict(operation))
        {
            Expect(i, actual["errors"] is null || recorded["errors"] is not null, $"{operation}: {actual["errors"]?.ToJsonString()}");
        }

        Compare(i, operation, recorded["data"], actual["data"], "data", strict(operation));
    }

    private void Compare(int i, string operation, JsonNode? recorded, JsonNode? actual, string path, bool strict)
    {
        switch (recorded)
        {
            case JsonObject before:
                Expect(i, !strict || actual is JsonObject, $"{operation}: {path} is {actual?.ToJsonString() ?? "null"}, it was an object");
                foreach (var (key, value) in before)
                {
                    Expect(i, !strict || actual is not JsonObject now || now.ContainsKey(key), $"{operation}: {path}.{key} is missing");
                    Compare(i, operation, value, (actual as JsonObject)?[key], $"{path}.{key}", strict);
                }

                break;
            case JsonArray before:
                // The other server listed collections that have no version left, at which old clients stumble.
                var mayBeFewer = path.Contains("artifactCollections", StringComparison.Ordinal);
                Expect(i, !strict || mayBeFewer || (actual is JsonArray { Count: var count } && count == before.Count), $"{operation}: {path} has {(actual as JsonArray)?.Count} items, it had {before.Count}");
                for (var at = 0; at < before.Count && actual is JsonArray now && at < now.Count; at++)
                {
                    Compare(i, operation, before[at], now[at], $"{path}[{at}]", strict);
                }

                break;
            case JsonValue before:
                var key1 = path[(path.LastIndexOf('.') + 1)..];
                Expect(i, !strict || actual?.GetValueKind() == before.GetValueKind() || (actual is null && before.ToJsonString() == "\"\""), $"{operation}: {path} is {actual?.ToJsonString() ?? "null"}, it was {before.ToJsonString()}");
                if (Exact.Contains(key1))
                {
                    Expect(i, !strict || actual?.ToJsonString() == before.ToJsonString(), $"{operation}: {path} is {actual?.ToJsonString()}, it was {before.ToJsonString()}");
                }

                if (ServersOwn.Contains(key1) && before.GetValueKind() == JsonValueKind.String && (string)before! != "" && actual?.GetValueKind() == JsonValueKind.String)
                {
                    meaning[(string)before!] = (string)actual!;
                }

                break;
            default:
                break;
        }
    }

    private void Learn(JsonNode put)
    {
        var old = Path(put)["/storage/cas/".Length..][..32];
        var bytes = BytesOf(put);
        var now = Md5(bytes);
        meaning[Convert.ToBase64String(Convert.FromHexString(old))] = now;
        sizes[now] = bytes.Length;
    }

    /// <summary>What is sent with a PUT: the recorded bytes, or, where they were JSON, that JSON as it is after translation.</summary>
    private byte[] BytesOf(JsonNode put)
    {
        var content = put["request"];
        if (content is JsonValue text && text.GetValueKind() == JsonValueKind.String)
        {
            return Encoding.UTF8.GetBytes((string)text!);
        }

        // A blob's bytes must stay those whose MD5 is told before they are sent.
        var translated = Path(put).StartsWith("/storage/cas/", StringComparison.Ordinal) ? content : Translate(content);
        if ((translated as JsonObject)?["contents"] is JsonObject entries && Path(put).StartsWith("/storage/manifest/", StringComparison.Ordinal))
        {
            foreach (var (_, entry) in entries)
            {
                if (sizes.TryGetValue((string?)entry!["digest"] ?? "", out var size))
                {
                    entry["size"] = size;
                }
            }
        }

        return Encoding.UTF8.GetBytes(translated?.ToJsonString() ?? "");
    }

    private Uri AddressOf(JsonNode call)
    {
        var host = (string?)call["headers"]?["Host"];
        var known = meaning.FirstOrDefault(pair => pair.Key == $"http://{host}{Path(call)}").Value;
        return known is not null ? new Uri(known) : new Uri(Path(call), UriKind.Relative);
    }

    private JsonNode? Translate(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Key == "query" ? member.Value?.DeepClone() : Translate(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Translate)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && meaning.TryGetValue((string)value!, out var now) => JsonValue.Create(now),
        _ => node?.DeepClone(),
    };

    private void Expect(int i, bool holds, string fault)
    {
        if (!holds)
        {
            Faults.Add($"{calls[i]["seq"]} {fault[..Math.Min(fault.Length, 300)]}");
        }
    }

    // Python writes what is no number as a bare word, which no JSON reader takes.
    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\])*\"|NaN|-?Infinity")]
    private static partial Regex BareNumbers();

    private static string Path(JsonNode call) => (string)call["path"]!;

#pragma warning disable CA5351 // The protocol names contents by MD5.
    private static string Md5(byte[] bytes) => Convert.ToBase64String(MD5.HashData(bytes));
#pragma warning restore CA5351
}
