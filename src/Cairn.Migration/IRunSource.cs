using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>Somewhere experiments and runs come from.</summary>
public interface IRunSource : IAsyncDisposable
{
    /// <summary>All experiments, the deleted ones too.</summary>
    Task<IReadOnlyList<ImportExperiment>> ReadExperimentsAsync(CancellationToken cancellation);

    /// <summary>How many runs <see cref="ReadRunsAsync"/> will give.</summary>
    Task<int> CountRunsAsync(CancellationToken cancellation);

    /// <summary>
    /// Runs without their points and files, each once. Experiment ids are the source's. No order, but for a run of which
    /// others are children: it may come after them.
    /// </summary>
    IAsyncEnumerable<SourceRun> ReadRunsAsync(CancellationToken cancellation);
}

/// <summary>A run of a source; its points and files are read only if they are needed.</summary>
public abstract class SourceRun
{
    /// <summary>The run without series and files.</summary>
    public abstract ImportRun Run { get; }

    /// <summary>All its points.</summary>
    public abstract Task<IReadOnlyList<ImportSeries>> ReadSeriesAsync(CancellationToken cancellation);

    /// <summary>Its files: path in the run and the file on this machine.</summary>
    public abstract Task<IReadOnlyList<(string Path, string LocalFile)>> ReadFilesAsync(CancellationToken cancellation);
}
