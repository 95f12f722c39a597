using Cairn.Core.Datasets;
using Cairn.Core.Experiments;

namespace Cairn.Core.Access;

/// <summary>Datasets that runs read: as the experiments of the runs.</summary>
internal sealed class GuardedDatasetStore(IDatasetStore inner, AccessGuard guard) : IDatasetStore
{
    public async Task<IReadOnlyList<DatasetSummary>> SearchAsync(IReadOnlyList<ExperimentId> experiments, int limit, CancellationToken cancellationToken) =>
        experiments.Count == 0 ? await inner.SearchAsync(experiments, limit, cancellationToken)
        : await guard.LimitAsync(experiments, cancellationToken) is { } readable ? await inner.SearchAsync(readable, limit, cancellationToken)
        : [];
}
