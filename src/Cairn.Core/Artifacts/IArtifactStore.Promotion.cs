using Cairn.Core.Experiments;
using Cairn.Core.Promotion;

namespace Cairn.Core.Artifacts;

/// <content>
/// Gates before aliases. Every method here and elsewhere that points a gated alias somewhere judges the gate within its own
/// transaction and throws <see cref="PromotionRefusedException"/>; the refusal is remembered, and nothing else is changed.
/// </content>
public partial interface IArtifactStore
{
    /// <summary>Gates ordered by name and alias; null arguments mean any.</summary>
    Task<IReadOnlyList<Gate>> ListGatesAsync(ExperimentId? experiment, string? name, CancellationToken cancellationToken);

    /// <summary>Sets a gate, which need not have an artifact yet, and remembers that. Answers the gate that is kept then.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="onlyIfMissing">A gate that is there stays as it is.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write.</param>
    Task<Gate> SetGateAsync(Gate gate, bool onlyIfMissing, CancellationToken cancellationToken);

    /// <summary>False where there was none.</summary>
    Task<bool> RemoveGateAsync(GatePlace place, string? who, string? why, long at, CancellationToken cancellationToken);

    /// <summary>Keeps a person's newest word on a version.</summary>
    Task SetApprovalAsync(Approval approval, CancellationToken cancellationToken);

    /// <summary>Takes a person's word back; nothing happens where there is none.</summary>
    Task WithdrawApprovalAsync(GatePlace place, int index, string who, CancellationToken cancellationToken);

    /// <summary>What people said of a version, oldest first.</summary>
    Task<IReadOnlyList<Approval>> ReadApprovalsAsync(ArtifactKey key, int index, CancellationToken cancellationToken);

    /// <summary>Moves of aliases, gated or not, and refusals, newest first.</summary>
    Task<IReadOnlyList<Decision>> ReadDecisionsAsync(ArtifactKey key, string? alias, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Promotions that lack nothing but people's word: the newest decision of each alias where it is such a refusal, of a
    /// version that is there and does not have the alias; newest first.
    /// </summary>
    Task<IReadOnlyList<Decision>> ListWaitingAsync(int limit, CancellationToken cancellationToken);

    /// <summary>What the gate would say now; null where there is no gate.</summary>
    /// <param name="place">Before which alias.</param>
    /// <param name="index">Of which version.</param>
    /// <param name="proposed">Judged by in place of the gate that is kept, whether or not there is one; null means by that.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    Task<GateVerdict?> JudgeAsync(GatePlace place, int index, GatePolicy? proposed, CancellationToken cancellationToken);

    /// <summary>
    /// Points an alias to the holder before, past earlier rollbacks and deleted versions. Asking again with the same
    /// expectation answers the rollback that was made.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Conflict"/>; <see cref="ErrorCode.FailedPrecondition"/> where there is no holder before.</exception>
    Task<AliasChange> RollBackAsync(AliasRollback rollback, CancellationToken cancellationToken);
}
