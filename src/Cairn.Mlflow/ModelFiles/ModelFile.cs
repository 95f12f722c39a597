namespace Cairn.Mlflow.ModelFiles;

/// <summary>What the file <c>MLmodel</c> of a logged model says.</summary>
/// <param name="Flavors">In which forms it can be loaded, in the order of the file.</param>
/// <param name="Signature">What it takes and gives, or null.</param>
/// <param name="InputExample">Path of its input example, relative to the file's folder, or null.</param>
/// <param name="MlflowVersion">The MLflow that wrote it, or null.</param>
/// <param name="CreatedAt">When it was made, as written, or null.</param>
/// <param name="Size">Bytes, as written, or null.</param>
/// <param name="ModelId">Id of the logged model, or null.</param>
/// <param name="RunId">The run that logged it, or null.</param>
/// <param name="Metadata">What its author added, nested names joined by dots.</param>
public sealed record ModelFile(
    IReadOnlyList<ModelFlavor> Flavors,
    ModelSignature? Signature,
    string? InputExample,
    string? MlflowVersion,
    string? CreatedAt,
    long? Size,
    string? ModelId,
    string? RunId,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "MLmodel";

    /// <summary>Longest file that is read, in bytes.</summary>
    public const int Longest = 1024 * 1024;
}

/// <summary>A form in which a model can be loaded.</summary>
/// <param name="Name">Such as "python_function" or "sklearn".</param>
/// <param name="Facts">What the file says of it, nested names joined by dots.</param>
public sealed record ModelFlavor(string Name, IReadOnlyDictionary<string, string> Facts);

/// <summary>What a model takes and gives; null where the file does not say.</summary>
public sealed record ModelSignature(IReadOnlyList<ModelField>? Inputs, IReadOnlyList<ModelField>? Outputs, IReadOnlyList<ModelField>? Params);

/// <summary>A column, a tensor or a param of a signature.</summary>
/// <param name="Name">Null where it has none, as a single tensor has.</param>
/// <param name="Type">Such as "double", "tensor(float32)" or "array(string)".</param>
/// <param name="Shape">Of a tensor, such as "(-1, 4)"; null elsewhere.</param>
/// <param name="Required">False where it may be missing.</param>
/// <param name="Default">Value of a param, as JSON; null elsewhere.</param>
public sealed record ModelField(string? Name, string Type, string? Shape, bool Required, string? Default);
