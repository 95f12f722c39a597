using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Promotion;
using Cairn.Projects.Running;
using Cairn.Projects.Sources;

namespace Cairn.Projects.Pipelines.Jobs;

/// <summary>Registers a pipeline with the server: its gates, its triggers, and its code as it is now.</summary>
public sealed class PipelineRegistration(CairnClient client)
{
    /// <summary>Metadata of a snapshot: files that can be run, which an artifact does not remember by itself.</summary>
    internal const string ExecutableKey = "executable";

    private const long MostBytes = 200L * 1024 * 1024;

    /// <summary>Registers a pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="experiment">Name of its experiment, or null for the file's.</param>
    /// <param name="changes">Changes of parameters for every run.</param>
    /// <param name="inPlace">Workers shall run the folder itself, on this machine, in place of a snapshot of it.</param>
    /// <param name="fetched">Where the pipeline came from, if it was fetched: workers fetch that commit from git themselves.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="ProjectException">The pipeline cannot be registered; the message says why.</exception>
    public async Task<PipelineInfo> RegisterAsync(
        Pipeline pipeline, string? experiment, IReadOnlyList<string> changes, bool inPlace, ProjectSource? fetched, CancellationToken cancellation)
    {
        _ = Overrides.Apply(pipeline, changes);
        foreach (var trigger in pipeline.Triggers)
        {
            CheckChanges(pipeline, trigger, changes);
        }

        var secrets = pipeline.Triggers.Select(trigger => trigger.Request with { Secret = SecretOf(pipeline, trigger) }).ToArray();
        var home = await client.EnsureExperimentAsync(experiment ?? pipeline.Experiment ?? pipeline.Name, cancellation: cancellation);
        var file = Path.GetFileName(pipeline.File);
        var source = fetched is { Git.Commit: { } fetchedCommit, Origin: { } origin }
            ? new PipelineSourceInfo("git", origin, file, fetchedCommit)
            : inPlace
            ? new PipelineSourceInfo("folder", pipeline.Folder, file, await CommitAsync(pipeline.Folder, cancellation))
            : await SnapshotAsync(pipeline, home, file, cancellation);
        await new GateKeeper(client).SetAsync(pipeline, home.Id, cancellation);
        try
        {
            return await client.RegisterPipelineAsync(
                pipeline.Name,
                new RegisterPipelineRequest(home.Name, source, secrets, changes, Environment.UserName),
                cancellation);
        }
        catch (CairnClientException refusal) when (refusal is { Code: "invalid_argument", Field: { } field } && TriggerOf(pipeline, field) is { } trigger)
        {
            throw new PipelineException(new ProjectFinding(
                PipelineFile.Shown(pipeline.File), trigger.Line, trigger.Column, $"triggers.{trigger.Request.Name}.{field[(field.IndexOf("].", StringComparison.Ordinal) + 2)..]}", refusal.Message).ToString());
        }
    }

    private async Task<PipelineSourceInfo> SnapshotAsync(Pipeline pipeline, ExperimentInfo home, string file, CancellationToken cancellation)
    {
        var outside = pipeline.Steps.Select(step => step.Component).Concat(pipeline.Steps.SelectMany(step => step.Code)).Concat(pipeline.Code)
            .FirstOrDefault(path => !path.Contains("://", StringComparison.Ordinal) && Path.GetRelativePath(pipeline.Folder, Path.Combine(pipeline.Folder, path)).StartsWith("..", StringComparison.Ordinal));
        if (outside is not null)
        {
            throw new PipelineException($"'{outside}' lies outside of {pipeline.Folder}, so a snapshot of that folder would not have it. Register the pipeline with --in-place; its worker must then run on this machine.");
        }

        var snapshot = new NewArtifact(SnapshotName(pipeline.Name), "pipeline")
        {
            Description = $"Code of the pipeline {pipeline.Name}",
            Metadata = new Dictionary<string, object?> { [ExecutableKey] = ExecutablesOf(pipeline.Folder) },
        };
        long bytes = 0;
        foreach (var path in FilesOf(pipeline.Folder))
        {
            snapshot.AddFile(path, NameOf(pipeline.Folder, path));
            bytes += new FileInfo(path).Length;
            if (bytes > MostBytes)
            {
                throw new PipelineException($"The folder {pipeline.Folder} has more than {MostBytes / 1024 / 1024} MB. Leave data out of its snapshot with a .cairnignore, or register it with --in-place.");
            }
        }

        var version = await client.LogArtifactAsync(home.Id, snapshot, cancellation: cancellation);
        return new PipelineSourceInfo("snapshot", $"{home.Name}/{version.Name}:{version.Version}", file, await CommitAsync(pipeline.Folder, cancellation));
    }

    /// <summary>What counts as code, and is no product of a build.</summary>
    private static IEnumerable<string> FilesOf(string folder) => CodeDigest.FilesOf(folder)
        .Where(file => !NameOf(folder, file).Split('/').Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);

    private static string[] ExecutablesOf(string folder) => OperatingSystem.IsWindows() ? [] : FilesOf(folder).Where(CanBeRun).Select(file => NameOf(folder, file)).ToArray();

    private static bool CanBeRun(string file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0;

    private static string NameOf(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');

    private static async Task<string?> CommitAsync(string folder, CancellationToken cancellation) =>
        await GitFacts.ReadAsync(folder, cancellation) is { Commit: { } commit } facts ? $"{commit}{(facts.Diff is null ? "" : "+changes")}" : null;

    private static string SnapshotName(string pipeline) =>
        "pipeline-" + string.Concat(pipeline.Take(100).Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));

    private static string? SecretOf(Pipeline pipeline, DeclaredTrigger trigger)
    {
        if (trigger.Secret is not { } name)
        {
            return null;
        }

        return Environment.GetEnvironmentVariable(name) is { Length: > 0 } secret
            ? secret
            : throw new PipelineException(new ProjectFinding(
                PipelineFile.Shown(pipeline.File), trigger.Line, trigger.Column, $"triggers.{trigger.Request.Name}.webhook", $"The variable {name} is not set.", $"export {name}=$(openssl rand -hex 20)").ToString());
    }

    private static void CheckChanges(Pipeline pipeline, DeclaredTrigger trigger, IReadOnlyList<string> changes)
    {
        try
        {
            _ = Overrides.Apply(pipeline, [.. changes, .. trigger.Request.Changes ?? []]);
        }
        catch (ProjectException fault)
        {
            throw new PipelineException(new ProjectFinding(PipelineFile.Shown(pipeline.File), trigger.Line, trigger.Column, $"triggers.{trigger.Request.Name}.set", fault.Message).ToString());
        }
    }

    private static DeclaredTrigger? TriggerOf(Pipeline pipeline, string field) =>
        field.StartsWith("triggers[", StringComparison.Ordinal) && int.TryParse(field.AsSpan(9, Math.Max(0, field.IndexOf(']', StringComparison.Ordinal) - 9)), out var index)
            ? pipeline.Triggers.ElementAtOrDefault(index)
            : null;
}
