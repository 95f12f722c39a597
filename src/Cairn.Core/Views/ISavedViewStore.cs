using Cairn.Core.Experiments;

namespace Cairn.Core.Views;

/// <summary>Remembers views of experiments. They belong to nothing else that is remembered: no run, no version.</summary>
public interface ISavedViewStore
{
    /// <summary>Views of an experiment, ordered by page and name; null for all pages.</summary>
    Task<IReadOnlyList<SavedView>> ListAsync(ExperimentId experiment, string? page, CancellationToken cancellationToken);

    /// <summary>Keeps the view, in place of the one of its name. Durable on return.</summary>
    Task PutAsync(SavedView view, CancellationToken cancellationToken);

    /// <summary>False where there is none of that name.</summary>
    Task<bool> RemoveAsync(ExperimentId experiment, string page, string name, CancellationToken cancellationToken);
}
