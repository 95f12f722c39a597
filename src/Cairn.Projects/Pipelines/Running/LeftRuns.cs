using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Backends;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// Runs whose jobs outlived a killed runner. A step takes up the one of its name and key; one whose step has changed, or
/// does not come any more, is ended.
/// </summary>
internal sealed class LeftRuns(CairnClient client, IRunBackend backend, IReadOnlyList<RunDetail> runs)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly List<RunDetail> _runs = [.. runs];
    private readonly Lock _gate = new();

    /// <summary>The run to take up with the code it was started with; null where there is none.</summary>
    public async Task<(RunDetail Run, CodeDigest Code)?> TakeAsync(string name, StepKey key, CodeDigest code)
    {
        RunDetail[] own;
        lock (_gate)
        {
            own = _runs.Where(run => run.Tags.GetValueOrDefault(StepTags.Name) == name).ToArray();
            _runs.RemoveAll(own.Contains);
        }

        (RunDetail Run, CodeDigest Code)? taken = null;
        foreach (var run in own.Where(run => !run.Tags.ContainsKey(StepTags.Failed)))
        {
            if (await CodeOfAsync(run) is { } before && IsSame(run, before, key, code))
            {
                taken = (run, before);
            }
        }

        await EndAsync(own.Where(run => run != taken?.Run));
        return taken;
    }

    /// <summary>
    /// Its job may have written files into the component's folder meanwhile. So the code is the same where every file that it
    /// was started with is as it was.
    /// </summary>
    private static bool IsSame(RunDetail run, CodeDigest before, StepKey key, CodeDigest code)
    {
        if (run.Tags.GetValueOrDefault(StepTags.Key) == key.Hash)
        {
            return true;
        }

        var now = code.Files.ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal);
        return key.Differences(run.Tags.GetValueOrDefault(StepTags.Parts)) is ["code"] && before.Files.All(file => now.GetValueOrDefault(file.Key) == file.Value);
    }

    /// <summary>Null where its runner was killed before it was kept.</summary>
    private async Task<CodeDigest?> CodeOfAsync(RunDetail run)
    {
        try
        {
            return CodeDigest.OfListing(await new FolderNotes(client).ReadAsync(run.Run.Id, StepTags.CodeFile, CancellationToken.None));
        }
        catch (CairnClientException fault) when (fault.Code == "not_found")
        {
            return null;
        }
    }

    public Task CloseAsync()
    {
        RunDetail[] rest;
        lock (_gate)
        {
            rest = [.. _runs];
            _runs.Clear();
        }

        return EndAsync(rest);
    }

    private async Task EndAsync(IEnumerable<RunDetail> runs)
    {
        foreach (var run in runs)
        {
            using var job = await backend.FindAsync(run, _ => { }, CancellationToken.None);
            if (job is not null)
            {
                if (!job.Ended.IsCompleted)
                {
                    await job.EndAsync(Grace, CancellationToken.None);
                }

                await job.ForgetAsync();
            }

            if (run.Run.Status is "running" or "scheduled")
            {
                await client.UpdateRunAsync(run.Run.Id, new RunUpdate(Status: "killed"), CancellationToken.None);
            }
        }
    }
}
