using Cairn.Core.Experiments;

namespace Cairn.Core.Scorers;

/// <summary>Remembers scorers. Every write is one durable transaction.</summary>
public interface IScorerStore
{
    /// <summary>Adds a version; the first makes the scorer.</summary>
    Task<Scorer> AddAsync(ExperimentId experiment, string name, string body, long at, CancellationToken cancellationToken);

    /// <summary>Versions in order of name, then version; of one name or of all.</summary>
    Task<IReadOnlyList<Scorer>> ListAsync(ExperimentId experiment, string? name, CancellationToken cancellationToken);

    /// <summary>Removes a version, or all; answers how many.</summary>
    Task<int> RemoveAsync(ExperimentId experiment, string name, int? version, CancellationToken cancellationToken);
}
