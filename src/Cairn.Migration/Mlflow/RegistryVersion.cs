using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <summary>A version of a registered model.</summary>
internal sealed record RegistryVersion(
    int Number,
    string Source,
    string? Location,
    string? RunId,
    string? RunLink,
    string? Stage,
    string? Description,
    string? User,
    long CreatedAt,
    long UpdatedAt,
    Dictionary<string, string> Tags)
{
    /// <summary>The server gives it a place of its own.</summary>
    private const string Here = "here:";

    private static readonly string[] Stages = ["none", "staging", "production", "archived"];

    public async Task<JsonObject> ToJsonAsync(
        Func<string, string?> experimentOf,
        Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf,
        Func<string, IReadOnlyList<(string Path, string LocalFile)>> modelFiles,
        List<string> contents)
    {
        var known = RunId is not null && experimentOf(RunId) is not null;
        var model = SourcePlace.ModelOf(Source);
        var files = await FilesAsync(experimentOf, filesOf, model is null ? [] : modelFiles(model), contents);
        var isPlain = !Source.StartsWith("runs:", StringComparison.Ordinal) && !Source.StartsWith("models:", StringComparison.Ordinal);
        var version = new JsonObject
        {
            ["number"] = Number - 1,
            ["description"] = Description,
            ["createdAt"] = CreatedAt,
            ["author"] = User,
            ["runId"] = known ? RunId : null,
            ["source"] = Source,
            ["location"] = files.Count == 0 ? (Location == Source ? null : Location) : isPlain ? Here : null,
            ["runText"] = RunId,
            ["runLink"] = RunLink,
            ["loggedModel"] = model,
            ["stage"] = Stages.FirstOrDefault(stage => stage.Equals(Stage, StringComparison.OrdinalIgnoreCase)) ?? "none",
            ["updatedAt"] = UpdatedAt,
            ["tags"] = Things.Pairs(Tags),
            ["files"] = files,
        };
        if (known)
        {
            version["runs"] = new JsonArray(new JsonObject { ["runId"] = RunId, ["direction"] = "output", ["at"] = CreatedAt });
        }

        return version;
    }

    /// <summary>The files the version had when it was registered, as far as they came along: those of its logged model, or of a run.</summary>
    private async Task<JsonArray> FilesAsync(
        Func<string, string?> experimentOf,
        Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf,
        IReadOnlyList<(string Path, string LocalFile)> ofModel,
        List<string> contents)
    {
        var files = new List<(string Path, string Digest, long Size)>();
        foreach (var (path, local) in ofModel)
        {
            await using var content = File.OpenRead(local);
            files.Add((path, Convert.ToHexStringLower(await SHA256.HashDataAsync(content)), content.Length));
            contents.Add(local);
        }

        if (files.Count == 0 && SourcePlace.RunOf(Source) is var (run, folder) && experimentOf(run) is not null)
        {
            var skip = folder.Length == 0 ? 0 : folder.Length + 1;
            files.AddRange((await filesOf(run))
                .Where(file => folder.Length == 0 || file.Path.StartsWith(folder + "/", StringComparison.Ordinal))
                .Select(file => (file.Path[skip..], file.Digest, file.Size)));
        }

        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => (JsonNode)new JsonObject { ["path"] = file.Path, ["digest"] = file.Digest, ["size"] = file.Size })];
    }
}
