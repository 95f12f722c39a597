using Cairn.Client;
using Cairn.Projects.Binding;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Processes;
using Cairn.Projects.Running;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>A step with all its values: what would run, and the key of it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Bound">The bound entry point.</param>
/// <param name="Environment">Its environment, or null.</param>
/// <param name="Variables">Variables of the pipeline and the step.</param>
/// <param name="Secrets">Names of parameters whose values are not recorded.</param>
/// <param name="Inputs">Declared inputs and those that parameters name.</param>
/// <param name="Key">The key.</param>
/// <param name="Code">Its code, file by file.</param>
/// <param name="Folder">What lies about in its component's folder.</param>
internal sealed record StepCall(
    PipelineStep Step,
    BoundEntryPoint Bound,
    PreparedEnvironment? Environment,
    IReadOnlyDictionary<string, string> Variables,
    IReadOnlySet<string> Secrets,
    IReadOnlyList<ArtifactValue> Inputs,
    StepKey Key,
    CodeDigest Code,
    StepFolder Folder)
{
    /// <summary>Values of variables that by their names are secrets, which the step is given.</summary>
    public IReadOnlyList<string> SecretValues { get; init; } = [];

    public string InputsText => string.Join(' ', Inputs.Select(input => input.Text).Distinct());

    /// <summary>Parameters as they are recorded.</summary>
    public IReadOnlyDictionary<string, string> Recorded => Bound.Values.ToDictionary(
        pair => pair.Key, pair => Secrets.Contains(pair.Key) ? SecretNames.Hidden : SecretNames.Recorded(pair.Key, pair.Value), StringComparer.Ordinal);
}

