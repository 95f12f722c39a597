using System.Runtime.InteropServices;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Cairn.Storage.Series;

/// <summary>
/// Moves points from the tail into compressed chunks, in the background and in small transactions, so that writers wait
/// for milliseconds at most. A crash anywhere loses and doubles nothing: a series' row says up to which transaction of the
/// tail its points are in chunks, and the tail goes only when all are.
/// </summary>
internal sealed partial class SeriesFolder : IAsyncDisposable
{
    /// <summary>
    /// Waiting points that start a fold. A fold costs by series, not by points: of many short series the more at once, the
    /// cheaper. A waiting point takes 28 bytes.
    /// </summary>
    private const int PointsPerFold = 256 * 1024;

    /// <summary>Waiting points at which writers wait until a fold is through: memory stays bounded.</summary>
    private const int MostPoints = PointsPerFold * 3 / 2;

    private const int SeriesPerSlice = 256;
    private const int PointsPerSlice = 32 * 1024;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly SqliteDatabase database;
    private readonly HotTail hot;
    private readonly ILogger logger;
    private readonly SemaphoreSlim wanted = new(0);
    private readonly SemaphoreSlim folding = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;

    public SeriesFolder(SqliteDatabase database, HotTail hot, ILogger logger)
    {
        this.database = database;
        this.hot = hot;
        this.logger = logger;
        loop = Task.Run(LoopAsync);
    }

    /// <summary>To be called after points were added; waits only where folding has fallen far behind.</summary>
    public async ValueTask PointsAddedAsync()
    {
        var pending = hot.Pending;
        if (pending >= PointsPerFold && wanted.CurrentCount == 0)
        {
            wanted.Release();
        }

        if (pending >= MostPoints)
        {
            try
            {
                await FoldAsync();
            }
#pragma warning disable CA1031 // The points are committed: their caller must not be told otherwise because a later fold failed.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                FoldFailed(logger, fault);
            }
        }
    }

    /// <summary>Folds everything that was committed before the call.</summary>
    public async Task FoldAsync()
    {
        await folding.WaitAsync();
        try
        {
            if (hot.Pending > 0)
            {
                await FoldPendingAsync();
            }
        }
        catch
        {
            hot.AbortFold();
            throw;
        }
        finally
        {
            folding.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        try
        {
            await FoldAsync();
            await database.ReturnFreePagesAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // The points are safe in the tail; a stop must not fail because the disk is full.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            FoldFailed(logger, fault);
        }

        stopping.Dispose();
        wanted.Dispose();
        folding.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var isBusy = await wanted.WaitAsync(Period, stopping.Token);
                await FoldAsync();
                if (!isBusy)
                {
                    await database.ReturnFreePagesAsync(stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // The points stay in the tail; the next round tries again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                FoldFailed(logger, fault);
            }
        }
    }

    private async Task FoldPendingAsync()
    {
        // Set aside right after a commit, on the writer: so the points set aside are exactly those of the tail up to here.
        List<SeriesKey> keys = [];
        var upTo = await database.WriteAsync(SeriesTables.LastTail, _ => keys = hot.BeginFold(), CancellationToken.None);
        foreach (var slice in Slices(keys))
        {
            var folds = await database.ReadAsync(session => slice.ConvertAll(key => Prepare(session, key)), CancellationToken.None);
            await database.WriteAsync(
                session =>
                {
                    // The newest point is asked for here, on the writer: one saved since the fold began must not be taken back.
                    return folds.ConvertAll(fold => (fold.Key, Latest: Write(session, fold, hot.FindLatest(fold.Key)!.Value, upTo)));
                },
                written => written.ForEach(fold => hot.EndFold(fold.Key, fold.Latest)),
                CancellationToken.None);
        }

        await database.WriteAsync(
            session =>
            {
                SeriesTables.DeleteTail(session, upTo);
                return true;
            },
            CancellationToken.None);
    }

    private IEnumerable<List<SeriesKey>> Slices(List<SeriesKey> keys)
    {
        var slice = new List<SeriesKey>();
        var points = 0;
        foreach (var key in keys)
        {
            slice.Add(key);
            points += hot.CountFolding(key);
            if (slice.Count >= SeriesPerSlice || points >= PointsPerSlice)
            {
                yield return slice;
                slice = [];
                points = 0;
            }
        }

        if (slice.Count > 0)
        {
            yield return slice;
        }
    }

    /// <summary>
    /// Puts the new points together with the stored ones they overlap, and with trailing chunks that are no larger than
    /// what is being written: so a slowly growing series is rewritten a logarithmic number of times, not every time.
    /// </summary>
    private Fold Prepare(SqlSession session, SeriesKey key)
    {
        var added = hot.ReadFolding(key);
        PointList.Tidy(added);
        var row = SeriesTables.FindSeries(session, key);
        var first = added[0];
        var merged = added.Count;
        var replaced = SeriesTables.ReadChunkHeads(session, key, head =>
        {
            var overlaps = (head.LastStep, head.LastTime).CompareTo((first.Step, first.Time)) >= 0;
            var isSmall = head.Points < ChunkCodec.Capacity && head.Points <= merged;
            merged += head.Points;
            return overlaps || isSmall;
        });
        var stored = (row?.Points ?? 0) - replaced.Sum(head => (long)head.Points);

        // Old before new: mostly that is the order already, and nothing is left to sort.
        var points = new List<MetricPoint>(merged);
        if (row is { Points: 1 } && stored == 1 && !SeriesTables.HasChunks(session, key))
        {
            points.Add(row.Latest);
            stored = 0;
        }

        for (var i = replaced.Count - 1; i >= 0; i--)
        {
            ChunkCodec.Decode(SeriesTables.ReadChunk(session, replaced[i].Id), points);
        }

        points.AddRange(added);
        PointList.Tidy(points);
        if (stored + points.Count == 1)
        {
            return new Fold(key, 1, replaced, [], points[0]);
        }

        var chunks = new List<EncodedChunk>();
        var span = CollectionsMarshal.AsSpan(points);
        for (var start = 0; start < span.Length; start += ChunkCodec.Capacity)
        {
            var part = span.Slice(start, Math.Min(ChunkCodec.Capacity, span.Length - start));
            chunks.Add(EncodedChunk.Of(part, isSketched: stored + start >= Sampler.WholePoints));
        }

        return new Fold(key, stored + points.Count, replaced, chunks, null);
    }

    private static MetricPoint Write(SqlSession session, Fold fold, MetricPoint latest, long upTo)
    {
        fold.Replaced.ForEach(head => SeriesTables.DeleteChunk(session, fold.Key, head.Id));
        fold.Chunks.ForEach(chunk => SeriesTables.AddChunk(session, fold.Key, chunk));
        if (fold.OnlyPoint is { } point && point != latest)
        {
            // A newer point came since the fold was prepared: the row is for that one, so this one needs a chunk.
            SeriesTables.AddChunk(session, fold.Key, EncodedChunk.Of([point]));
        }

        SeriesTables.PutSeries(session, fold.Key, latest, fold.Points, upTo);
        return latest;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Folding metric points failed; they stay in the tail and are folded later")]
    private static partial void FoldFailed(ILogger logger, Exception fault);

    /// <param name="OnlyPoint">The whole series, where that is one point: it needs no chunk for as long as its row can hold it.</param>
    private sealed record Fold(SeriesKey Key, long Points, List<ChunkRow> Replaced, List<EncodedChunk> Chunks, MetricPoint? OnlyPoint);
}
