using Cairn.Core.Artifacts;

namespace Cairn.Core.Models;

/// <summary>
/// A model of the registry: an artifact that also has a name of its own, unique on the whole server. Every artifact of
/// type "model" is one, whichever door it came through.
/// </summary>
/// <param name="Name">Any single line of text; artifacts' own names are narrower.</param>
/// <param name="Artifact">What is registered: its description, times, aliases and versions are the model's.</param>
/// <param name="Tags">Ordered by key.</param>
/// <param name="LatestVersions">The newest version of each stage that has any, by stage.</param>
public sealed record RegisteredModel(
    string Name,
    Artifact Artifact,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<ModelVersion> LatestVersions)
{
    /// <summary>Type of artifacts that are models.</summary>
    public const string ModelType = "model";

    /// <summary>Type of artifacts that are prompts: models to MLflow, marked by <see cref="PromptTag"/>.</summary>
    public const string PromptType = "prompt";

    /// <summary>MLflow's mark of a prompt.</summary>
    public const string PromptTag = "mlflow.prompt.is_prompt";

    public bool IsPrompt => Tags.ContainsKey(PromptTag);
}

/// <summary>A model to be registered, without versions.</summary>
/// <param name="Name">Checked, free of control characters.</param>
/// <param name="ArtifactName">The name its artifact would like; another is given where it is taken.</param>
/// <param name="Type">Of the artifact.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Tags">By key.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record NewModel(
    string Name,
    string ArtifactName,
    string Type,
    string? Description,
    IReadOnlyDictionary<string, string> Tags,
    long At)
{
    /// <inheritdoc cref="Experiments.NewExperiment.Creator"/>
    public Accounts.UserId? Creator { get; init; }
}

/// <summary>What to change of a model; null leaves as it is.</summary>
/// <param name="NewName">The new name; with it <paramref name="NewArtifactName"/>, as in <see cref="NewModel"/>.</param>
/// <param name="NewArtifactName">The name its artifact would like.</param>
/// <param name="Description">The new description.</param>
/// <param name="Tags">Tags to set, or with a null value to remove. Tags alone do not count as an update.</param>
public sealed record ModelChange(
    string? NewName = null,
    string? NewArtifactName = null,
    string? Description = null,
    IReadOnlyDictionary<string, string?>? Tags = null);
