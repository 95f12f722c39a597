using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <summary>A registered model of MLflow, from whatever store, made into the artifact it is here.</summary>
internal sealed class RegistryModel
{
    private const string PromptTag = "mlflow.prompt.is_prompt";
    private const int LongestName = 128;

    public required string Name { get; init; }

    public string? Description { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>MLflow's numbers, from 1.</summary>
    public Dictionary<string, int> Aliases { get; } = new(StringComparer.Ordinal);

    public List<RegistryVersion> Versions { get; } = [];

    /// <param name="at">Where it stands in the source.</param>
    /// <param name="experimentOf">The experiment of a run of the source; null for a run it does not have.</param>
    /// <param name="filesOf">Files that a run has at the server now.</param>
    /// <param name="modelFiles">Files of a logged model on this machine, by their paths in it.</param>
    public async Task<SourceThing> ToThingAsync(
        string at,
        Func<string, string?> experimentOf,
        Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf,
        Func<string, IReadOnlyList<(string Path, string LocalFile)>> modelFiles)
    {
        var contents = new List<string>();
        var versions = new JsonArray();
        foreach (var version in Versions.OrderBy(version => version.Number))
        {
            versions.Add((JsonNode)await version.ToJsonAsync(experimentOf, filesOf, modelFiles, contents));
        }

        var aliases = Aliases.Where(alias => alias.Key != "latest" && Versions.Any(version => version.Number == alias.Value))
            .OrderBy(alias => alias.Key, StringComparer.Ordinal)
            .Select(alias => (JsonNode)new JsonObject { ["name"] = alias.Key, ["number"] = alias.Value - 1 }).ToList();
        if (Versions.Count > 0)
        {
            aliases.Add(new JsonObject { ["name"] = "latest", ["number"] = Versions.Max(version => version.Number) - 1 });
        }

        var home = Versions.OrderBy(version => version.Number).Select(version => version.RunId is { } run ? experimentOf(run) : null).FirstOrDefault(found => found is not null);
        var thing = new JsonObject
        {
            ["experimentId"] = home ?? "0",
            ["name"] = ArtifactName(Name),
            ["type"] = Tags.ContainsKey(PromptTag) ? "prompt" : "model",
            ["description"] = Description,
            ["createdAt"] = CreatedAt,
            ["updatedAt"] = UpdatedAt,
            ["nextVersion"] = Versions.Count == 0 ? 0 : Versions.Max(version => version.Number),
            ["modelName"] = Name,
            ["tags"] = Things.Pairs(Tags),
            ["versions"] = versions,
            ["aliases"] = new JsonArray([.. aliases]),
        };
        return new SourceThing(at, Things.Element(thing), contents);
    }

    /// <summary>Names of artifacts are narrower than those of models: what does not fit gets one that nothing else has.</summary>
    private static string ArtifactName(string name)
    {
        var plain = string.Concat(name.Select(character => character is '/' or ':' or '\\' || char.IsControl(character) ? '-' : character)).Trim();
        if (plain == name && plain.Length is > 0 and <= LongestName && plain is not ("." or ".."))
        {
            return name;
        }

        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4));
        return $"{(plain.Length > LongestName - 10 ? plain[..(LongestName - 10)].Trim() : plain)}-{mark}";
    }
}
