using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Series;

/// <summary>Reads series: chunks and tail as one.</summary>
internal sealed class SqlSeriesStore(SqliteDatabase database, HotTail hot, SeriesLog log, Runs.RunKeys keys) : ISeriesStore
{
    public async Task<SeriesSlice> ReadAsync(RunId run, string key, StepRange range, CancellationToken cancellationToken)
    {
        var points = await ReadPointsAsync(run, key, range, cancellationToken);
        return new SeriesSlice(key, points.Count, points);
    }

    public async Task<SeriesSlice> SampleAsync(RunId run, string key, StepRange range, int buckets, CancellationToken cancellationToken)
    {
        var points = await ReadPointsAsync(run, key, range, cancellationToken);
        return new SeriesSlice(key, points.Count, Sampler.Sample(points, buckets));
    }

    private async Task<List<MetricPoint>> ReadPointsAsync(RunId run, string name, StepRange range, CancellationToken cancellationToken)
    {
        var series = await database.ReadAsync(
            session =>
            {
                var runKey = keys.Find(session, run) ?? throw CairnException.NotFound($"Run with id={run} not found");
                return log.FindMetric(session, name) is { } metric ? new SeriesKey(runKey, metric) : (SeriesKey?)null;
            },
            cancellationToken);
        if (series is not { } key)
        {
            return [];
        }

        // First the tail, then the chunks: a fold in between shows points twice, which tidying removes, and never hides one.
        var points = hot.Read(key);
        points.RemoveAll(point => point.Step < range.First || point.Step > range.Last);
        var stored = await database.ReadAsync(
            session =>
            {
                var data = SeriesTables.ReadChunks(session, key, range);
                var found = new List<MetricPoint>();
                data.ForEach(chunk => ChunkCodec.Decode(chunk, found));
                if (data.Count == 0 && SeriesTables.FindSeries(session, key) is { Points: 1 } row && !SeriesTables.HasChunks(session, key))
                {
                    found.Add(row.Latest);
                }

                return found;
            },
            cancellationToken);
        stored.RemoveAll(point => point.Step < range.First || point.Step > range.Last);
        stored.AddRange(points);
        PointList.Tidy(stored);
        return stored;
    }
}
