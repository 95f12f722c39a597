using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Cairn.Bench;

/// <summary>Searching, creating and reading history on a store of many runs.</summary>
internal static class SearchScenarios
{
    private static readonly Uri SearchPath = new("/api/2.0/mlflow/runs/search", UriKind.Relative);
    private static readonly string[] DefaultExperiment = ["0"];
    private static readonly string[] ByAccuracy = ["metrics.acc DESC"];

    public static async Task RunAsync(string binary, string work, Report report)
    {
        var (folder, hits) = await SearchStore.MakeAsync(work);
        var (server, start) = await ServerProcess.StartAsync(binary, folder, CancellationToken.None);
        using (server)
        {
            report.AtMost($"start on {SearchStore.Runs:#,0} runs", start.TotalMilliseconds, "ms", 500);
            using var http = new HttpClient { BaseAddress = server.Address };
            await ExpectHitsAsync(http, hits);
            foreach (var (order, size) in new[] { ("metrics.acc DESC", 100), ("metrics.loss ASC", 100), ("metrics.acc DESC", 1000) })
            {
                var (p50, p95) = await SearchAsync(server, SearchStore.Filter, order, size, 100);
                var name = $"search by {order}, {size} runs, p95";
                if (size == 100)
                {
                    report.AtMost(name, p95, "ms", 20, $"p50 {p50:0.0} ms; {hits:#,0} of {SearchStore.Runs:#,0} runs match");
                }
                else
                {
                    report.Note(name, p95, "ms", $"p50 {p50:0.0} ms");
                }
            }

            var (first, last) = await PagesAsync(http);
            report.Note("page of 100 runs, the first", first, "ms", "ordered by a metric, no filter");
            report.AtMost("page of 100 runs, the 1,000th", last, "ms", Math.Max(first * 1.5, first + 2));
            report.Note("  resident memory meanwhile", server.Memory.Most, "MiB");
            await CreateAsync(server, report);
            server.Stop();
        }
    }

    public static async Task HistoryAsync(ServerProcess server, Report report)
    {
        const int points = 100_000;
        var run = (await Scenarios.CreateRunsAsync(server, 1))[0];
        var random = new Random(4);
        using var connection = new RawConnection(server.Address);
        for (var i = 0; i < points / Scenarios.BatchLength; i++)
        {
            await connection.SendAsync(
                RawConnection.Post("/api/2.0/mlflow/runs/log-batch", Payloads.LogBatch(run, Scenarios.BatchLength, 1, (long)i * Scenarios.BatchLength, random)),
                CancellationToken.None);
        }

        var request = Encoding.ASCII.GetBytes($"GET /api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=metric_0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var times = new List<double>();
        for (var i = 0; i < 11; i++)
        {
            var clock = Stopwatch.GetTimestamp();
            var (status, length) = await connection.SendAsync(request, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            if (status != 200 || length < points * 30L)
            {
                throw new InvalidOperationException($"The history came back with status {status} and {length} bytes.");
            }
        }

        report.AtMost($"metrics/get-history of {points:#,0} points", times.Order().ElementAt(5), "ms", 60, "median of 11");
    }

    private static async Task CreateAsync(ServerProcess server, Report report)
    {
        var body = Encoding.UTF8.GetBytes(
            """{"experiment_id":"0","user_id":"bench","run_name":"made","start_time":1790000000000,"tags":[{"key":"mlflow.user","value":"bench"},{"key":"mlflow.source.name","value":"train.py"}]}""");
        var request = RawConnection.Post("/api/2.0/mlflow/runs/create", body);
        await Scenarios.LoadAsync(server, 64, TimeSpan.FromSeconds(1), request);
        var (perSecond, p99) = await Scenarios.LoadAsync(server, 64, TimeSpan.FromSeconds(5), request);
        report.AtLeast("runs/create, 64 connections, in that store", perSecond, "runs/s", 5000, $"p99 {p99:0.0} ms");
    }

    private static byte[] Body(string filter, string order, int size) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["experiment_ids"] = DefaultExperiment,
        ["filter"] = filter,
        ["order_by"] = new[] { order },
        ["max_results"] = size,
    });

    private static async Task<(double P50, double P95)> SearchAsync(ServerProcess server, string filter, string order, int size, int calls)
    {
        using var connection = new RawConnection(server.Address);
        var request = RawConnection.Post(SearchPath.ToString(), Body(filter, order, size));
        var times = new List<double>();
        for (var i = -5; i < calls; i++)
        {
            var clock = Stopwatch.GetTimestamp();
            var (status, _) = await connection.SendAsync(request, CancellationToken.None);
            if (status != 200)
            {
                throw new InvalidOperationException($"The search was answered {status}.");
            }

            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            }
        }

        times.Sort();
        return (times[times.Count / 2], times[times.Count * 95 / 100]);
    }

    private static async Task<(double First, double Last)> PagesAsync(HttpClient http)
    {
        var times = new List<double>();
        string? token = null;
        for (var page = 0; page < 1000; page++)
        {
            var body = new Dictionary<string, object>
            {
                ["experiment_ids"] = DefaultExperiment, ["order_by"] = ByAccuracy, ["max_results"] = 100, ["page_token"] = token ?? "",
            };
            var clock = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsJsonAsync(SearchPath, body);
            var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            using var document = JsonDocument.Parse(bytes);
            token = document.RootElement.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
            if (token is null && page < 999)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The pages ended with number {page + 1}."));
            }
        }

        return (times.Skip(1).Take(20).Order().ElementAt(10), times.TakeLast(20).Order().ElementAt(10));
    }

    private static async Task ExpectHitsAsync(HttpClient http, int hits)
    {
        using var body = new ByteArrayContent(Body(SearchStore.Filter, "metrics.loss ASC", 50_000));
        body.Headers.ContentType = new("application/json");
        using var answer = await http.PostAsync(SearchPath, body);
        using var document = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
        var found = document.RootElement.GetProperty("runs").GetArrayLength();
        if (found != hits)
        {
            throw new InvalidOperationException($"The search found {found} runs of {hits}.");
        }
    }
}
