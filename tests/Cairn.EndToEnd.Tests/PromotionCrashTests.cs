using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Cairn.Client.Wire;

namespace Cairn.EndToEnd.Tests;

/// <summary>
/// kill -9 of the server at random moments of promotions, of a schedule of every second, of new versions, failed checks
/// and signed deliveries, and of workers taking jobs. No event is lost or doubled, no job is done by two workers at once,
/// and no version has the alias that its gate refuses. CAIRN_PROMOTION_KILLS sets how often (25; `make torture` takes 100).
/// </summary>
public sealed class PromotionCrashTests
{
    private const int Models = 40;
    private const string Secret = "a secret of some length";

    private readonly HashSet<string> acknowledged = [];
    private readonly HashSet<string> ended = [];
    private string experiment = "";
    private int number;
    private int attempts;
    private int promotions;

    [Fact(Timeout = 45 * 60 * 1000)]
    public async Task No_event_is_lost_or_doubled_and_no_wrong_version_is_promoted_after_kill_9()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("CAIRN_PROMOTION_KILLS") ?? "25", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-promotion-crash-").FullName;
        using var server = new ServerProcess(folder);
        await server.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = ServerProcess.Limit };
        await PrepareAsync(http);
        var triggers = (await http.GetFromJsonAsync("/api/v1/triggers", CairnJson.Default.TriggerList, cancellation))!.Triggers.ToDictionary(trigger => trigger.Name);

        for (var kill = 1; kill <= kills; kill++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var load = Task.WhenAll(
                WorkAsync(server.Address, PromoteAsync, stop.Token),
                WorkAsync(server.Address, PromoteAsync, stop.Token),
                WorkAsync(server.Address, client => EventAsync(client, triggers), stop.Token),
                WorkAsync(server.Address, client => CarryOutAsync(client, "w1"), stop.Token),
                WorkAsync(server.Address, client => CarryOutAsync(client, "w2"), stop.Token));
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 900), cancellation);
            await server.KillAsync(cancellation);
            await stop.CancelAsync();
            await load;
            await server.StartAsync(cancellation);
            await CheckPromotionsAsync(http);
            await CheckJobsAsync(http);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{kills} kills: {promotions} promotions, {acknowledged.Count} acknowledged events, {ended.Count} jobs ended");
        Assert.NotEmpty(ended);
        Assert.NotEmpty(acknowledged);
        Assert.True(promotions > 0);
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Models with their evaluations on one dataset, a gate, and a pipeline that listens to everything.</summary>
    private async Task PrepareAsync(HttpClient http)
    {
        experiment = (await PostAsync(http, "/api/v1/experiments", new EnsureExperimentRequest("crash"), CairnJson.Default.EnsureExperimentRequest, CairnJson.Default.ExperimentInfo)).Id;
        await CommitAsync(http, "days", "dataset", "the days");
        for (var i = 0; i < Models; i++)
        {
            await CommitAsync(http, "model", "model", $"model {i.ToString(CultureInfo.InvariantCulture)}");
            var run = await PostAsync(http, "/api/v1/runs", new CreateRunRequest(ExperimentId: experiment), CairnJson.Default.CreateRunRequest, CairnJson.Default.RunInfo);
            foreach (var input in new[] { $"model:v{i.ToString(CultureInfo.InvariantCulture)}", "days:v0" })
            {
                await PostAsync(http, $"/api/v1/runs/{run.Id}/inputs", new UseArtifactRequest(input), CairnJson.Default.UseArtifactRequest, CairnJson.Default.VersionDetail);
            }

            using var update = await http.PostAsJsonAsync(
                $"/api/v1/runs/{run.Id}/updates", new RunUpdate(Points: [new MetricPoint("mae", MaeOf(i))], Status: "finished"), CairnJson.Default.RunUpdate);
            update.EnsureSuccessStatusCode();
        }

        using var gate = await http.PutAsJsonAsync(
            $"/api/v1/artifacts/{experiment}/model/gates/prod", new SetGateRequest("metrics.mae < prod.metrics.mae"), CairnJson.Default.SetGateRequest);
        gate.EnsureSuccessStatusCode();
        var pipeline = new RegisterPipelineRequest(
            "crash",
            new PipelineSourceInfo("folder", "/nowhere"),
            [
                new TriggerRequest("second", "schedule", Schedule: "* * * * * *", Missed: "all"),
                new TriggerRequest("data", "artifact", Artifact: "raw"),
                new TriggerRequest("drift", "check", Check: "drift"),
                new TriggerRequest("hook", "webhook", Secret: Secret),
                new TriggerRequest("moved", "alias", Artifact: "model", Alias: "prod"),
            ]);
        using var registered = await http.PutAsJsonAsync("/api/v1/pipelines/retrain", pipeline, CairnJson.Default.RegisterPipelineRequest);
        registered.EnsureSuccessStatusCode();
    }

    /// <summary>Any model is asked for, in no order; the rollback now and then lets the game go on.</summary>
    private async Task PromoteAsync(HttpClient http)
    {
        Interlocked.Increment(ref attempts);
        if (attempts % 17 == 0)
        {
            using var back = await http.PostAsJsonAsync($"/api/v1/artifacts/{experiment}/model/aliases/prod/rollback", new RollbackRequest(Who: "test"), CairnJson.Default.RollbackRequest);
            Assert.True(back.StatusCode is HttpStatusCode.OK or HttpStatusCode.PreconditionFailed, $"{(int)back.StatusCode}");
            return;
        }

        var version = $"v{RandomNumberGenerator.GetInt32(Models).ToString(CultureInfo.InvariantCulture)}";
        using var answer = await http.PutAsJsonAsync($"/api/v1/artifacts/{experiment}/model/aliases/prod", new MoveAliasRequest(version), CairnJson.Default.MoveAliasRequest);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.PreconditionFailed, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        if (answer.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref promotions);
        }
    }

    private async Task EventAsync(HttpClient http, Dictionary<string, TriggerInfo> triggers)
    {
        var next = Interlocked.Increment(ref number);
        switch (next % 3)
        {
            case 0:
                var version = await CommitAsync(http, "raw", "dataset", $"content {next.ToString(CultureInfo.InvariantCulture)}");
                Acknowledge($"raw:{version.Version} was logged");
                break;
            case 1:
                var run = await PostAsync(http, "/api/v1/runs", new CreateRunRequest(ExperimentId: experiment, Name: $"check {next.ToString(CultureInfo.InvariantCulture)}"), CairnJson.Default.CreateRunRequest, CairnJson.Default.RunInfo);
                await PostAsync(http, $"/api/v1/runs/{run.Id}/checks", new ReportCheckRequest("drift", false), CairnJson.Default.ReportCheckRequest, CairnJson.Default.CheckList);
                Acknowledge($"the check drift failed in {run.Name}");
                break;
            default:
                // Sent twice, as senders do that did not hear the answer.
                for (var twice = 0; twice < 2; twice++)
                {
                    using var delivery = Delivery(triggers["hook"].Id, next);
                    using var answer = await http.SendAsync(delivery);
                    answer.EnsureSuccessStatusCode();
                }

                Acknowledge($"delivery {next.ToString(CultureInfo.InvariantCulture)}");
                break;
        }
    }

    private async Task CarryOutAsync(HttpClient http, string worker)
    {
        var lease = (await PostAsync(http, "/api/v1/jobs/lease", new LeaseJobRequest(worker, 5), CairnJson.Default.LeaseJobRequest, CairnJson.Default.LeaseAnswer)).Lease;
        if (lease is null)
        {
            await Task.Yield();
            return;
        }

        lock (ended)
        {
            Assert.False(ended.Contains(lease.Job.Id), $"The job {lease.Job.Id} was given out after it had ended.");
        }

        await PostAsync(http, $"/api/v1/jobs/{lease.Job.Id}/end", new EndJobRequest(lease.Token, "finished"), CairnJson.Default.EndJobRequest, CairnJson.Default.JobInfo);
        lock (ended)
        {
            ended.Add(lease.Job.Id);
        }
    }

    /// <summary>Every accepted move made it better, the moves form one chain, and the alias is where the chain ends.</summary>
    private async Task CheckPromotionsAsync(HttpClient http)
    {
        var detail = (await http.GetFromJsonAsync($"/api/v1/artifacts/{experiment}/model", CairnJson.Default.ArtifactDetail))!;
        var moves = detail.AliasHistory.Where(change => change.Alias == "prod").Reverse().ToList();
        string? holder = null;
        foreach (var move in moves)
        {
            Assert.Equal(holder, move.From);
            holder = move.To;
        }

        Assert.Equal(holder, detail.Artifact.Aliases.GetValueOrDefault("prod"));
        Assert.Equal(holder is null ? 0 : 1, detail.Versions.Count(version => version.Aliases.Contains("prod")));
        var decisions = (await http.GetFromJsonAsync($"/api/v1/artifacts/{experiment}/model/decisions?alias=prod&limit=1000", CairnJson.Default.DecisionList))!.Decisions;
        Assert.DoesNotContain(decisions, decision => decision.Outcome == "moved");
        foreach (var accepted in decisions.Where(decision => decision is { Outcome: "accepted", From: not null }))
        {
            Assert.True(MaeOf(Index(accepted.To!)) < MaeOf(Index(accepted.From!)), $"{accepted.From} → {accepted.To}");
        }
    }

    private async Task CheckJobsAsync(HttpClient http)
    {
        var jobs = (await http.GetFromJsonAsync("/api/v1/jobs?limit=1000", CairnJson.Default.JobList))!.Jobs;
        var causes = jobs.Where(job => job.TriggerName != "moved").GroupBy(job => (job.TriggerName, job.Cause)).ToList();
        Assert.All(causes, cause => Assert.Single(cause));
        var known = causes.Select(cause => cause.Key.Cause).ToHashSet();

        // The list holds the newest thousand; what is older was seen after the kill that followed it.
        Assert.All(acknowledged.TakeLast(100), cause => Assert.Contains(cause, known));
        Assert.All(jobs.Where(job => ended.Contains(job.Id)), job => Assert.Equal("finished", job.State));

        // Each second once, without a gap: missed ones are made up for at the start.
        var ticks = jobs.Where(job => job.TriggerName == "second").Select(job => job.At).Order().ToList();
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(1000, pair.Second - pair.First));
    }

    private static double MaeOf(int index) => ((index * 23) + 7) % Models;

    private static int Index(string version) => int.Parse(version.AsSpan(1), CultureInfo.InvariantCulture);

    private void Acknowledge(string cause)
    {
        lock (acknowledged)
        {
            acknowledged.Add(cause);
        }
    }

    private static HttpRequestMessage Delivery(string trigger, int number)
    {
        var id = number.ToString(CultureInfo.InvariantCulture);
        var stamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/hooks/{trigger}") { Content = new StringContent("{}") };
        request.Headers.Add("X-Cairn-Delivery", id);
        request.Headers.Add("X-Cairn-Timestamp", stamp);
        request.Headers.Add("X-Cairn-Signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{id}.{stamp}.{{}}")))}");
        return request;
    }

    private async Task<VersionInfo> CommitAsync(HttpClient http, string name, string type, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        using (var body = new ByteArrayContent(content))
        using (var put = await http.PutAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), body))
        {
            put.EnsureSuccessStatusCode();
        }

        var request = new CommitVersionRequest(name, type, [new ManifestEntry("a.txt", digest, content.Length)], ExperimentId: experiment);
        return (await PostAsync(http, "/api/v1/artifacts/versions", request, CairnJson.Default.CommitVersionRequest, CairnJson.Default.CommitVersionResponse)).Version;
    }

    private static async Task<TAnswer> PostAsync<TBody, TAnswer>(HttpClient http, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, bodyType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return System.Text.Json.JsonSerializer.Deserialize(text, answerType)!;
    }

    private static async Task WorkAsync(Uri address, Func<HttpClient, Task> work, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = ServerProcess.Limit };
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await work(http);
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            // The server was killed: what was under way may or may not have happened.
        }
    }
}
