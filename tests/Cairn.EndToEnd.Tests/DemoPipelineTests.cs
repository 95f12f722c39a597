using System.Diagnostics;
using System.Net.Http.Json;
using Cairn.Client.Wire;

namespace Cairn.EndToEnd.Tests;

/// <summary>
/// The sample pipeline through the real program: what the demo shows, that worse data does not get promoted, and that as a
/// pipeline only what changed is run again. Where CAIRN_SAMPLE_STORE names a folder, what the server holds in the end is kept
/// there: the tests of the web pages go on with it.
/// </summary>
public sealed class DemoPipelineTests
{
    private const string Experiment = "seattle-weather";
    private static readonly string Sample = Path.Combine(Root(), "samples", Experiment);

    [Fact(Timeout = 20 * 60 * 1000)]
    public async Task The_better_model_carries_prod_alone_and_worse_data_leaves_it_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-demo-").FullName;
        using var server = new ServerProcess(folder);
        await server.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = server.Address };

        await RunAsync(server, "seattle-weather-2012-2013.csv", cancellation);
        Assert.Equal("v0", (await ModelAsync(http, cancellation)).Artifact.Aliases["prod"]);

        await RunAsync(server, "seattle-weather-2012-2014.csv", cancellation);
        var second = await ModelAsync(http, cancellation);
        Assert.Equal("v1", second.Artifact.Aliases["prod"]);
        Assert.Equal(["v1"], second.Versions.Where(version => version.Aliases.Contains("prod")).Select(version => version.Version));
        var move = second.AliasHistory.First(change => change.Alias == "prod");
        Assert.Equal(("v0", "v1"), (move.From, move.To));
        Assert.Contains("better", move.Why, StringComparison.Ordinal);
        Assert.NotNull(move.Who);
        Assert.NotNull(move.RunId);

        await RunAsync(server, "lost-clock-2012-2014.csv", cancellation);
        var third = await ModelAsync(http, cancellation);
        Assert.Equal("v2", third.Artifact.LatestVersion);
        Assert.Equal("v1", third.Artifact.Aliases["prod"]);
        Assert.Equal(move.At, third.AliasHistory.First(change => change.Alias == "prod").At);

        var decisions = (await http.GetFromJsonAsync("/api/v1/artifacts/1/model_export/decisions?alias=prod", CairnJson.Default.DecisionList, cancellation))!.Decisions;
        Assert.Equal(["refused", "accepted", "accepted", "gate_set"], decisions.Select(decision => decision.Outcome));
        Assert.True(decisions[0].Verdict!.Candidate.Metrics["auc"] < decisions[0].Verdict!.Holder!.Metrics["auc"]);

        await AssertTreeAsync(http, cancellation);
        await AssertPipelineAsync(server, http, cancellation);
        server.Dispose();
        Keep(folder);
    }

    /// <summary>The same components by pipeline.yaml: all six steps, then what another number of trees changes, then years that went missing.</summary>
    private static async Task AssertPipelineAsync(ServerProcess server, HttpClient http, CancellationToken cancellation)
    {
        const string years = "file=data/seattle-weather-2012-2014.csv";
        await CairnAsync(server, 0, ["pipeline", "run", Sample, years], cancellation);
        await CairnAsync(server, 0, ["pipeline", "run", Sample, years, "model.trees=60"], cancellation);
        await CairnAsync(server, 1, ["pipeline", "run", Sample], cancellation);
        await CairnAsync(server, 0, ["pipeline", "register", Sample, "--in-place"], cancellation);

        var page = (await http.GetFromJsonAsync($"/api/v1/runs?experiment={Experiment}&limit=100", CairnJson.Default.RunPage, cancellation))!;
        var executions = page.Runs.Where(row => row.Tags.ContainsKey("cairn.pipeline.name")).OrderBy(row => row.Run.StartedAt).ToList();
        Assert.Equal(["finished", "finished", "failed"], executions.Select(row => row.Run.Status));
        Assert.Equal(6, Count(executions[0], "succeeded"));
        Assert.Equal((2, 4), (Count(executions[1], "succeeded"), Count(executions[1], "cached")));
        Assert.Equal((2, 1, 3), (Count(executions[2], "succeeded"), Count(executions[2], "failed"), Count(executions[2], "skipped")));

        static int Count(RunRow run, string state) => run.Tags.Count(tag => tag.Key.StartsWith("cairn.steps.", StringComparison.Ordinal) && tag.Value.StartsWith($"{state}|", StringComparison.Ordinal));
    }

    private static void Keep(string folder)
    {
        if (Environment.GetEnvironmentVariable("CAIRN_SAMPLE_STORE") is not { Length: > 0 } kept)
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        if (Directory.Exists(kept))
        {
            Directory.Delete(kept, recursive: true);
        }

        // Copied, not moved: the temporary folder may be on another disk.
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(kept, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Three pipeline runs, each with its six components below it, all of them finished.</summary>
    private static async Task AssertTreeAsync(HttpClient http, CancellationToken cancellation)
    {
        var page = (await http.GetFromJsonAsync($"/api/v1/runs?experiment={Experiment}&limit=100", CairnJson.Default.RunPage, cancellation))!;
        Assert.All(page.Runs, row => Assert.Equal("finished", row.Run.Status));
        var roots = page.Runs.Where(row => row.Run.ParentId is null).ToList();
        Assert.Equal(3, roots.Count);
        Assert.All(roots, root => Assert.Equal(6, page.Runs.Count(row => row.Run.ParentId == root.Run.Id)));
    }

    private static Task RunAsync(ServerProcess server, string data, CancellationToken cancellation) =>
        CairnAsync(server, 0, ["run", Sample, "--experiment", Experiment, "-P", $"file=data/{data}"], cancellation);

    private static async Task CairnAsync(ServerProcess server, int code, string[] arguments, CancellationToken cancellation)
    {
        var start = CairnProgram.Command(arguments);
        start.Environment["CAIRN_URL"] = server.Address.ToString();
        start.Environment["CAIRN_CACHE_DIR"] = Path.Combine(Path.GetTempPath(), "cairn-demo-cache");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == code, $"{await output}\n{await errors}\n{server.Output}");
    }

    private static async Task<ArtifactDetail> ModelAsync(HttpClient http, CancellationToken cancellation) =>
        (await http.GetFromJsonAsync("/api/v1/artifacts/1/model_export", CairnJson.Default.ArtifactDetail, cancellation))!;

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cairn.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The repository is not above the tests.");
        }

        return folder;
    }
}
