using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Core.Access;

/// <summary>Points of the runs that the caller may read.</summary>
internal sealed class GuardedSeriesStore(ISeriesStore inner, AccessGuard guard) : ISeriesStore
{
    public async Task<SeriesSlice> ReadAsync(RunId run, string key, StepRange range, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(run, Permission.Read, cancellationToken);
        return await inner.ReadAsync(run, key, range, cancellationToken);
    }

    public async Task<SeriesSlice> SampleAsync(RunId run, string key, StepRange range, int buckets, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(run, Permission.Read, cancellationToken);
        return await inner.SampleAsync(run, key, range, buckets, cancellationToken);
    }

    public async Task<IReadOnlyList<SeriesSlice>> SampleAsync(RunId run, IReadOnlyList<string> keys, StepRange range, int buckets, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(run, Permission.Read, cancellationToken);
        return await inner.SampleAsync(run, keys, range, buckets, cancellationToken);
    }
}
