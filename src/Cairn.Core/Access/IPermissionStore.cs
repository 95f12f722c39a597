using Cairn.Core.Accounts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;

namespace Cairn.Core.Access;

/// <summary>
/// Remembers who may do what. A port of its own: grants are about experiments and models alike, and go with the user, the
/// experiment or the model they are about. Every write is one durable transaction.
/// </summary>
public interface IPermissionStore
{
    Task<UserGrants> ReadAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Grants on one thing, by user.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> where the thing is not there.</exception>
    Task<IReadOnlyList<Grant>> ListAsync(GrantPlace place, CancellationToken cancellationToken);

    /// <exception cref="CairnException">
    /// <see cref="ErrorCode.NotFound"/> where the thing, or a grant to change, is not there; <see cref="ErrorCode.AlreadyExists"/> for one to add that is.
    /// </exception>
    Task SetAsync(Grant grant, GrantWrite how, CancellationToken cancellationToken);

    /// <summary>False where there was none.</summary>
    Task<bool> RemoveAsync(UserId user, GrantPlace place, CancellationToken cancellationToken);

    /// <summary>Numbers and places of all experiments, those in the bin too.</summary>
    Task<IReadOnlyList<(ExperimentId Id, string? Location)>> ListExperimentsAsync(CancellationToken cancellationToken);

    /// <summary>What mentions these contents.</summary>
    Task<IReadOnlyList<ContentHolder>> FindHoldersAsync(IReadOnlyCollection<Digest> contents, CancellationToken cancellationToken);

    /// <summary>Which of these contents the user sent lately: whoever has the bytes may speak of them.</summary>
    Task<IReadOnlySet<Digest>> FindSentAsync(UserId user, IReadOnlyCollection<Digest> contents, CancellationToken cancellationToken);

    /// <param name="user">Who sent it.</param>
    /// <param name="content">What.</param>
    /// <param name="at">Unix milliseconds.</param>
    /// <param name="cancellationToken">Before the write begins.</param>
    Task NoteSentAsync(UserId user, Digest content, long at, CancellationToken cancellationToken);
}
