using System.Text;
using System.Text.Json;
using Cairn.Core.LoggedModels;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Mlflow.LoggedModels;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Registry;

/// <summary>Logged models as what a version can be registered from.</summary>
internal sealed class LoggedModelPlaces(LoggedModelCatalog models, IRunStore runs, ArtifactRoots roots)
{
    private const string VersionsTag = "mlflow.modelVersions";

    /// <summary>The model of that id and where its files are; null where the text is no id of one.</summary>
    public async Task<(LoggedModel Model, string Uri)?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!id.StartsWith("m-", StringComparison.Ordinal) || id.AsSpan().ContainsAny('/', '@'))
        {
            return null;
        }

        var model = await models.GetAsync(id, cancellationToken);
        return (model, await LoggedModelEndpoints.UriAsync(model, runs, roots, cancellationToken));
    }

    /// <summary>Notes on the model that a version was registered from it, where MLflow's clients look for that.</summary>
    public async Task NoteAsync(LoggedModel model, ModelVersion version, CancellationToken cancellationToken)
    {
        var known = model.Tags.FirstOrDefault(tag => tag.Key == VersionsTag).Value;
        var entry = $$"""{"name": {{PythonText.Json(version.ModelName)}}, "version": {{version.Number}}}""";
        using var list = LenientJson.Parse(Encoding.UTF8.GetBytes(known ?? ""));
        var isList = list?.RootElement is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0;
        var text = isList ? $"{known!.TrimEnd()[..^1]}, {entry}]" : $"[{entry}]";
        await models.UpdateAsync(model.Id, new LoggedModelChange(Tags: [new(VersionsTag, text)]), cancellationToken);
    }
}
