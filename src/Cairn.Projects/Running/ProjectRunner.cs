using System.Text.Json;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Running;

/// <summary>Runs entry points as processes of this machine and records them on a server.</summary>
public sealed class ProjectRunner(CairnClient client)
{
    /// <summary>Creates the run's record. Nothing is started yet: the caller may tell the run's address first.</summary>
    /// <exception cref="CairnClientException">The server cannot be reached or refuses.</exception>
    public async Task<ProjectRun> CreateAsync(BoundEntryPoint bound, ProjectRunOptions options, CancellationToken cancellation)
    {
        var git = await GitFacts.ReadAsync(bound.Project.Folder, cancellation);
        var user = Environment.UserName;
        var run = await client.CreateRunAsync(
            new CreateRunRequest(
                Experiment: options.ExperimentId is null ? options.Experiment ?? "Default" : null,
                ExperimentId: options.ExperimentId,
                Name: options.RunName,
                Author: user,
                JobType: bound.EntryPoint.Name == "main" ? bound.Project.Name : bound.EntryPoint.Name,
                ParentId: options.ParentId,
                Params: bound.Values.ToDictionary(pair => pair.Key, pair => Text(pair.Value), StringComparer.Ordinal),
                Tags: RunTags.Of(bound, user, git)),
            cancellation);
        return new ProjectRun(client, run, bound, options);
    }

    private static JsonElement Text(string value) => JsonElement.Parse($"\"{JsonEncodedText.Encode(value)}\"");
}
