using System.Runtime.InteropServices;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Series;

/// <summary>The statements on <c>metric</c>, <c>series</c>, <c>chunk</c> and <c>tail</c>, each in one place.</summary>
internal static class SeriesTables
{
    public static int? FindMetric(SqlSession session, string name) =>
        session.First<int?>("SELECT id FROM metric WHERE name = @1", row => row.GetInt32(0), name);

    public static int AddMetric(SqlSession session, string name) =>
        (int)session.Number("INSERT INTO metric (name) VALUES (@1) RETURNING id", name);

    public static SeriesRow? FindSeries(SqlSession session, SeriesKey key) =>
        session.First(
            "SELECT last_step, last_time, last_value, points, folded FROM series WHERE run_key = @1 AND metric_id = @2",
            row => new SeriesRow(new MetricPoint(row.GetInt64(0), row.GetInt64(1), row.NumberOrNan(2)), row.GetInt64(3), row.GetInt64(4)),
            key.Run,
            key.Metric);

    /// <summary>Sets everything about a series after its points up to transaction <paramref name="folded"/> went into chunks.</summary>
    public static void PutSeries(SqlSession session, SeriesKey key, MetricPoint latest, long points, long folded) =>
        session.Execute(
            """
            INSERT INTO series (run_key, metric_id, last_step, last_time, last_value, points, folded)
            VALUES (@1, @2, @3, @4, @5, @6, @7)
            ON CONFLICT (run_key, metric_id) DO UPDATE SET
                last_step = excluded.last_step, last_time = excluded.last_time, last_value = excluded.last_value,
                points = excluded.points, folded = excluded.folded
            """,
            key.Run,
            key.Metric,
            latest.Step,
            latest.Time,
            latest.Value.OrNull(),
            points,
            folded);

