using System.Text;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Models;
using Cairn.Mlflow.ModelFiles;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What the registry and MLmodel files know, beside what every artifact and run has.</summary>
internal static class ModelEndpoints
{
    /// <summary>More models than these of one run are not looked into.</summary>
    private const int MostModels = 50;

    public static async Task OfRun(HttpContext http)
    {
        var tree = http.RequestServices.GetRequiredService<FileTree>();
        var owner = FileOwner.Of(Bind.RunId(http));
        var models = new List<Wire.LoggedModelInfo>();
        var files = (await tree.ListAsync(owner, "", http.RequestAborted)).Where(file => IsModelFile(file.Path) && file.Size <= ModelFile.Longest);
        foreach (var file in files.Take(MostModels))
        {
            var (_, content) = await tree.OpenAsync(owner, file.Path, http.RequestAborted);
            await using (content)
            {
                if (await ReadAsync(content, file.Path, http.RequestAborted) is { } model)
                {
                    models.Add(model);
                }
            }
        }

        await http.WriteJsonAsync(new Wire.LoggedModelList(models));
    }

    public static async Task List(HttpContext http)
    {
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        var models = new List<Wire.ModelEntry>();
        foreach (var model in await Store(http).SearchModelsAsync(new ModelQuery(null, [], WithPrompts: false, int.MaxValue, 0), http.RequestAborted))
        {
            models.Add(new Wire.ModelEntry(model.Artifact.ToWire(await names.GetAsync(model.Artifact.Key.ExperimentId, http.RequestAborted)), ToWire(model)));
        }

        await http.WriteJsonAsync(new Wire.ModelEntryList(models));
    }

    /// <summary>The registered model that an artifact is, or null.</summary>
    public static async Task<Wire.RegisteredModelInfo?> FindAsync(HttpContext http, ArtifactKey key) =>
        await Store(http).FindModelAsync(key, http.RequestAborted) is { } model
            ? ToWire(model)
            : null;

    /// <summary>What the registry knows of a version, or null where it is of no model.</summary>
    public static async Task<Wire.ModelVersionInfo?> FindVersionAsync(HttpContext http, ArtifactVersion version)
    {
        var versions = version.Type is RegisteredModel.ModelType or RegisteredModel.PromptType
            ? await Store(http).ListModelVersionsAsync(version.Key, http.RequestAborted)
            : [];
        return versions.FirstOrDefault(known => known.Version.Index == version.Index) is { } found
            ? new Wire.ModelVersionInfo(
                found.ModelName,
                found.Number,
                found.Stage.ToString(),
                found.Source,
                string.IsNullOrEmpty(found.RunText) ? null : found.RunText,
                string.IsNullOrEmpty(found.RunLink) ? null : found.RunLink,
                found.UpdatedAt,
                found.Tags)
            : null;
    }

    /// <summary>What the MLmodel file nearest to the root of a version says, or null where it has none.</summary>
    public static async Task<Wire.LoggedModelInfo?> ReadAsync(HttpContext http, IReadOnlyList<ManifestEntry> manifest)
    {
        var file = manifest.Where(entry => IsModelFile(entry.Path) && entry.Size <= ModelFile.Longest).OrderBy(entry => entry.Path.Length).FirstOrDefault();
        if (file.Path is null)
        {
            return null;
        }

        await using var content = await http.RequestServices.GetRequiredService<IBlobStore>().OpenReadAsync(file.Digest, http.RequestAborted);
        return content is null ? null : await ReadAsync(content, file.Path, http.RequestAborted);
    }

    private static async Task<Wire.LoggedModelInfo?> ReadAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content, Encoding.UTF8);
        if (ModelFileReader.Read(await reader.ReadToEndAsync(cancellationToken)) is not { } model)
        {
            return null;
        }

        var folder = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
        return new Wire.LoggedModelInfo(
            folder,
            [.. model.Flavors.Select(flavor => new Wire.ModelFlavorInfo(flavor.Name, flavor.Facts))],
            model.Signature is { } signature
                ? new Wire.ModelSignatureInfo(ToWire(signature.Inputs), ToWire(signature.Outputs), ToWire(signature.Params))
                : null,
            model.InputExample is { } example ? (folder.Length == 0 ? example : $"{folder}/{example}") : null,
            model.MlflowVersion,
            model.CreatedAt,
            model.Size,
            model.ModelId,
            model.Metadata);
    }

    private static Wire.RegisteredModelInfo ToWire(RegisteredModel model) => new(
        model.Name,
        model.Tags,
        model.LatestVersions
            .Where(version => version.Stage != ModelStage.None)
            .ToDictionary(version => version.Stage.ToString(), version => version.Version.Label, StringComparer.Ordinal));

    private static List<Wire.ModelFieldInfo>? ToWire(IReadOnlyList<ModelField>? fields) =>
        fields?.Select(field => new Wire.ModelFieldInfo(field.Name, field.Type, field.Shape, field.Required, field.Default)).ToList();

    private static bool IsModelFile(string path) => path == ModelFile.Name || path.EndsWith("/" + ModelFile.Name, StringComparison.Ordinal);

    private static IArtifactStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IArtifactStore>();
}
