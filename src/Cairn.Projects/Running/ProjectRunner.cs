using System.Text;
using System.Text.Json;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Running;

/// <summary>Runs entry points as processes of this machine and records them on a server.</summary>
public sealed class ProjectRunner(CairnClient client)
{
    private const string DiffFile = "cairn/uncommitted.patch";
    private const string LockFile = "cairn/environment.lock";
    private const int LongestDiff = 4 * 1024 * 1024;

    /// <summary>Creates the run's record. Nothing is started yet: the caller may tell the run's address first.</summary>
    /// <exception cref="CairnClientException">The server cannot be reached or refuses.</exception>
    public async Task<ProjectRun> CreateAsync(BoundEntryPoint bound, ProjectRunOptions options, CancellationToken cancellation)
    {
        var git = options.Source?.Git ?? await GitFacts.ReadAsync(bound.Project.Folder, cancellation);
        var user = Environment.UserName;
        var tags = RunTags.Of(bound, user, git, options);
        var parameters = bound.Values.ToDictionary(pair => pair.Key, pair => Text(options.HiddenParameters.Contains(pair.Key) ? SecretNames.Hidden : SecretNames.Recorded(pair.Key, pair.Value)), StringComparer.Ordinal);

        // Who closes the record should we be killed is there before the record is. One that has a parent is closed with it.
        var id = options.RunId ?? Guid.NewGuid().ToString("N");
        var guard = options is { ParentId: null, AfterOurDeath: { } command } ? Lifeline.ForRecord(command(id)) : null;
        try
        {
            var run = options.RunId is not null
                ? await TakeUpAsync(id, options, parameters, tags, cancellation)
                : await client.CreateRunAsync(
                    new CreateRunRequest(
                        Id: id,
                        Experiment: options.ExperimentId is null ? options.Experiment ?? "Default" : null,
                        ExperimentId: options.ExperimentId,
                        Name: options.RunName,
                        Author: user,
                        JobType: options.JobType ?? (bound.EntryPoint.Name == "main" ? bound.Project.Name : bound.EntryPoint.Name),
                        ParentId: options.ParentId,
                        Params: parameters,
                        Tags: tags),
                    cancellation);
            if (git?.Diff is { } diff)
            {
                await client.PutRunFileAsync(run.Id, DiffFile, Encoding.UTF8.GetBytes(diff.Length > LongestDiff ? diff[..LongestDiff] : diff), cancellation: cancellation);
            }

            if (options.Environment?.Lock is { Length: > 0 } contents)
            {
                await client.PutRunFileAsync(run.Id, LockFile, Encoding.UTF8.GetBytes(contents), cancellation: cancellation);
            }

            return new ProjectRun(client, run, bound, options, null, guard);
        }
        catch (OperationCanceledException)
        {
            // The record may be there by now, and nobody will carry it out.
            await TryEndAsync(client, id, "killed");
            guard?.Dispose();
            throw;
        }
    }

    /// <summary>Gives a run its end where that can still be done; what keeps it from that has been told, or is not the matter any more.</summary>
    internal static async Task TryEndAsync(CairnClient client, string run, string status)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await client.UpdateRunAsync(run, new RunUpdate(Status: status), limit.Token);
        }
        catch (Exception fault) when (fault is CairnClientException or OperationCanceledException)
        {
        }
    }

    /// <summary>
    /// Goes on with a run whose runner was killed while its job was not; null where no job of it is left.
    /// </summary>
    /// <exception cref="CairnClientException">The server cannot be reached or refuses.</exception>
    public async Task<ProjectRun?> TakeUpAsync(RunDetail run, BoundEntryPoint bound, ProjectRunOptions options, CancellationToken cancellation) =>
        await options.Backend.FindAsync(run, message => options.Remark?.Invoke(message), cancellation) is { } job
            ? new ProjectRun(client, run.Run, bound, options, job)
            : null;

    /// <summary>As <c>mlflow run --run-id</c>: the run is there already, whoever made it.</summary>
    private async Task<RunInfo> TakeUpAsync(
        string id, ProjectRunOptions options, Dictionary<string, JsonElement> parameters, Dictionary<string, string> tags, CancellationToken cancellation)
    {
        var run = (await client.GetRunAsync(id, cancellation)).Run;
        await client.UpdateRunAsync(
            id,
            new RunUpdate(
                Params: parameters,
                Tags: tags.ToDictionary(tag => tag.Key, string? (tag) => tag.Value, StringComparer.Ordinal),
                Name: options.RunName,
                Status: run.Status == "running" ? null : "running"),
            cancellation);
        return run with { Status = "running", Name = options.RunName ?? run.Name };
    }

    private static JsonElement Text(string value) => JsonElement.Parse($"\"{JsonEncodedText.Encode(value)}\"");
}
