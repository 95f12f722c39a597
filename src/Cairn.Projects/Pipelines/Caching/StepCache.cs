using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Chains;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>What the cache says about a step.</summary>
/// <param name="Run">The earlier run whose results hold; null where the step must run.</param>
/// <param name="Reason">Why.</param>
internal sealed record CacheAnswer(RunDetail? Run, string Reason);

/// <summary>
/// Finds earlier runs of a step by its key among the runs of the server. A key holds what is known before a step runs;
/// what the earlier run really read is known from its record, and is compared too: it must be today what it was then.
/// </summary>
internal sealed class StepCache(CairnClient client, string experiment)
{
    private const int MostCandidates = 10;

    /// <param name="stepName">The step, as its runs are tagged.</param>
    /// <param name="key">Its key.</param>
    /// <param name="code">Its code.</param>
    /// <param name="folder">What lies about in its component's folder.</param>
    /// <param name="parameters">As they are recorded, to tell what changed.</param>
    /// <param name="inputs">The declared inputs, to tell what changed.</param>
    /// <param name="cancellation">Ends the looking.</param>
    public async Task<CacheAnswer> FindAsync(
        string stepName, StepKey key, CodeDigest code, StepFolder folder, IReadOnlyDictionary<string, string> parameters, string inputs, CancellationToken cancellation)
    {
        var (run, changed) = await FindAsync(key, code, folder, null, cancellation);
        if (run is null)
        {
            foreach (var other in UnreadFiles.Of(client.Options.CacheFolder, folder.Path).KeysFor(key, code))
            {
                (run, _) = await FindAsync(other.Key, other.Code, folder, other.Runs, cancellation);
                if (run is not null)
                {
                    break;
                }
            }
        }

        return run is not null
            ? new CacheAnswer(run, $"unchanged since run {run.Run.Id[..8]}")
            : new CacheAnswer(null, changed ?? await WhyAsync(stepName, key, code, parameters, inputs, cancellation));
    }

    /// <summary>The newest run of the key whose results hold, else what changed since one of them; both null where there is none.</summary>
    private async Task<(RunDetail? Run, string? Changed)> FindAsync(StepKey key, CodeDigest code, StepFolder folder, IReadOnlySet<string>? only, CancellationToken cancellation)
    {
        string? changed = null;
        foreach (var row in await SearchAsync($"tags.`{StepTags.Key}` = '{key.Hash}' and attributes.status = 'FINISHED'", MostCandidates, cancellation))
        {
            if (row.Tags.ContainsKey(StepTags.Failed) || only?.Contains(row.Run.Id) is false)
            {
                continue;
            }

            var tree = await RunTree.ReadAsync(client, await client.GetRunAsync(row.Run.Id, cancellation), cancellation);
            var run = tree.Whole;
            var difference = folder.Difference(await FoundAsync(row, cancellation), folder.IsPassedOn ? await ReadFilesAsync(row.Run.Id, StepTags.MadeFile, cancellation) : [], code) ?? await ReadDifferenceAsync(tree, run, cancellation) ?? await AppearedAsync(tree, cancellation) ?? await MovedAsync(tree, run, cancellation) ?? await MissingOutputAsync(run, cancellation);
            if (difference is null)
            {
                return (run, null);
            }

            changed ??= difference;
        }

        return (null, changed);
    }

    /// <summary>What the run found in its folder by other steps' hands.</summary>
    private async Task<IReadOnlyList<KeyValuePair<string, string>>> FoundAsync(RunRow row, CancellationToken cancellation) =>
        row.Tags.ContainsKey(StepTags.Left) ? await ReadFilesAsync(row.Run.Id, StepTags.LeftFile, cancellation) : [];

    /// <summary>A listing that was kept with a run; empty where it has none.</summary>
    private async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadFilesAsync(string run, string file, CancellationToken cancellation)
    {
        try
        {
            return CodeDigest.FilesOfListing(await new FolderNotes(client).ReadAsync(run, file, cancellation));
        }
        catch (CairnClientException fault) when (fault.Code == "not_found")
        {
            return [];
        }
    }