/// <summary>Makes calls of steps.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="graph">Which step comes before which.</param>
/// <param name="root">The folder that comes and goes with the pipeline: its own, or that of the whole repository it was fetched with.</param>
/// <param name="client">The server.</param>
/// <param name="experiment">Where inputs are looked for.</param>
/// <param name="components">The code of steps.</param>
/// <param name="identity">What is installed.</param>
/// <param name="cacheFolder">Where it is kept what earlier runs wrote.</param>
internal sealed class StepCaller(Pipeline pipeline, StepGraph graph, string root, CairnClient client, string experiment, Components components, RunnerIdentity identity, string cacheFolder)
{
    /// <exception cref="ProjectException">A value, the component or the environment cannot be had.</exception>
    /// <exception cref="CairnClientException">An input is not there.</exception>
    public async Task<StepCall> MakeAsync(PipelineStep step, Func<IReadOnlyList<string>, PlainValue> find, CancellationToken cancellation)
    {
        var file = PipelineFile.Shown(pipeline.File);
        var project = await components.ProjectAsync(step, cancellation);
        var environment = components.EnvironmentAsync(step, project, cancellation);
        var entryPoint = project.EntryPoint(step.EntryPoint);
        var given = step.Parameters.Select(pair => new KeyValuePair<string, PlainValue>(pair.Key, pair.Value.Evaluate(file, find))).ToList();
        var inputs = new List<ArtifactValue>();
        foreach (var (name, template) in step.Inputs)
        {
            var input = await InputAsync(step, template.Evaluate(file, find), cancellation);
            inputs.Add(input);
            if (name.Length > 0 && given.TrueForAll(pair => pair.Key != name) && entryPoint.Parameters.Any(parameter => parameter.Name == name))
            {
                given.Add(new(name, input));
            }
        }

        inputs.AddRange(given.SelectMany(pair => Artifacts(pair.Value)));
        var variables = pipeline.Variables.Concat(step.Variables)
            .Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value.Evaluate(file, find).Text))
            .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        var bound = await ParameterFetcher.BindAsync(
            project, step.EntryPoint, given.Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value.Text)).ToArray(),
            pipeline.Folder, null, client, _ => { }, cancellation);

        var products = StepProducts.Of(cacheFolder, project.Folder);
        var code = CodeDigest.Of(project, entryPoint, Further(step), products);
        var key = new StepKey(
            code.Hash,
            StepKey.HashOf($"{entryPoint.Name}\n{entryPoint.Command}"),
            StepKey.HashOf(ParametersText(bound, given, variables)),
            StepKey.HashOf(string.Join('\n', inputs.Select(input => $"{input.Name} {input.Digest}").Distinct().Order(StringComparer.Ordinal))),
            StepKey.HashOf(await identity.OfAsync(project, entryPoint, await environment)),
            StepKey.HashOf($"{RunnerIdentity.Machine} {StepKey.Format}"));
        var secrets = step.Parameters.Where(pair => pair.Value.IsSecret).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        var before = graph.Before(step.Name).Where(name => name != step.Name).Select(TagOf).ToHashSet(StringComparer.Ordinal);
        return new StepCall(step, bound, await environment, variables, secrets, inputs, key, code, new StepFolder(project.Folder, products, TagOf(step.Name), before, IsPassedOn(step))) { SecretValues = SecretsOf(step) };
    }

    private string[] SecretsOf(PipelineStep step) => step.Templates.Concat(pipeline.Variables.Select(pair => pair.Value))
        .SelectMany(template => template.Paths)
        .Where(path => path is ["env", var name] && SecretNames.IsSecretVariable(name))
        .Select(path => Environment.GetEnvironmentVariable(path[1])).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();

    private bool IsPassedOn(PipelineStep step)
    {
        var (after, folder) = (graph.After(step.Name), FolderOf(step));
        return graph.Steps.Any(other => other != step && after.Contains(other.Name) && FolderOf(other) == folder);
    }

    /// <summary>Where a component lies; of one that is fetched, from where.</summary>
    private string FolderOf(PipelineStep step) =>
        Path.Combine(pipeline.Folder, step.Component) is var local && Directory.Exists(local) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(local)) : step.Component;

    private string TagOf(string step) => $"{pipeline.Name}/{step}";

    private IEnumerable<string> Further(PipelineStep step) => pipeline.Code.Concat(step.Code).Select(path =>
    {
        var full = Path.GetFullPath(Path.Combine(pipeline.Folder, path));
        return Path.Exists(full)
            ? full
            : throw new PipelineException($"{PipelineFile.Shown(pipeline.File)}:{step.Line}:{step.Column}: steps.{step.Name}: there is no file or folder '{path}' (code).");
    });

    private async Task<ArtifactValue> InputAsync(PipelineStep step, PlainValue value, CancellationToken cancellation)
    {
        if (value is ArtifactValue artifact)
        {
            return artifact;
        }

        try
        {
            var version = (await client.ResolveArtifactAsync(value.Text, experiment, cancellation)).Version;
            return new ArtifactValue(version.Name, version.Version, version.Digest);
        }
        catch (CairnClientException fault) when (fault.Code == "not_found")
        {
            throw new PipelineException($"Step '{step.Name}' reads {value.Text}, which is not there. {fault.Message}");
        }
    }

    private static IEnumerable<ArtifactValue> Artifacts(PlainValue value) => value switch
    {
        ArtifactValue artifact => [artifact],
        ListValue list => list.Items.SelectMany(Artifacts),
        MapValue map => map.Pairs.SelectMany(pair => Artifacts(pair.Value)),
        _ => [],
    };

    /// <summary>
    /// Values by name; an artifact stands as its name (its content is among the inputs), a file's content beside its name.
    /// </summary>
    private string ParametersText(BoundEntryPoint bound, IReadOnlyList<KeyValuePair<string, PlainValue>> given, Dictionary<string, string> variables)
    {
        var lines = bound.Values.Select(pair =>
        {
            var value = given.Where(own => own.Key == pair.Key).Select(own => own.Value).FirstOrDefault();
            var text = value is ArtifactValue artifact ? $"artifact {artifact.Name}" : $"text {Portable(pair.Value)}";
            return $"{pair.Key}={text}\n{ContentOf(pair.Value, bound.Project.Folder)}";
        });
        return string.Join('\n', lines.Concat(variables.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"env {pair.Key}={pair.Value}")));
    }

    /// <summary>Absolute paths below the pipeline are the same on every machine without the part before it.</summary>
    private string Portable(string value) => Below(pipeline.Folder, value) ?? Below(root, value) ?? value;

    private static string? Below(string folder, string value) =>
        value.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? value[(folder.Length + 1)..] : null;

    /// <summary>
    /// A value may name a file though it is declared as text. It is looked for in the component's folder, those above it up
    /// to the pipeline's, as components themselves do.
    /// </summary>
    private string ContentOf(string value, string folder)
    {
        if (value.Length is 0 or > 1024 || value.Contains('\0', StringComparison.Ordinal) || value is "." or "..")
        {
            return "";
        }

        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            var path = Path.Combine(at, value);
            if (RegularFile.Exists(path))
            {
                return $"file {CodeDigest.DigestOf(path)}";
            }

            if (Directory.Exists(path) && (value.Contains('/', StringComparison.Ordinal) || value.Contains('.', StringComparison.Ordinal)))
            {
                return string.Concat(CodeDigest.FilesOf(path).Order(StringComparer.Ordinal).Select(file => $"{Path.GetRelativePath(path, file)} {CodeDigest.DigestOf(file)}\n"));
            }

            if (at == pipeline.Folder || Path.IsPathRooted(value))
            {
                break;
            }
        }

        return "";
    }
}
