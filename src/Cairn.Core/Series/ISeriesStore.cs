using Cairn.Core.Runs;

namespace Cairn.Core.Series;

/// <summary>Reads metric points. They are written with <see cref="IRunStore.CommitAsync"/>; a read sees every acknowledged point, each once.</summary>
public interface ISeriesStore
{
    /// <summary>Every point of a series with a step in the range, ordered by (step, time, value).</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> where the run is unknown. An unknown key is an empty slice.</exception>
    Task<SeriesSlice> ReadAsync(RunId run, string key, StepRange range, CancellationToken cancellationToken);

    /// <summary>
    /// At most about four points for each of <paramref name="buckets"/> parts of the range: first, last, least and greatest
    /// of the part, so that no extreme is ever lost (an infinity is none). Every point is a real one. The parts are about
    /// equal: of a long series they begin and end with the blocks whose extremes it remembers.
    /// </summary>
    Task<SeriesSlice> SampleAsync(RunId run, string key, StepRange range, int buckets, CancellationToken cancellationToken);

    /// <summary>The same of several series of a run, in the order of <paramref name="keys"/>; 0 buckets are every point.</summary>
    Task<IReadOnlyList<SeriesSlice>> SampleAsync(RunId run, IReadOnlyList<string> keys, StepRange range, int buckets, CancellationToken cancellationToken);
}

/// <summary>Steps from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public readonly record struct StepRange(long First, long Last)
{
    public static StepRange All => new(long.MinValue, long.MaxValue);
}
