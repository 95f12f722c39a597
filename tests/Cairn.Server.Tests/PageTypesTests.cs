using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cairn.Server.Tests;

/// <summary>The pages' TypeScript types, held field by field against the OpenAPI document that a real server gives out.</summary>
public sealed partial class PageTypesTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>Comes by server-sent events, which OpenAPI has no words for.</summary>
    private const string OfEvents = "RunEvent";

    /// <summary>These may be left out where lines are written; an answer always has them.</summary>
    private static readonly string[] AlwaysAnswered = ["LogPage.lines[].stream", "LogPage.lines[].time"];

    private readonly Dictionary<string, string> aliases = [];
    private readonly Dictionary<string, List<Field>> interfaces = [];
    private readonly HashSet<string> compared = [];
    private readonly List<string> differences = [];

    [Fact]
    public async Task The_types_of_the_pages_are_those_of_the_OpenAPI_document()
    {
        foreach (var file in Directory.EnumerateFiles(Path.ChangeExtension(Find("ui/src/api/types.ts"), null), "*.ts"))
        {
            Read(await File.ReadAllTextAsync(file));
        }

        var document = JsonNode.Parse(await server.Http.GetStringAsync(new Uri("/api/v1/openapi.json", UriKind.Relative)))!;
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            if (interfaces.ContainsKey(name))
            {
                Compare(name, schema!, name);
            }
        }

        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
        Assert.Equal(interfaces.Keys.Where(name => name != OfEvents).Order(), compared.Order());
    }

    private void Compare(string type, JsonNode schema, string path)
    {
        type = type.Trim();
        if (aliases.TryGetValue(type, out var text) && type is not ("Json" or "WireNumber"))
        {
            type = text;
        }

        // Whether an entry of a list may be null is not compared.
        type = type.Replace("| null", "", StringComparison.Ordinal).Trim();
        if (type == "Json")
        {
            return;
        }

        if (type == "WireNumber")
        {
            Expect(schema.ToJsonString().Contains("Infinity", StringComparison.Ordinal), path, "a number that may be NaN", schema);
        }
        else if (type.EndsWith("[]", StringComparison.Ordinal))
        {
            Expect(Kinds(schema).Contains("array"), path, "a list", schema);
            Compare(type[..^2], schema["items"] ?? new JsonObject(), $"{path}[]");
        }
        else if (RecordOf().Match(type) is { Success: true } record)
        {
            Expect(Kinds(schema).Contains("object") && schema["properties"] is null, path, "a map", schema);
            Compare(record.Groups[1].Value, schema["additionalProperties"] ?? new JsonObject(), $"{path}{{}}");
        }
        else if (interfaces.TryGetValue(type, out var fields))
        {
            CompareFields(type, fields, schema, path);
        }
        else
        {
            var kinds = type switch
            {
                "string" => new[] { "string" },
                "number" => ["integer", "number"],
                "boolean" => ["boolean"],
                _ when type.Contains('\'', StringComparison.Ordinal) => ["string"],
                _ => throw new InvalidOperationException($"{path} has the unknown type '{type}'."),
            };
            Expect(Kinds(schema).Intersect(kinds).Any(), path, type, schema);
        }
    }

    private void CompareFields(string type, List<Field> fields, JsonNode schema, string path)
    {
        compared.Add(type);
        var properties = schema["properties"]?.AsObject() ?? [];
        var required = schema["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
        foreach (var name in properties.Select(property => property.Key).Except(fields.Select(field => field.Name)))
        {
            differences.Add($"{path}.{name} is in the OpenAPI document only.");
        }

        foreach (var field in fields)
        {
            var at = $"{path}.{field.Name}";
            if (properties[field.Name] is not { } property)
            {
                differences.Add($"{at} is in the pages' types only.");
                continue;
            }

            var mayLack = !required.Contains(field.Name) || Kinds(property).Contains("null");
            if (mayLack != field.MayLack && field.Type != "Json" && !AlwaysAnswered.Contains(at))
            {
                differences.Add($"{at} {(mayLack ? "may" : "must not")} be absent or null by the OpenAPI document.");
            }

            Compare(field.Type, property, at);
        }
    }

    private void Expect(bool isSo, string path, string expected, JsonNode schema)
    {
        if (!isSo)
        {
            differences.Add($"{path} is {expected} for the pages, and {schema.ToJsonString()} by the OpenAPI document.");
        }
    }

    private static HashSet<string> Kinds(JsonNode schema) => schema is not JsonObject ? [] : schema["type"] switch
    {
        JsonArray several => [.. several.Select(kind => (string)kind!)],
        { } one => [(string)one!],
        null => [],
    };

    private void Read(string source)
    {
        foreach (Match alias in AliasOf().Matches(source))
        {
            aliases.Add(alias.Groups[1].Value, alias.Groups[2].Value.Trim());
        }

        foreach (Match found in InterfaceOf().Matches(source))
        {
            var fields = FieldOf().Matches(found.Groups[2].Value).Select(field =>
            {
                var type = field.Groups[3].Value.Trim();
                var bare = type.Replace("| null", "", StringComparison.Ordinal).Trim();
                return new Field(field.Groups[1].Value, bare, field.Groups[2].Length > 0 || bare != type);
            });
            interfaces.Add(found.Groups[1].Value, [.. fields]);
        }
    }

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, path);
            if (File.Exists(file))
            {
                return file;
            }
        }

        throw new FileNotFoundException($"There is no {path} above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(@"export type (\w+) =([^;]+);")]
    private static partial Regex AliasOf();

    [GeneratedRegex(@"export interface (\w+) \{([^}]*)\}")]
    private static partial Regex InterfaceOf();

    [GeneratedRegex(@"^\s*(\w+)(\??): ([^;]+);", RegexOptions.Multiline)]
    private static partial Regex FieldOf();

    [GeneratedRegex(@"^Record<string, (.+)>$")]
    private static partial Regex RecordOf();

    private sealed record Field(string Name, string Type, bool MayLack);
}
