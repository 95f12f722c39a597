using Cairn.Core.Experiments;

namespace Cairn.Core.Datasets;

/// <summary>Finds the datasets that runs read. They are written with <see cref="Runs.IRunStore.CommitAsync"/>.</summary>
public interface IDatasetStore
{
    /// <summary>Each dataset once for each context it was used in, ordered by experiment, then first use; at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<DatasetSummary>> SearchAsync(IReadOnlyList<ExperimentId> experiments, int limit, CancellationToken cancellationToken);
}
