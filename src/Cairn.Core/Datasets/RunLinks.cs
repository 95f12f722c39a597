namespace Cairn.Core.Datasets;

/// <summary>
/// What a run read and made beside files and artifacts. As a part of an update it adds: what is linked already stays as
/// it was first linked, so a repeated update changes nothing.
/// </summary>
/// <param name="Datasets">Data read, in the order in which it was first linked.</param>
/// <param name="ModelInputs">Ids of logged models used.</param>
/// <param name="ModelOutputs">Logged models made.</param>
public sealed record RunLinks(
    IReadOnlyList<DatasetInput> Datasets,
    IReadOnlyList<string> ModelInputs,
    IReadOnlyList<ModelOutput> ModelOutputs)
{
    /// <summary>The tag of an input that says what the data was for.</summary>
    public const string ContextTag = "mlflow.data.context";

    public static RunLinks None { get; } = new([], [], []);

    public bool IsEmpty => Datasets.Count + ModelInputs.Count + ModelOutputs.Count == 0;
}

/// <summary>A logged model made by a run at a step.</summary>
public readonly record struct ModelOutput(string ModelId, long Step);
