using System.Globalization;
using System.Net.Http.Json;
using Cairn.Client.Wire;

namespace Cairn.EndToEnd.Tests;

/// <summary>
/// Holds what the server says against what the commands wrote down themselves and what must come of each seed.
/// </summary>
internal sealed class CrashOracle(HttpClient http, CrashPipeline pipeline)
{
    private readonly List<int> seeds = [];
    private int? best;

    /// <summary>Commands that had come to their end, but were killed, or their runner was, before that was on the disk.</summary>
    public int Unrecorded { get; private set; }

    public int Promotions { get; private set; }

    /// <summary>Everything about the pipeline's run of this seed, now that it has finished.</summary>
    public async Task CheckAsync(int seed, RunDetail root)
    {
        seeds.Add(seed);
        Assert.Equal("finished", root.Run.Status);
        var children = new List<RunDetail>();
        foreach (var child in root.Children)
        {
            children.Add((await http.GetFromJsonAsync($"/api/v1/runs/{child.Id}", CairnJson.Default.RunDetail))!);
        }

        Assert.DoesNotContain(children, child => child.Run.Status is "running" or "scheduled");
        foreach (var step in CrashPipeline.Steps)
        {
            CheckStep(seed, step, [.. children.Where(child => child.Run.Name == step)]);
        }

        await CheckVersionsAsync(seed, children);
        await CheckPromotionAsync(seed);
    }

    /// <summary>Nothing goes on, every ticket was carried out once, and no version is one too many.</summary>
    public async Task CheckAllAsync(int tickets)
    {
        foreach (var status in (string[])["running", "scheduled"])
        {
            var page = (await http.GetFromJsonAsync($"/api/v1/runs?limit=1000&filter={Uri.EscapeDataString($"attributes.status = '{status}'")}", CairnJson.Default.RunPage))!;
            Assert.Empty(page.Runs);
        }

        var jobs = (await http.GetFromJsonAsync("/api/v1/jobs?limit=1000", CairnJson.Default.JobList))!.Jobs;
        Assert.Equal(tickets, jobs.Count);
        Assert.Equal(
            Enumerable.Range(0, tickets).Select(index => $"ticket:v{index.ToString(CultureInfo.InvariantCulture)} was logged"),
            jobs.OrderBy(job => job.At).ThenBy(job => job.Cause.Length).ThenBy(job => job.Cause, StringComparer.Ordinal).Select(job => job.Cause));
        Assert.Equal(tickets, jobs.Select(job => job.RunId).Distinct().Count());
    }

    /// <summary>It succeeded once, nothing began after that, and that one run began once and came to its end once.</summary>
    private void CheckStep(int seed, string step, List<RunDetail> runs)
    {
        var lines = pipeline.LinesOf(step);
        var own = runs.Select(run => run.Run.Id).ToHashSet();
        var told = lines.Where(line => own.Contains(line.Run)).ToList();
        var succeeded = runs.Where(run => run.Run.Status == "finished" && !run.Tags.ContainsKey("cairn.step.failed")).ToList();
        Assert.True(succeeded.Count == 1, $"seed {seed}, {step}: {succeeded.Count} runs succeeded: {string.Join(", ", runs.Select(run => $"{run.Run.Id[..8]} {run.Run.Status}"))}");
        var run = succeeded[0].Run.Id;
        Assert.True(
            told is [.., ("begin", var last), ("done", var end)] && last == run && end == run,
            $"seed {seed}, {step}: run {run} succeeded, and the command wrote {string.Join(", ", told.Select(line => $"{line.Word} {line.Run[..8]}"))}");
        Assert.Equal(1, told.Count(line => line == ("begin", run)));
        Assert.Equal(1, told.Count(line => line == ("done", run)));
        Unrecorded += told.Count(line => line.Word == "done" && line.Run != run);
    }

    /// <summary>Each artifact has the version of this seed, with its content, logged by a step of this run, and no other new one.</summary>
    private async Task CheckVersionsAsync(int seed, List<RunDetail> children)
    {
        foreach (var (name, digest) in CrashPipeline.ExpectedOf(seed))
        {
            var detail = (await http.GetFromJsonAsync($"/api/v1/artifacts/{children[0].Run.ExperimentId}/{name}", CairnJson.Default.ArtifactDetail))!;
            var count = name == "test.csv" ? 1 : seeds.Count;
            Assert.Equal(
                Enumerable.Range(0, count).Select(index => $"v{index.ToString(CultureInfo.InvariantCulture)}"),
                detail.Versions.Select(version => version.Version).OrderBy(version => int.Parse(version.AsSpan(1), CultureInfo.InvariantCulture)));
            var newest = detail.Versions.Single(version => version.Aliases.Contains("latest"));
            Assert.Equal($"v{(count - 1).ToString(CultureInfo.InvariantCulture)}", newest.Version);
            var version = (await http.GetFromJsonAsync($"/api/v1/artifacts/{newest.ExperimentId}/{name}/versions/{newest.Version}", CairnJson.Default.VersionDetail))!;
            Assert.Equal(digest, Assert.Single(version.Manifest).Digest);
            Assert.Contains(version.LoggedBy, run => children.Exists(child => child.Run.Id == run.Id));
        }
    }

    /// <summary>The alias moved exactly where this seed's model is better than all before it.</summary>
    private async Task CheckPromotionAsync(int seed)
    {
        var version = $"v{(seeds.Count - 1).ToString(CultureInfo.InvariantCulture)}";
        var experiment = (await http.GetFromJsonAsync("/api/v1/experiments", CairnJson.Default.ExperimentList))!.Experiments.Single(one => one.Name == CrashPipeline.Name).Id;
        var detail = (await http.GetFromJsonAsync($"/api/v1/artifacts/{experiment}/model", CairnJson.Default.ArtifactDetail))!;
        var moves = detail.AliasHistory.Where(change => change.Alias == "prod").ToList();
        if (best is not { } error || CrashPipeline.MaeOf(seed) < error)
        {
            best = CrashPipeline.MaeOf(seed);
            Promotions++;
            Assert.Equal(version, detail.Artifact.Aliases["prod"]);
        }
        else
        {
            Assert.NotEqual(version, detail.Artifact.Aliases["prod"]);
        }

        Assert.Equal(Promotions, moves.Count);
        Assert.Equal(detail.Artifact.Aliases["prod"], moves.MaxBy(move => move.At)!.To);
    }
}
