using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>Somewhere experiments, runs and what belongs to them come from.</summary>
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

    /// <summary>Things of one of <see cref="ThingKinds"/>, as the server takes them. Asked for when all runs are there.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="filesOf">Files that a run has at the server now.</param>
    /// <param name="cancellation">Ends the reading.</param>
    IAsyncEnumerable<SourceThing> ReadThingsAsync(string kind, Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf, CancellationToken cancellation);

    /// <summary>Files that belong to no run, such as those of logged models: path behind the artifact proxy and the file on this machine.</summary>
    IAsyncEnumerable<(string Path, string LocalFile)> ReadServerFilesAsync(CancellationToken cancellation);
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

/// <summary>A thing of a source.</summary>
/// <param name="At">Where it stands in the source, for people: file and line, or table and row.</param>
/// <param name="Json">As the server takes it.</param>
/// <param name="Contents">Files on this machine whose contents it needs.</param>
public sealed record SourceThing(string At, JsonElement Json, IReadOnlyList<string> Contents);
