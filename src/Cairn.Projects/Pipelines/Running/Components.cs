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
        var local = Path.Combine(pipeline.Folder, step.Component);
        var place = Directory.Exists(local) ? local : step.Component;
        try
        {
            if (place == local && step.Version is null)
            {
                return ProjectFile.OpenFor(local, step.EntryPoint);
            }

            var source = await _sources.GetOrAdd((place, step.Version), key => new(() => SourceFetcher.FetchAsync(key.Item1, key.Item2, null, tell, cancellation))).Value;
            return ProjectFile.OpenFor(source.Folder, step.EntryPoint);
        }
        catch (ProjectException fault) when (fault is not ProjectFileException)
        {
            throw new PipelineException($"{PipelineFile.Shown(pipeline.File)}:{step.Line}:{step.Column}: steps.{step.Name}.component: {fault.Message}");
        }
    }

    /// <summary>Where a step's code came from, if it was fetched, by itself or with the pipeline.</summary>
    public ProjectSource? SourceOf(Project project) => _sources.Values
        .Where(source => source.IsValueCreated && source.Value.IsCompletedSuccessfully).Select(source => source.Value.Result)
        .FirstOrDefault(source => source.Folder == project.Folder) ?? fetched?.Part(project.Folder);

    /// <exception cref="ProjectException">It cannot be built.</exception>
    public Task<PreparedEnvironment?> EnvironmentAsync(PipelineStep step, Project project, CancellationToken cancellation)
    {
        var manager = step.EnvironmentManager is { } word
            ? EnvironmentChoices.Parse(word) ?? throw new PipelineException($"{PipelineFile.Shown(pipeline.File)}:{step.Line}:{step.Column}: steps.{step.Name}.env_manager: '{word}' is not known. Known are auto, system, conda, virtualenv, uv, docker and podman.")
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
