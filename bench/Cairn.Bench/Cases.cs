namespace Cairn.Bench;

/// <summary>Which figures are taken, and the goals they are held against.</summary>
internal static class Cases
{
    /// <summary>Few metrics over many steps, and many metrics at one step.</summary>
    private static readonly int[] BatchKeys = [10, 1000];

    public static async Task RunAsync(string binary, string work, Func<string, bool> isWanted, Report report)
    {
        if (isWanted("limits"))
        {
            report.Note("limit: 4 KiB append + flush", Limits.FlushesPerSecond(work), "per s");
            report.Note("limit: write and flush 200 MB", Limits.DiskWrite(work, 200), "MB/s");
            report.Note("limit: SHA-256 on one core", Limits.Hash(), "MB/s");
        }

        if (isWanted("start"))
        {
            await StartAsync(binary, work, report);
        }

        foreach (var keys in BatchKeys.Where(keys => isWanted("batch") || isWanted($"batch{keys}")))
        {
            await BatchAsync(binary, work, keys, report);
        }

        if (isWanted("single"))
        {
            await WithServerAsync(binary, work, async server =>
            {
                await Scenarios.LogMetricAsync(server, 64, TimeSpan.FromSeconds(2));
                var (perSecond, p50, p99) = await Scenarios.LogMetricAsync(server, 64, TimeSpan.FromSeconds(10));
                report.AtLeast("durable log-metric, 64 connections", perSecond, "calls/s", 10_000, $"p50 {p50:0.0} ms");
                report.AtMost("  its 99th percentile", p99, "ms", 15);
                report.AtMost("  resident memory under that load", server.Memory.Most, "MiB", 120);
            });
        }

        if (isWanted("wandb"))
        {
            await WithServerAsync(binary, work, server => WandbScenarios.RunAsync(server, report));
        }

        if (isWanted("history"))
        {
            await WithServerAsync(binary, work, server => SearchScenarios.HistoryAsync(server, report));
        }

        if (isWanted("search"))
        {
            await SearchScenarios.RunAsync(binary, work, report);
        }

        if (isWanted("projects"))
        {
            await WithServerAsync(binary, work, server => ProjectScenarios.RunAsync(binary, work, server, report));
        }

        if (isWanted("import"))
        {
            await ImportScenario.RunAsync(binary, work, report);
        }

        if (isWanted("ui"))
        {
            await PageScenarios.RunAsync(binary, work, report);
        }

        if (isWanted("rest"))
        {
            var (bytes, points) = await Scenarios.BytesAtRestAsync(binary, Path.Combine(work, "rest"));
            report.AtMost("bytes at rest for each point", bytes, "bytes", 8, $"{points:#,0} points with full mantissas");
        }

        if (isWanted("artifact"))
        {
            await WithServerAsync(binary, work, async server =>
            {
                await Scenarios.ArtifactAsync(server, 20);
                var tries = new List<(double Up, double Down, double Before, double Most)>();
                for (var i = 0; i < 5; i++)
                {
                    tries.Add(await Scenarios.ArtifactAsync(server, 200));
                }

                report.AtLeast("artifact of 200 MB, up", Median(tries.Select(one => one.Up)), "MB/s", 300, "median of 5");
                report.AtLeast("artifact of 200 MB, down", Median(tries.Select(one => one.Down)), "MB/s", 300, "median of 5");
                report.AtMost("  resident memory meanwhile", tries.Max(one => one.Most), "MiB", 120, $"{tries[0].Before:0} MiB before");
            });
        }
    }

    private static async Task StartAsync(string binary, string work, Report report)
    {
        var times = new List<double>();
        double idle = 0;
        for (var i = 0; i < 20; i++)
        {
            var (server, first) = await ServerProcess.StartAsync(binary, Path.Combine(work, "start"), CancellationToken.None);
            using (server)
            {
                times.Add(first.TotalMilliseconds);
                if (i == 19)
                {
                    await Task.Delay(TimeSpan.FromSeconds(3));
                    idle = server.Memory.Now;
                }

                server.Stop();
            }
        }

        report.AtMost("first answer after start", Median(times), "ms", 60, $"median of {times.Count}; {times.Min():0}–{times.Max():0}");
        report.AtMost("resident memory, idle", idle, "MiB", 45);
        report.Note("size of the binary", new FileInfo(binary).Length / 1e6, "MB");
    }

    private static Task BatchAsync(string binary, string work, int keys, Report report) =>
        WithServerAsync(binary, work, async server =>
        {
            const int connections = 8;
            await Scenarios.LogBatchAsync(server, connections, keys);
            var before = server.ProcessorSeconds;
            var rate = await Scenarios.LogBatchAsync(server, connections, keys);
            var cost = (server.ProcessorSeconds - before) / (connections * Scenarios.BatchesPerClient * Scenarios.BatchLength) * 1e6;
            report.AtLeast($"durable log-batch of 1,000, {keys} metrics", rate, "points/s", 500_000, $"{cost:0.00} µs of processor a point");
            report.AtMost("  resident memory under that load", server.Memory.Most, "MiB", 120);
        });

    private static async Task WithServerAsync(string binary, string work, Func<ServerProcess, Task> use)
    {
        var data = Directory.CreateDirectory(Path.Combine(work, Guid.NewGuid().ToString("N"))).FullName;
        var (server, _) = await ServerProcess.StartAsync(binary, data, CancellationToken.None);
        using (server)
        {
            await use(server);
            server.Stop();
        }

        Directory.Delete(data, recursive: true);
    }

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