    /// <summary>Chunks from the last one backwards, for as long as <paramref name="goOn"/> says so.</summary>
    public static List<ChunkRow> ReadChunkHeads(SqlSession session, SeriesKey key, Func<ChunkRow, bool> goOn) =>
        session.QueryWhile(
            """
            SELECT id, last_step, last_time, points FROM chunk
            WHERE run_key = @1 AND metric_id = @2 ORDER BY first_step DESC, first_time DESC, id DESC
            """,
            row => new ChunkRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3)),
            goOn,
            key.Run,
            key.Metric);

    public static bool HasChunks(SqlSession session, SeriesKey key) =>
        session.Number("SELECT EXISTS (SELECT 1 FROM chunk WHERE run_key = @1 AND metric_id = @2)", key.Run, key.Metric) == 1;

    public static byte[] ReadChunk(SqlSession session, long id) =>
        session.First("SELECT data FROM chunk WHERE id = @1", row => row.GetFieldValue<byte[]>(0), id)!;

    /// <summary>
    /// The chunks that have steps in the range, in order, with their data; or where <paramref name="preferSketch"/>, with their
    /// sketches instead, as far as they are long enough to have one: the long data is then not touched.
    /// </summary>
    public static List<ChunkLook> ReadChunks(SqlSession session, SeriesKey key, StepRange range, bool preferSketch) =>
        session.Query(
            preferSketch
                ? """
                  SELECT c.id, c.first_step, c.last_step, c.points, s.data IS NOT NULL, COALESCE(s.data, c.data) FROM chunk AS c
                  LEFT JOIN chunk_sketch AS s ON s.run_key = c.run_key AND s.chunk_id = c.id
                  WHERE c.run_key = @1 AND c.metric_id = @2 AND c.first_step <= @4 AND c.last_step >= @3
                  ORDER BY c.first_step, c.first_time, c.id
                  """
                : """
                  SELECT id, first_step, last_step, points, 0, data FROM chunk
                  WHERE run_key = @1 AND metric_id = @2 AND first_step <= @4 AND last_step >= @3
                  ORDER BY first_step, first_time, id
                  """,
            row => new ChunkLook(row.GetInt64(0), new StepRange(row.GetInt64(1), row.GetInt64(2)), row.GetInt32(3), row.GetBoolean(4), row.GetFieldValue<byte[]>(5)),
            key.Run,
            key.Metric,
            range.First,
            range.Last);

    public static void AddChunk(SqlSession session, SeriesKey key, EncodedChunk chunk)
    {
        var id = session.Number(
            """
            INSERT INTO chunk (run_key, metric_id, first_step, first_time, last_step, last_time, points, data)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8) RETURNING id
            """,
            key.Run,
            key.Metric,
            chunk.First.Step,
            chunk.First.Time,
            chunk.Last.Step,
            chunk.Last.Time,
            chunk.Points,
            chunk.Data);
        if (chunk.Sketch is { } sketch)
        {
            session.Execute("INSERT INTO chunk_sketch (run_key, chunk_id, data) VALUES (@1, @2, @3)", key.Run, id, sketch);
        }
    }

    public static void DeleteChunk(SqlSession session, SeriesKey key, long id)
    {
        session.Execute("DELETE FROM chunk WHERE id = @1", id);
        session.Execute("DELETE FROM chunk_sketch WHERE run_key = @1 AND chunk_id = @2", key.Run, id);
    }

    public static void AddTail(SqlSession session, byte[] data) => session.Execute("INSERT INTO tail (data) VALUES (@1)", data);

    /// <summary>Sets a series' newest point and nothing else.</summary>
    public static void PutLatest(SqlSession session, SeriesKey key, MetricPoint latest)
    {
        // A series of one point has it in the columns that are about to be overwritten: it gets a chunk first.
        if (FindSeries(session, key) is { Points: 1 } row && !HasChunks(session, key))
        {
            AddChunk(session, key, EncodedChunk.Of([row.Latest]));
        }

        session.Execute(
            """
            INSERT INTO series (run_key, metric_id, last_step, last_time, last_value, points, folded)
            VALUES (@1, @2, @3, @4, @5, 0, 0)
            ON CONFLICT (run_key, metric_id) DO UPDATE SET
                last_step = excluded.last_step, last_time = excluded.last_time, last_value = excluded.last_value
            """,
            key.Run,
            key.Metric,
            latest.Step,
            latest.Time,
            latest.Value.OrNull());
    }

    public static List<(long Seq, byte[] Data)> ReadTail(SqlSession session, long after, int limit) =>
        session.Query(
            "SELECT seq, data FROM tail WHERE seq > @1 ORDER BY seq LIMIT @2",
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
            after,
            limit);

    public static long LastTail(SqlSession session) => session.Number("SELECT COALESCE(MAX(seq), 0) FROM tail");

    public static void DeleteTail(SqlSession session, long upTo) => session.Execute("DELETE FROM tail WHERE seq <= @1", upTo);
}

/// <summary>A row of <c>series</c>.</summary>
/// <param name="Latest">Newest point, as far as it was saved.</param>
/// <param name="Points">Points in chunks; 1 without a chunk means that <paramref name="Latest"/> is the point.</param>
/// <param name="Folded">Transactions of the tail up to this one are in chunks.</param>
internal sealed record SeriesRow(MetricPoint Latest, long Points, long Folded);

/// <summary>A chunk without its data.</summary>
internal readonly record struct ChunkRow(long Id, long LastStep, long LastTime, int Points);

/// <summary>A chunk as a chart first looks at it.</summary>
/// <param name="Steps">From its first to its last.</param>
/// <param name="Bytes">The sketch where <paramref name="IsSketch"/>, else the data.</param>
internal readonly record struct ChunkLook(long Id, StepRange Steps, int Points, bool IsSketch, byte[] Bytes);

/// <summary>A chunk to be written.</summary>
/// <param name="Sketch">Encoded too: the points of <see cref="Sampler.Sketch"/>; null where the chunk is short, or not asked to have one.</param>
internal readonly record struct EncodedChunk(MetricPoint First, MetricPoint Last, int Points, byte[] Data, byte[]? Sketch)
{
    /// <summary>Of tidy points, one or more.</summary>
    public static EncodedChunk Of(ReadOnlySpan<MetricPoint> points, bool isSketched = false) => new(
        points[0],
        points[^1],
        points.Length,
        ChunkCodec.Encode(points),
        !isSketched || points.Length < 2 * Sampler.SketchedPoints ? null : ChunkCodec.Encode(CollectionsMarshal.AsSpan(Sampler.Sketch(points))));
}