    /// <summary>Puts "latest" of the outputs back to what this run logged: others may have logged something since.</summary>
    public async Task RestoreLatestAsync(RunDetail run, CancellationToken cancellation)
    {
        foreach (var version in run.Outputs.Select(use => use.Version).DistinctBy(version => version.Name))
        {
            var newest = run.Outputs.Last(use => use.Version.Name == version.Name).Version;
            var latest = (await client.ResolveArtifactAsync(newest.Name, newest.ExperimentName, cancellation)).Version;
            if (latest.Version != newest.Version)
            {
                var detail = await client.GetVersionAsync(newest.ExperimentId, newest.Name, newest.Version, cancellation);
                await client.CommitVersionAsync(
                    new CommitVersionRequest(newest.Name, newest.Type, detail.Manifest, newest.ExperimentId, RunId: run.Run.Id), cancellation);
            }
        }
    }

    /// <summary>What the run read that is not the same any more; null where all is.</summary>
    private async Task<string?> ReadDifferenceAsync(RunTree tree, RunDetail run, CancellationToken cancellation)
    {
        foreach (var use in run.Inputs)
        {
            var (version, asked) = (use.Version, use.UsedAs ?? $"{use.Version.Name}:latest");
            var alias = AliasOf(asked);
            if (alias == version.Version || run.Outputs.Any(output => output.Version.Name == version.Name && output.Version.Digest == version.Digest))
            {
                continue;
            }

            var detail = await client.GetArtifactAsync(version.ExperimentId, version.Name, cancellation);
            // Not the newest version: "latest" is what was logged last, which may be an older one once more.
            var now = detail.Artifact.Aliases.GetValueOrDefault(alias);
            if (now != version.Version && !WasMovedBy(tree, detail, alias) && detail.Versions.FirstOrDefault(v => v.Version == now)?.Digest != version.Digest)
            {
                return $"input {version.Name}:{alias} changed ({version.Version} → {now ?? "gone"})";
            }
        }

        return null;
    }

    /// <summary>What the run asked for and was not there may be there now; what it put there itself is no news to it.</summary>
    private async Task<string?> AppearedAsync(RunTree tree, CancellationToken cancellation)
    {
        foreach (var (reference, asked) in tree.Absent)
        {
            try
            {
                var version = (await client.ResolveArtifactAsync(reference, asked, cancellation)).Version;
                var detail = await client.GetArtifactAsync(version.ExperimentId, version.Name, cancellation);
                if (!WasMovedBy(tree, detail, AliasOf(reference)))
                {
                    return $"input {reference} is there now";
                }
            }
            catch (CairnClientException fault) when (fault.Code is "not_found" or "invalid_argument")
            {
                // Still not.
            }
        }

        return null;
    }

    private static string AliasOf(string reference) =>
        reference.Contains(':', StringComparison.Ordinal) ? reference[(reference.LastIndexOf(':') + 1)..] : "latest";

    private static bool WasMovedBy(RunTree tree, ArtifactDetail artifact, string alias) =>
        artifact.AliasHistory.FirstOrDefault(move => move.Alias == alias) is { } last && tree.Contains(last.RunId);

    /// <summary>A name that the run asked for may lead elsewhere now; where it leads to what the run made itself, it moved it.</summary>
    private async Task<string?> MovedAsync(RunTree tree, RunDetail run, CancellationToken cancellation)
    {
        foreach (var (reference, asked, digest) in tree.Asked)
        {
            try
            {
                var now = (await client.ResolveArtifactAsync(reference, asked, cancellation)).Version;
                if (now.Digest != digest && !tree.Contains(now.RunId) && run.Outputs.All(output => output.Version.Digest != now.Digest))
                {
                    return $"input {reference} changed (now {now.Version})";
                }
            }
            catch (CairnClientException fault) when (fault.Code is "not_found" or "invalid_argument")
            {
                return $"input {reference} is gone";
            }
        }

        return null;
    }

