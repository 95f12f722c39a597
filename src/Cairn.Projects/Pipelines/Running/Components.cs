using System.Collections.Concurrent;
using Cairn.Projects.Environments;
using Cairn.Projects.Sources;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>The components of a pipeline: each is fetched and its environment built once, however many steps use it.</summary>
internal sealed class Components(Pipeline pipeline, ProjectSource? fetched, EnvironmentChoice choice, bool buildImage, Action<string> tell) : IDisposable
{
    private readonly ConcurrentDictionary<(string, string?), Lazy<Task<ProjectSource>>> _sources = new();
    private readonly ConcurrentDictionary<(string, EnvironmentChoice), Lazy<Task<PreparedEnvironment?>>> _environments = new();

    /// <exception cref="ProjectException">It cannot be fetched or read.</exception>
    public async Task<Project> ProjectAsync(PipelineStep step, CancellationToken cancellation)
    {
        try
        {
            return await OpenAsync(step, cancellation);
        }
        catch (ProjectException fault) when (fault is not ProjectFileException)
        {
            var (line, column) = step.PlaceOf("component");
            throw new PipelineException(new ProjectFinding(PipelineFile.Shown(pipeline.File), line, column, $"steps.{step.Name}.component", fault.Message));
        }
    }

    /// <summary>As above; the message names no place of the file.</summary>
    /// <exception cref="ProjectException">It cannot be fetched or read.</exception>
    public async Task<Project> OpenAsync(PipelineStep step, CancellationToken cancellation)
    {
        var place = PlaceOf(pipeline, step);
        if (step.Version is null && Directory.Exists(place))
        {
            return ProjectFile.OpenFor(place, step.EntryPoint);
        }

        var source = await _sources.GetOrAdd((place, step.Version), key => new(() => SourceFetcher.FetchAsync(key.Item1, key.Item2, null, tell, cancellation))).Value;
        return ProjectFile.OpenFor(source.Folder, step.EntryPoint);
    }

    /// <summary>A component's folder as seen from the pipeline's file, with what follows a '#', or its address.</summary>
    public static string PlaceOf(Pipeline pipeline, PipelineStep step)
    {
        var local = Path.Combine(pipeline.Folder, step.Component);
        if (Directory.Exists(local) || SourceAddress.Parse(step.Component) is not { Kind: SourceKind.Folder } address)
        {
            return Directory.Exists(local) ? local : step.Component;
        }

        var folder = Path.Combine(pipeline.Folder, address.Location);
        return address.Subfolder is null ? folder : $"{folder}#{address.Subfolder}";
    }

    /// <summary>Where a step's code came from, if it was fetched, by itself or with the pipeline.</summary>
    public ProjectSource? SourceOf(Project project) => _sources.Values
        .Where(source => source.IsValueCreated && source.Value.IsCompletedSuccessfully).Select(source => source.Value.Result)
        .FirstOrDefault(source => source.Folder == project.Folder) ?? fetched?.Part(project.Folder);

    /// <exception cref="ProjectException">It cannot be built.</exception>
    public Task<PreparedEnvironment?> EnvironmentAsync(PipelineStep step, Project project, CancellationToken cancellation)
    {
        var manager = step.EnvironmentManager is { } word
            ? EnvironmentChoices.Parse(word) ?? throw new InvalidOperationException($"'{word}' is refused when the file is read.")
            : choice;
        return _environments.GetOrAdd((project.Folder, manager), key =>
            new(() => EnvironmentStore.Default.PrepareAsync(new EnvironmentRequest(project, key.Item2) { BuildImage = buildImage }, tell, cancellation))).Value;
    }

    public void Dispose()
    {
        foreach (var source in _sources.Values.Where(source => source.IsValueCreated && source.Value.IsCompletedSuccessfully))
        {
            source.Value.Result.Dispose();
        }
    }
}
