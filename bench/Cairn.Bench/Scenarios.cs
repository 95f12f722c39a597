using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace Cairn.Bench;

/// <summary>The measured cases, each against a server process of its own making load from this process.</summary>
internal static class Scenarios
{
    public const int BatchLength = 1000;
    public const int BatchesPerClient = 200;

    private const string LogBatchPath = "/api/2.0/mlflow/runs/log-batch";
    private const string LogMetricPath = "/api/2.0/mlflow/runs/log-metric";

    /// <summary>Points per second of durable log-batch calls of 1,000 metrics.</summary>
    /// <param name="connections">Clients at once, each writing its own run.</param>
    /// <param name="keys">Distinct metrics in a batch.</param>
    public static async Task<double> LogBatchAsync(ServerProcess server, int connections, int keys)
    {
        var random = new Random(1);
        var runs = await CreateRunsAsync(server, connections);
        var requests = runs.Select(run => Enumerable.Range(0, BatchesPerClient)
            .Select(i => RawConnection.Post(LogBatchPath, Payloads.LogBatch(run, BatchLength, keys, (long)i * BatchLength / keys, random))).ToArray()).ToArray();
        var sent = await LoadAsync(server, connections, TimeSpan.Zero, (client, i) => requests[client][i], runAll: BatchesPerClient);
        return sent.Count * (double)BatchLength / sent.Seconds;
    }

    /// <summary>Calls per second and the 99th percentile in milliseconds of durable single log-metric calls.</summary>
    public static async Task<(double PerSecond, double P50, double P99)> LogMetricAsync(ServerProcess server, int connections, TimeSpan duration)
    {
        const int prepared = 500;
        var random = new Random(2);
        var runs = await CreateRunsAsync(server, connections);
        var requests = runs.Select(run => Enumerable.Range(0, prepared)
            .Select(i => RawConnection.Post(LogMetricPath, Payloads.LogMetric(run, i, random))).ToArray()).ToArray();
        var sent = await LoadAsync(server, connections, duration, (client, i) => requests[client][i % prepared], runAll: null);
        return (sent.Count / sent.Seconds, sent.Percentile(0.5), sent.Percentile(0.99));
    }

    /// <summary>Writes points of full entropy, stops the server and counts the bytes of its database for each.</summary>
    public static async Task<(double BytesPerPoint, long Points)> BytesAtRestAsync(string binary, string data)
    {
        const int connections = 4;
        const int batches = 250;
        const int batch = 1000;
        var (server, _) = await ServerProcess.StartAsync(binary, data, CancellationToken.None);
        using (server)
        {
            var random = new Random(3);
            var runs = await CreateRunsAsync(server, connections);
            foreach (var run in runs)
            {
                using var connection = new RawConnection(server.Address);
                for (var i = 0; i < batches; i++)
                {
                    await ExpectAsync(connection, RawConnection.Post(LogBatchPath, Payloads.LogBatch(run, batch, 10, i * 100L, random)));
                }
            }

            server.Stop();
        }

        var bytes = new DirectoryInfo(data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        return ((double)bytes / (connections * batches * batch), connections * batches * batch);
    }

    /// <summary>Megabytes per second of one large file up and down, and how much memory the server took for it.</summary>
    public static async Task<(double Up, double Down, double MemoryBefore, double MemoryMost)> ArtifactAsync(ServerProcess server, int megabytes)
    {
        var content = RandomNumberGenerator.GetBytes(megabytes * 1_000_000);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        var before = server.Memory.Now;
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        var clock = Stopwatch.StartNew();
        using (var body = new ByteArrayContent(content))
        using (var answer = await http.PutAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), body))
        {
            answer.EnsureSuccessStatusCode();
        }

        var up = megabytes / clock.Elapsed.TotalSeconds;
        clock.Restart();
        var buffer = new byte[1 << 20];
        long received = 0;
        using (var answer = await http.GetAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        await using (var body = await answer.Content.ReadAsStreamAsync())
        {
            for (int count; (count = await body.ReadAsync(buffer)) > 0;)
            {
                received += count;
            }
        }

        if (received != content.Length)
        {
            throw new InvalidOperationException($"{received} bytes came back of {content.Length}.");
        }

        return (up, megabytes / clock.Elapsed.TotalSeconds, before, server.Memory.Most);
    }

    public static async Task<List<string>> CreateRunsAsync(ServerProcess server, int count)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await http.PostAsJsonAsync("/api/v1/runs", new { experiment = "bench", name = string.Create(CultureInfo.InvariantCulture, $"load-{i}") });
            answer.EnsureSuccessStatusCode();
            using var run = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            ids.Add(run.RootElement.GetProperty("id").GetString()!);
        }

        return ids;
    }

    /// <summary>Calls per second, and the 99th percentile in milliseconds, of one request sent again and again.</summary>
    public static async Task<(double PerSecond, double P99)> LoadAsync(ServerProcess server, int connections, TimeSpan duration, byte[] request)
    {
        var sent = await LoadAsync(server, connections, duration, (_, _) => request, runAll: null);
        return (sent.Count / sent.Seconds, sent.Percentile(0.99));
    }

    /// <summary>Sends so many different requests over some connections; answers the median and the 99th percentile in milliseconds.</summary>
    public static async Task<(double P50, double P99)> LoadEachAsync(ServerProcess server, int connections, int count, Func<int, byte[]> request)
    {
        var sent = await LoadAsync(server, connections, TimeSpan.Zero, (client, i) => request((client * (count / connections)) + i), runAll: count / connections);
        return (sent.Percentile(0.5), sent.Percentile(0.99));
    }

    /// <summary>Calls per second where every connection sends each of its requests once.</summary>
    public static async Task<double> LoadAllAsync(ServerProcess server, int connections, int perConnection, Func<int, int, byte[]> request)
    {
        var sent = await LoadAsync(server, connections, TimeSpan.Zero, request, runAll: perConnection);
        return sent.Count / sent.Seconds;
    }

    private static async Task ExpectAsync(RawConnection connection, byte[] request)
    {
        var (status, _) = await connection.SendAsync(request, CancellationToken.None);
        if (status != 200)
        {
            throw new InvalidOperationException($"The server answered {status}.");
        }
    }

    private static async Task<Sent> LoadAsync(ServerProcess server, int connections, TimeSpan duration, Func<int, int, byte[]> request, int? runAll)
    {
        var waits = new List<double>[connections];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(client => Task.Run(async () =>
        {
            using var connection = new RawConnection(server.Address);
            var mine = waits[client] = new List<double>(100_000);
            for (var i = 0; runAll is { } all ? i < all : clock.Elapsed < duration; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await ExpectAsync(connection, request(client, i));
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        })));
        return new Sent(clock.Elapsed.TotalSeconds, [.. waits.SelectMany(wait => wait).Order()]);
    }

    private sealed record Sent(double Seconds, double[] Milliseconds)
    {
        public int Count => Milliseconds.Length;

        public double Percentile(double part) => Milliseconds[Math.Min(Milliseconds.Length - 1, (int)(Milliseconds.Length * part))];
    }
}
