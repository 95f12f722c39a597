using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.EndToEnd.Tests;

/// <summary>
/// kill -9 of the server at random moments of concurrent logging, artifact commits and alias moves. After each restart
/// every acknowledged write is there, none is doubled, nothing is half there. CAIRN_KILLS sets how often (10; `make
/// torture` takes 200).
/// </summary>
public sealed class CrashTests
{
    private const int Loggers = 4;
    private const int Committers = 3;
    private const int PointsPerUpdate = 20;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, bool>> updates = new();
    private readonly ConcurrentDictionary<string, string> versions = new();
    private readonly ConcurrentDictionary<string, bool> attempted = new();
    private int moves;
    private int attemptedMoves;
    private long next;

    [Fact(Timeout = 45 * 60 * 1000)]
    public async Task Nothing_acknowledged_is_lost_doubled_or_half_there_after_kill_9()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("CAIRN_KILLS") ?? "10", CultureInfo.InvariantCulture);
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-crash-").FullName;
        using var server = new ServerProcess(folder);
        await server.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = ServerProcess.Limit };
        for (var i = 0; i < Loggers; i++)
        {
            var run = await PostAsync<CreateRunRequest, RunInfo>(http, "/api/v1/runs", new CreateRunRequest("crash"));
            updates[run.Id] = new ConcurrentDictionary<long, bool>();
        }

        for (var kill = 1; kill <= kills; kill++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var load = LoadAsync(server.Address, stop.Token);
            await Task.Delay(RandomNumberGenerator.GetInt32(5, 400), cancellation);
            while (kill == kills && !load.IsCompleted && (versions.IsEmpty || !updates.Values.All(run => run.Values.Contains(true))))
            {
                // On a slow machine the kills before may all have come too early for anything to be acknowledged.
                await Task.Delay(5, cancellation);
            }

            await server.KillAsync(cancellation);
            await stop.CancelAsync();
            await load;
            await server.StartAsync(cancellation);
            await CheckRunsAsync(http);
            await CheckVersionsAsync(http);
            TestContext.Current.TestOutputHelper!.WriteLine($"kill {kill}: {updates.Values.Sum(run => run.Count)} updates, {versions.Count} versions, {moves} alias moves");
        }

        Assert.NotEmpty(versions);
        Assert.All(updates.Values, run => Assert.Contains(true, run.Values));
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Task LoadAsync(Uri address, CancellationToken stop) => Task.WhenAll(
        updates.Keys.Select(run => WorkAsync(address, http => LogAsync(http, run), stop))
            .Concat(Enumerable.Range(0, Committers).Select(_ => WorkAsync(address, CommitAsync, stop)))
            .Append(WorkAsync(address, MoveAsync, stop)));

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
        catch (HttpRequestException)
        {
            // The server was killed: what was under way may or may not have happened.
        }
        catch (IOException)
        {
            // Likewise, in the middle of an answer.
        }
    }

    /// <summary>One update: points, a param and a log line that belong together, all named by one number.</summary>
    private async Task LogAsync(HttpClient http, string run)
    {
        var number = Interlocked.Increment(ref next);
        updates[run][number] = false;
        var update = new RunUpdate(
            Params: new Dictionary<string, JsonElement> { [Name(number)] = JsonSerializer.SerializeToElement(number) },
            Points: [.. Enumerable.Range(0, PointsPerUpdate).Select(i => new MetricPoint($"m{i % 3}", number, (number * PointsPerUpdate) + i, 1000))],
            Logs: [new LogLine(number, Name(number), Time: 1000)]);
        await PostAsync(http, $"/api/v1/runs/{run}/updates", update);
        updates[run][number] = true;
    }

    private async Task CommitAsync(HttpClient http)
    {
        var content = Encoding.UTF8.GetBytes($"content {Interlocked.Increment(ref next)}");
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        attempted[digest] = true;
        using (var body = new ByteArrayContent(content))
        using (var put = await http.PutAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), body))
        {
            put.EnsureSuccessStatusCode();
        }

        var committed = await PostAsync<CommitVersionRequest, CommitVersionResponse>(
            http,
            "/api/v1/artifacts/versions",
            new CommitVersionRequest("data", "dataset", [new ManifestEntry("a.txt", digest, content.Length), new ManifestEntry("b.txt", digest, content.Length)], Experiment: "crash"));
        Assert.True(versions.TryAdd(committed.Version.Version, digest), $"{committed.Version.Version} was given out twice.");
    }

    private async Task MoveAsync(HttpClient http)
    {
        if (versions.Keys.LastOrDefault() is not { } version)
        {
            await Task.Yield();
            return;
        }

        Interlocked.Increment(ref attemptedMoves);
        var path = $"/api/v1/artifacts/1/data/aliases/prod{RandomNumberGenerator.GetInt32(1_000_000_000).ToString(CultureInfo.InvariantCulture)}";
        using var answer = await http.PutAsJsonAsync(new Uri(path, UriKind.Relative), new MoveAliasRequest(version, Why: "crash"), CairnJson.Default.MoveAliasRequest);
        answer.EnsureSuccessStatusCode();
        Interlocked.Increment(ref moves);
    }

    private async Task CheckRunsAsync(HttpClient http)
    {
        foreach (var (run, known) in updates)
        {
            var detail = await GetAsync<RunDetail>(http, $"/api/v1/runs/{run}");
            var stored = detail.Params.Keys.Select(name => long.Parse(name.AsSpan(2), CultureInfo.InvariantCulture)).ToHashSet();
            Assert.DoesNotContain(known, update => update.Value && !stored.Contains(update.Key));
            Assert.Subset(known.Keys.ToHashSet(), stored);

            var series = await GetAsync<SeriesList>(http, $"/api/v1/runs/{run}/series?buckets=0&key=m0&key=m1&key=m2");
            var steps = series.Series.SelectMany(one => one.Steps).Order().ToList();
            var expected = stored.SelectMany(number => Enumerable.Range(0, PointsPerUpdate).Select(i => (number * PointsPerUpdate) + i)).Order();
            Assert.Equal(expected, steps);

            var lines = new List<LogLine>();
            for (LogPage page; (page = await GetAsync<LogPage>(http, $"/api/v1/runs/{run}/logs?limit=10000&after={(lines.Count == 0 ? -1 : lines[^1].Line).ToString(CultureInfo.InvariantCulture)}")).Lines.Count > 0;)
            {
                lines.AddRange(page.Lines);
            }

            Assert.Equal(stored.Order(), lines.Select(line => line.Line));

            // What was not acknowledged and is not there never will be: later checks must not take it for lost.
            foreach (var update in known.Keys)
            {
                known[update] = stored.Contains(update) || known[update];
            }
        }
    }

    private async Task CheckVersionsAsync(HttpClient http)
    {
        using var found = await http.GetAsync(new Uri("/api/v1/artifacts/1/data", UriKind.Relative));
        if (found.StatusCode == HttpStatusCode.NotFound)
        {
            Assert.Empty(versions);
            return;
        }

        var detail = await GetAsync<ArtifactDetail>(http, "/api/v1/artifacts/1/data");
        var stored = detail.Versions.ToDictionary(version => version.Version);
        Assert.Equal(stored.Count, stored.Values.Select(version => version.Digest).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, stored.Count).Select(i => $"v{i}").Order(), stored.Keys.Order());
        Assert.Subset(stored.Keys.ToHashSet(), versions.Keys.ToHashSet());
        foreach (var version in stored.Keys.Except(versions.Keys).Concat(versions.Keys.TakeLast(20)))
        {
            var whole = await GetAsync<VersionDetail>(http, $"/api/v1/artifacts/1/data/versions/{version}");
            Assert.Equal(["a.txt", "b.txt"], whole.Manifest.Select(entry => entry.Path));
            var digest = whole.Manifest[0].Digest;
            Assert.True(attempted.ContainsKey(digest));
            Assert.Equal(versions.GetOrAdd(version, digest), digest);
            var bytes = await http.GetByteArrayAsync(new Uri($"/api/v1/artifacts/1/data/versions/{version}/files/a.txt", UriKind.Relative));
            Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }

        var moved = detail.AliasHistory.Count(change => change.Why == "crash");
        Assert.InRange(moved, moves, attemptedMoves);
    }

    private static string Name(long number) => $"p.{number.ToString(CultureInfo.InvariantCulture)}";

    private static async Task PostAsync<TBody>(HttpClient http, string path, TBody body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, CairnJson.Default.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<TAnswer> PostAsync<TBody, TAnswer>(HttpClient http, string path, TBody body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, CairnJson.Default.Options);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<TAnswer>(CairnJson.Default.Options))!;
    }

    private static async Task<T> GetAsync<T>(HttpClient http, string path) =>
        (await http.GetFromJsonAsync<T>(new Uri(path, UriKind.Relative), CairnJson.Default.Options))!;
}