    private async Task<string?> MissingOutputAsync(RunDetail run, CancellationToken cancellation)
    {
        foreach (var version in run.Outputs.Select(use => use.Version))
        {
            try
            {
                await client.GetVersionAsync(version.ExperimentId, version.Name, version.Version, cancellation);
            }
            catch (CairnClientException fault) when (fault.Code == "not_found")
            {
                return $"its output {version.Name}:{version.Version} is not there any more";
            }
        }

        return null;
    }

    /// <summary>Compares with the newest run of the step that succeeded.</summary>
    private async Task<string> WhyAsync(string stepName, StepKey key, CodeDigest code, IReadOnlyDictionary<string, string> parameters, string inputs, CancellationToken cancellation)
    {
        // A run that only stands for an earlier one has the name and no key.
        var rows = await SearchAsync(
            $"tags.`{StepTags.Name}` = '{stepName.Replace("'", "''", StringComparison.Ordinal)}' and tags.`{StepTags.Key}` LIKE '%' and attributes.status = 'FINISHED'", 5, cancellation);
        if (rows.FirstOrDefault(row => !row.Tags.ContainsKey(StepTags.Failed)) is not { } last)
        {
            return "it never ran successfully";
        }

        var reasons = new List<string>();
        foreach (var part in key.Differences(last.Tags.GetValueOrDefault(StepTags.Parts)))
        {
            reasons.Add(part switch
            {
                "code" => $"code changed{await FilesAsync(last.Run.Id, code, cancellation)}",
                "params" => $"params changed{Parameters(last, parameters)}",
                "inputs" => $"inputs changed{Inputs(last.Tags.GetValueOrDefault(StepTags.Inputs, ""), inputs)}",
                _ => $"{part} changed",
            });
        }

        return reasons.Count > 0 ? string.Join("; ", reasons) : $"no run with this key is left (the newest is {last.Run.Id[..8]})";
    }

    private async Task<string> FilesAsync(string runId, CodeDigest code, CancellationToken cancellation)
    {
        try
        {
            var before = (await ReadFilesAsync(runId, StepTags.CodeFile, cancellation)).ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal);
            var changed = code.Files.Where(file => before.GetValueOrDefault(file.Key) != file.Value).Select(file => file.Key)
                .Concat(before.Keys.Except(code.Files.Select(file => file.Key)).Select(gone => $"{gone} is gone")).ToArray();
            return changed.Length == 0 ? "" : $" ({string.Join(", ", changed.Take(3))}{(changed.Length > 3 ? $" and {changed.Length - 3} more" : "")})";
        }
        catch (CairnClientException)
        {
            return "";
        }
    }

    private static string Inputs(string before, string now)
    {
        var (gone, added) = (before.Split(' ').Except(now.Split(' ')), now.Split(' ').Except(before.Split(' ')));
        return $" ({string.Join(", ", gone)} → {string.Join(", ", added)})";
    }

    private static string Parameters(RunRow last, IReadOnlyDictionary<string, string> parameters)
    {
        var changed = parameters
            .Select(pair => (pair.Key, Before: last.Params.TryGetValue(pair.Key, out var value) ? value.ToString() : null, After: pair.Value))
            .Where(pair => pair.Before != pair.After)
            .Select(pair => $"{pair.Key}: {pair.Before ?? "none"} → {pair.After}").ToArray();
        return changed.Length == 0 ? " (the content of a file, or a variable)" : $" ({string.Join(", ", changed.Take(3))}{(changed.Length > 3 ? " …" : "")})";
    }

    private async Task<IReadOnlyList<RunRow>> SearchAsync(string filter, int limit, CancellationToken cancellation)
    {
        try
        {
            return (await client.ListRunsAsync(new RunQuery { Experiments = [experiment], Filter = filter, Limit = limit }, cancellation)).Runs;
        }
        catch (CairnClientException fault) when (fault.Code == "not_found")
        {
            // The experiment is made by its first run.
            return [];
        }
    }
}
