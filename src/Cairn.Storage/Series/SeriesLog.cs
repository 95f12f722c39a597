using System.Collections.Concurrent;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Series;

/// <summary>
/// How points get in and newest values get out: points are appended to the tail within the transaction that commits
/// them, and the newest value of a series goes to its row when a fold or a search needs it there.
/// </summary>
internal sealed class SeriesLog(SqliteDatabase database, HotTail hot)
{
    private const int SavedPerTransaction = 2000;

    /// <summary>A transaction with more points writes several rows: pieces of this length are still young, small objects.</summary>
    private const int RowLength = 60_000;

    /// <summary>Metric names are few; a client that makes up endless ones must not fill the memory.</summary>
    private const int CachedNames = 100_000;

    private readonly ConcurrentDictionary<string, int> metrics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> names = new();
    private readonly TailWriter tail = new();

    /// <summary>Reads what the last process left in the tail. To be called once, before anything else.</summary>
    public async Task ReplayAsync(CancellationToken cancellationToken)
    {
        var after = 0L;
        var stored = new Dictionary<SeriesKey, MetricPoint>();
        var folded = new Dictionary<SeriesKey, long>();
        while (true)
        {
            var points = await database.ReadAsync(
                session =>
                {
                    var rows = SeriesTables.ReadTail(session, after, limit: 256);
                    var found = new Dictionary<long, SeriesPoints>();
                    foreach (var (seq, data) in rows)
                    {
                        after = seq;
                        TailReader.Read(data, (key, point) =>
                        {
                            if (!folded.TryGetValue(key, out var upTo))
                            {
                                var row = SeriesTables.FindSeries(session, key);
                                folded.Add(key, upTo = row?.Folded ?? 0);
                                if (row is not null)
                                {
                                    stored.Add(key, row.Latest);
                                }
                            }

                            if (seq > upTo)
                            {
                                if (!found.TryGetValue(key.Run, out var run))
                                {
                                    found.Add(key.Run, run = new SeriesPoints(key.Run, 16));
                                }

                                run.Add(key.Metric, point);
                            }
                        });
                    }

                    return rows.Count > 0 ? found.Values.ToList() : null;
                },
                cancellationToken);
            if (points is null)
            {
                return;
            }

            hot.Add(points, stored);
        }
    }

    /// <summary>Within a transaction: appends points. The result is to be handed to <see cref="Committed"/> after the commit.</summary>
    public AppendedPoints Append(SqlSession session, IReadOnlyList<(long RunKey, IReadOnlyList<SeriesPoint> Points)> updates)
    {
        var appended = new AppendedPoints();
        tail.Clear();
        foreach (var (run, points) in updates)
        {
            var added = new SeriesPoints(run, points.Count);
            string? lastName = null;
            var metric = 0;
            foreach (var (name, point) in points)
            {
                if (!ReferenceEquals(name, lastName))
                {
                    lastName = name;
                    metric = MetricOf(session, appended, name);
                }

                added.Add(metric, point);
                tail.Add(new SeriesKey(run, metric), point);
                if (tail.Length >= RowLength)
                {
                    SeriesTables.AddTail(session, tail.ToArray());
                    tail.Clear();
                }
            }

            foreach (var key in hot.ListUnknown(added))
            {
                if (!appended.Stored.ContainsKey(key) && SeriesTables.FindSeries(session, key) is { } row)
                {
                    appended.Stored.Add(key, row.Latest);
                }
            }

            appended.Updates.Add(added);
        }

        if (!tail.IsEmpty)
        {
            SeriesTables.AddTail(session, tail.ToArray());
        }

        return appended;
    }

    public void Committed(AppendedPoints appended)
    {
        if (metrics.Count > CachedNames)
        {
            metrics.Clear();
        }

        foreach (var (name, id) in appended.NewMetrics)
        {
            metrics[name] = id;
        }

        hot.Add(appended.Updates, appended.Stored);
    }

    /// <summary>Brings the newest points that are known now into their series' rows, for a search to see.</summary>
    public async Task SaveLatestAsync(CancellationToken cancellationToken)
    {
        foreach (var slice in hot.ListUnsavedLatest().Chunk(SavedPerTransaction))
        {
            await database.WriteAsync(
                session =>
                {
                    var saved = new List<(SeriesKey, MetricPoint)>(slice.Length);
                    foreach (var key in slice)
                    {
                        if (hot.FindLatest(key) is { } latest)
                        {
                            SeriesTables.PutLatest(session, key, latest);
                            saved.Add((key, latest));
                        }
                    }

                    return saved;
                },
                hot.LatestSaved,
                cancellationToken);
        }
    }

    public int? FindMetric(SqlSession session, string name) =>
        metrics.TryGetValue(name, out var id) ? id : SeriesTables.FindMetric(session, name);

    /// <summary>The name of a metric that the session sees.</summary>
    public string NameOf(SqlSession session, int metric)
    {
        if (!names.TryGetValue(metric, out var name))
        {
            if (names.Count > CachedNames)
            {
                names.Clear();
            }

            names[metric] = name = session.First("SELECT name FROM metric WHERE id = @1", row => row.GetString(0), metric)!;
        }

        return name;
    }

    private int MetricOf(SqlSession session, AppendedPoints appended, string name)
    {
        if (metrics.TryGetValue(name, out var id) || appended.NewMetrics.TryGetValue(name, out id))
        {
            return id;
        }

        id = SeriesTables.FindMetric(session, name) ?? SeriesTables.AddMetric(session, name);
        appended.NewMetrics.Add(name, id);
        return id;
    }
}

/// <summary>Points of one transaction, and what was learnt while writing them.</summary>
internal sealed class AppendedPoints
{
    public List<SeriesPoints> Updates { get; } = [];

    public Dictionary<SeriesKey, MetricPoint> Stored { get; } = [];

    public Dictionary<string, int> NewMetrics { get; } = new(StringComparer.Ordinal);
}
