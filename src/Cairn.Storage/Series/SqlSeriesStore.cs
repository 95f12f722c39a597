using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Series;

/// <summary>Reads series: chunks and tail as one.</summary>
internal sealed class SqlSeriesStore(SqliteDatabase database, HotTail hot, SeriesLog log, Runs.RunKeys keys) : ISeriesStore
{
    public async Task<SeriesSlice> ReadAsync(RunId run, string key, StepRange range, CancellationToken cancellationToken) =>
        (await SampleAsync(run, [key], range, buckets: 0, cancellationToken))[0];

    public async Task<SeriesSlice> SampleAsync(RunId run, string key, StepRange range, int buckets, CancellationToken cancellationToken) =>
        (await SampleAsync(run, [key], range, buckets, cancellationToken))[0];

    public async Task<IReadOnlyList<SeriesSlice>> SampleAsync(
        RunId run, IReadOnlyList<string> names, StepRange range, int buckets, CancellationToken cancellationToken)
    {
        var series = await database.ReadAsync(
            session =>
            {
                var runKey = keys.Find(session, run) ?? throw CairnException.NotFound($"Run with id={run} not found");
                return names.Select(name => log.FindMetric(session, name) is { } metric ? new SeriesKey(runKey, metric) : (SeriesKey?)null).ToList();
            },
            cancellationToken);

        // First the tail, then the chunks: a fold in between shows points twice, which tidying removes, and never hides one.
        var waiting = series.ConvertAll(key => key is { } known ? hot.Read(known).FindAll(point => IsWithin(point, range)) : []);
        return await database.ReadAsync(
            session => names.Select((name, i) => series[i] is { } key ? Read(session, key, name, range, buckets, waiting[i]) : new SeriesSlice(name, 0, [])).ToList(),
            cancellationToken);
    }

    private static SeriesSlice Read(SqlSession session, SeriesKey key, string name, StepRange range, int buckets, List<MetricPoint> waiting)
    {
        var chunks = SeriesTables.ReadChunks(session, key, range, preferSketch: buckets > 0);
        if (chunks.Count == 0 && SeriesTables.FindSeries(session, key) is { Points: 1 } row && !SeriesTables.HasChunks(session, key))
        {
            waiting.Add(row.Latest);
        }

        // With no fewer blocks than buckets, the blocks' extremes draw what the points would.
        var blocks = chunks.Sum(chunk => chunk.IsSketch ? (long)chunk.Points / Sampler.SketchedPoints : 0);
        var tail = waiting.Count == 0 ? (StepRange?)null : new StepRange(waiting.Min(point => point.Step), waiting.Max(point => point.Step));
        var sketched = buckets > 0 && blocks >= buckets
            ? chunks.FindAll(chunk => chunk.IsSketch && IsWithin(chunk, range) && !Overlaps(chunk.Steps, tail))
            : [];

        // The rest is read point by point: what reaches out of the range, what the tail may hold as well, what is short.
        var whole = new List<MetricPoint>();
        var next = 0;
        foreach (var chunk in chunks)
        {
            if (next < sketched.Count && sketched[next].Id == chunk.Id)
            {
                next++;
                continue;
            }

            ChunkCodec.Decode(chunk.IsSketch ? SeriesTables.ReadChunk(session, chunk.Id) : chunk.Bytes, whole);
        }

        whole.AddRange(waiting);
        whole.RemoveAll(point => !IsWithin(point, range));
        PointList.Tidy(whole);
        var count = whole.Count + sketched.Sum(chunk => (long)chunk.Points);
        if (sketched.Count > 0)
        {
            var drawn = new List<MetricPoint>();
            sketched.ForEach(chunk => ChunkCodec.Decode(chunk.Bytes, drawn));
            drawn.AddRange(whole);
            PointList.Tidy(drawn);
            whole = drawn;
        }

        return new SeriesSlice(name, count, Sampler.Sample(whole, buckets));
    }

    private static bool IsWithin(MetricPoint point, StepRange range) => point.Step >= range.First && point.Step <= range.Last;

    private static bool IsWithin(ChunkLook chunk, StepRange range) => chunk.Steps.First >= range.First && chunk.Steps.Last <= range.Last;

    private static bool Overlaps(StepRange steps, StepRange? other) => other is { } tail && steps.First <= tail.Last && steps.Last >= tail.First;
}
