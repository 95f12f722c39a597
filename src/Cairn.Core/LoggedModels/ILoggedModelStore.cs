namespace Cairn.Core.LoggedModels;

/// <summary>Remembers logged models. Every write is one durable transaction. Metrics are written with <see cref="Runs.IRunStore.CommitAsync"/>.</summary>
public interface ILoggedModelStore
{
    Task CreateAsync(LoggedModel model, CancellationToken cancellationToken);

    /// <summary>Null where there is none or it is deleted.</summary>
    Task<LoggedModel?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Those of <paramref name="ids"/> that name no model that is in use.</summary>
    Task<IReadOnlyList<string>> FindMissingAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Applies a change whole or not at all.</summary>
    /// <exception cref="CairnException">
    /// <see cref="ErrorCode.NotFound"/> for the model or a tag to remove; <see cref="ErrorCode.InvalidArgument"/> for a
    /// param that has another value.
    /// </exception>
    Task UpdateAsync(string id, LoggedModelChange change, long at, CancellationToken cancellationToken);

    /// <summary>Models in use, one page.</summary>
    Task<IReadOnlyList<LoggedModel>> SearchAsync(LoggedModelQuery query, CancellationToken cancellationToken);
}

/// <summary>A change to a model; what is null or empty stays.</summary>
public sealed record LoggedModelChange(
    LoggedModelStatus? Status = null,
    bool Delete = false,
    IReadOnlyList<KeyValuePair<string, string>>? Params = null,
    IReadOnlyList<KeyValuePair<string, string>>? Tags = null,
    string? RemoveTag = null);
