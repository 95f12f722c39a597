using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>
/// The points that are durable in the tail but not folded into chunks yet, and the newest point of each of their series:
/// a cache of the tail that the writer keeps up to date and a start rebuilds.
/// </summary>
internal sealed class HotTail
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, Dictionary<int, HotSeries>> runs = [];
    private PointArena pendingPoints = new();
    private PointArena foldingPoints = new();
    private int unsavedLatest;

    /// <summary>Points that wait for the next fold.</summary>
    public int Pending { get; private set; }

    /// <summary>Series of these points that have nothing here, each once: their newest point has to be read.</summary>
    public List<SeriesKey> ListUnknown(SeriesPoints points)
    {
        lock (gate)
        {
            runs.TryGetValue(points.Run, out var metrics);
            HashSet<int>? unknown = null;
            foreach (var (metric, _) in points)
            {
                if (metrics is null || !metrics.ContainsKey(metric))
                {
                    (unknown ??= []).Add(metric);
                }
            }

            return unknown is null ? [] : [.. unknown.Select(metric => new SeriesKey(points.Run, metric))];
        }
    }

    /// <summary>Adds points that were just committed. <paramref name="stored"/> holds the newest stored point of series not known here.</summary>
    public void Add(List<SeriesPoints> updates, IReadOnlyDictionary<SeriesKey, MetricPoint> stored)
    {
        lock (gate)
        {
            foreach (var update in updates)
            {
                if (!runs.TryGetValue(update.Run, out var metrics))
                {
                    runs.Add(update.Run, metrics = []);
                }

                foreach (var (metric, point) in update)
                {
                    if (!metrics.TryGetValue(metric, out var series))
                    {
                        series = new HotSeries { Latest = stored.TryGetValue(new SeriesKey(update.Run, metric), out var known) ? known : null };
                        metrics.Add(metric, series);
                    }

                    series.Pending = pendingPoints.Add(series.Pending, point);
                    if (series.Latest is not { } latest || point > latest)
                    {
                        series.Latest = point;
                        MarkLatest(series, saved: false);
                    }
                }

                Pending += update.Count;
            }
        }
    }

    /// <summary>Sets aside everything pending for folding; what is added from now on belongs to the next fold.</summary>
    public List<SeriesKey> BeginFold()
    {
        lock (gate)
        {
            // What the last fold set aside is in chunks by now: its room is free.
            (pendingPoints, foldingPoints) = (foldingPoints, pendingPoints);
            pendingPoints.Clear();
            var keys = new List<SeriesKey>();
            foreach (var (run, metrics) in runs)
            {
                foreach (var (metric, series) in metrics)
                {
                    if (series.Pending.Count > 0)
                    {
                        series.Folding = series.Pending;
                        series.Pending = default;
                        keys.Add(new SeriesKey(run, metric));
                    }
                }
            }

            Pending = 0;
            return keys;
        }
    }

    public int CountFolding(SeriesKey key)
    {
        lock (gate)
        {
            return Find(key)!.Folding.Count;
        }
    }

    /// <summary>A copy of the points set aside of one series.</summary>
    public List<MetricPoint> ReadFolding(SeriesKey key)
    {
        lock (gate)
        {
            var chain = Find(key)!.Folding;
            var points = new List<MetricPoint>(chain.Count);
            foldingPoints.CopyTo(chain, points);
            return points;
        }
    }

    /// <summary>The newest point of a series; null where its row has it and nothing waits.</summary>
    public MetricPoint? FindLatest(SeriesKey key)
    {
        lock (gate)
        {
            return Find(key)?.Latest;
        }
    }

    /// <summary>The series' points are in chunks now, and its row says <paramref name="savedLatest"/>.</summary>
    public void EndFold(SeriesKey key, MetricPoint savedLatest)
    {
        lock (gate)
        {
            var series = Find(key)!;
            series.Folding = default;
            MarkLatest(series, saved: series.Latest == savedLatest);
            DropIfCold(key, series);
        }
    }

    /// <summary>A fold that failed: its points wait for the next one.</summary>
    public void AbortFold()
    {
        lock (gate)
        {
            // In their old order, before what has come since; the arenas end as they are after a fold.
            var waiting = new PointArena();
            var points = new List<MetricPoint>();
            Pending = 0;
            foreach (var series in runs.Values.SelectMany(metrics => metrics.Values))
            {
                points.Clear();
                foldingPoints.CopyTo(series.Folding, points);
                pendingPoints.CopyTo(series.Pending, points);
                series.Folding = default;
                series.Pending = default;
                foreach (var point in points)
                {
                    series.Pending = waiting.Add(series.Pending, point);
                }

                Pending += points.Count;
            }

            pendingPoints = waiting;
            foldingPoints.Clear();
        }
    }

    /// <summary>A copy of the points of a series that are not, or perhaps not yet visibly, in chunks.</summary>
    public List<MetricPoint> Read(SeriesKey key)
    {
        lock (gate)
        {
            if (Find(key) is not { } series)
            {
                return [];
            }

            var points = new List<MetricPoint>(series.Folding.Count + series.Pending.Count);
            foldingPoints.CopyTo(series.Folding, points);
            pendingPoints.CopyTo(series.Pending, points);
            return points;
        }
    }

    /// <summary>Newest points of a run's series, where they may not be in the series' rows yet.</summary>
    public List<(int Metric, MetricPoint Latest)> ReadLatest(long run)
    {
        lock (gate)
        {
            return runs.TryGetValue(run, out var metrics)
                ? [.. metrics.Select(metric => (metric.Key, metric.Value.Latest!.Value))]
                : [];
        }
    }

    /// <summary>Series whose row does not have their newest point.</summary>
    public List<SeriesKey> ListUnsavedLatest()
    {
        lock (gate)
        {
            if (unsavedLatest == 0)
            {
                return [];
            }

            var unsaved = from run in runs
                          from metric in run.Value
                          where !metric.Value.IsLatestSaved
                          select new SeriesKey(run.Key, metric.Key);
            return [.. unsaved];
        }
    }

    public void LatestSaved(List<(SeriesKey Key, MetricPoint Latest)> saved)
    {
        lock (gate)
        {
            foreach (var (key, latest) in saved)
            {
                if (Find(key) is { } series && series.Latest == latest)
                {
                    MarkLatest(series, saved: true);
                }
            }
        }
    }

    private HotSeries? Find(SeriesKey key) =>
        runs.TryGetValue(key.Run, out var metrics) && metrics.TryGetValue(key.Metric, out var series) ? series : null;

    private void MarkLatest(HotSeries series, bool saved)
    {
        if (series.IsLatestSaved != saved)
        {
            series.IsLatestSaved = saved;
            unsavedLatest += saved ? -1 : 1;
        }
    }

    private void DropIfCold(SeriesKey key, HotSeries series)
    {
        if (series.Pending.Count == 0 && series.IsLatestSaved)
        {
            runs[key.Run].Remove(key.Metric);
            if (runs[key.Run].Count == 0)
            {
                runs.Remove(key.Run);
            }
        }
    }

    private sealed class HotSeries
    {
        public PointChain Pending { get; set; }

        public PointChain Folding { get; set; }

        public MetricPoint? Latest { get; set; }

        public bool IsLatestSaved { get; set; } = true;
    }
}
