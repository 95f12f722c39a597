namespace Cairn.Client.Wire;

/// <summary>What the model registry knows of an artifact of type "model".</summary>
/// <param name="Name">Its name in the registry, unique on the server: what <c>models:/NAME/1</c> says.</param>
/// <param name="Tags">By key.</param>
/// <param name="Stages">The newest version of each stage ("Production" to "v3"); versions without a stage are not in it.</param>
public sealed record RegisteredModelInfo(string Name, IReadOnlyDictionary<string, string> Tags, IReadOnlyDictionary<string, string> Stages);

/// <summary>A model of the registry with the artifact that it is.</summary>
/// <param name="Artifact">The artifact: experiment, versions, aliases.</param>
/// <param name="Model">What the registry knows of it.</param>
public sealed record ModelEntry(ArtifactInfo Artifact, RegisteredModelInfo Model);

/// <summary>Answer of <c>GET /api/v1/models</c>: all registered models of the server, by name.</summary>
public sealed record ModelEntryList(IReadOnlyList<ModelEntry> Models);

/// <summary>What the model registry knows of a version.</summary>
/// <param name="Name">The model's name in the registry.</param>
/// <param name="Number">MLflow's number of the version, from 1.</param>
/// <param name="Stage">"None", "Staging", "Production" or "Archived".</param>
/// <param name="Source">The URI from which it was registered; null where its files were committed here.</param>
/// <param name="RunId">The run as its client wrote it, or null; it need not be a run of this server.</param>
/// <param name="RunLink">Where that run can be seen, or null.</param>
/// <param name="UpdatedAt">Unix milliseconds of the last change of description or stage.</param>
/// <param name="Tags">By key.</param>
public sealed record ModelVersionInfo(
    string Name,
    int Number,
    string Stage,
    string? Source,
    string? RunId,
    string? RunLink,
    long UpdatedAt,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>What the file <c>MLmodel</c> of a logged model says.</summary>
/// <param name="Path">Folder of the file within the version or the run; "" for its root.</param>
/// <param name="Flavors">In which forms it can be loaded.</param>
/// <param name="Signature">What it takes and gives, or null.</param>
/// <param name="InputExample">Path of its input example within the version or the run, or null.</param>
/// <param name="MlflowVersion">The MLflow that wrote it, or null.</param>
/// <param name="CreatedAt">When it was made, as written, or null.</param>
/// <param name="Size">Bytes, as written, or null.</param>
/// <param name="ModelId">Id of the logged model, or null.</param>
/// <param name="Metadata">What its author added, nested names joined by dots.</param>
public sealed record LoggedModelInfo(
    string Path,
    IReadOnlyList<ModelFlavorInfo> Flavors,
    ModelSignatureInfo? Signature,
    string? InputExample,
    string? MlflowVersion,
    string? CreatedAt,
    long? Size,
    string? ModelId,
    IReadOnlyDictionary<string, string> Metadata);

/// <summary>A form in which a model can be loaded.</summary>
/// <param name="Name">Such as "python_function" or "sklearn".</param>
/// <param name="Facts">What the file says of it, nested names joined by dots.</param>
public sealed record ModelFlavorInfo(string Name, IReadOnlyDictionary<string, string> Facts);

/// <summary>What a model takes and gives; a list is null where the file does not say.</summary>
public sealed record ModelSignatureInfo(
    IReadOnlyList<ModelFieldInfo>? Inputs,
    IReadOnlyList<ModelFieldInfo>? Outputs,
    IReadOnlyList<ModelFieldInfo>? Params);

/// <summary>A column, a tensor or a param of a signature.</summary>
/// <param name="Name">Null where it has none, as a single tensor has.</param>
/// <param name="Type">Such as "double" or "tensor(float32)".</param>
/// <param name="Shape">Of a tensor, such as "(-1, 4)"; null elsewhere.</param>
/// <param name="Required">False where it may be missing.</param>
/// <param name="Default">Value of a param, as JSON; null elsewhere.</param>
public sealed record ModelFieldInfo(string? Name, string Type, string? Shape, bool Required, string? Default);

/// <summary>Answer of <c>GET /api/v1/runs/{runId}/models</c>: the models among the files of a run, by path.</summary>
public sealed record LoggedModelList(IReadOnlyList<LoggedModelInfo> Models);
