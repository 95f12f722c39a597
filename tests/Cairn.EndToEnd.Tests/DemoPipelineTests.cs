using System.Diagnostics;
using System.Net.Http.Json;
using Cairn.Client.Wire;

namespace Cairn.EndToEnd.Tests;

/// <summary>The sample pipeline through the real program: what the demo shows, and that worse data does not get promoted.</summary>
public sealed class DemoPipelineTests
{
    private const string Experiment = "seattle-weather";

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
        server.Dispose();
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

    private static async Task RunAsync(ServerProcess server, string data, CancellationToken cancellation)
    {
        var sample = Path.Combine(Root(), "samples", Experiment);
        var start = CairnProgram.Command("run", sample, "--experiment", Experiment, "-P", $"file=data/{data}");
        start.Environment["CAIRN_URL"] = server.Address.ToString();
        start.Environment["CAIRN_CACHE_DIR"] = Path.Combine(Path.GetTempPath(), "cairn-demo-cache");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"{await output}\n{await errors}\n{server.Output}");
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
