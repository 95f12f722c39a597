using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Promotion;

namespace Cairn.Core.Access;

/// <content>Gates, approvals, decisions.</content>
internal sealed partial class GuardedArtifactStore
{
    public async Task<IReadOnlyList<Gate>> ListGatesAsync(ExperimentId? experiment, string? name, CancellationToken cancellationToken)
    {
        if (experiment is { } home && name is not null)
        {
            await guard.DemandAsync(new ArtifactKey(home, name), Permission.Read, cancellationToken);
        }

        return await guard.OnlyReadableAsync(await inner.ListGatesAsync(experiment, name, cancellationToken), gate => gate.Place.Key, cancellationToken);
    }

    public async Task<Gate> SetGateAsync(Gate gate, bool onlyIfMissing, CancellationToken cancellationToken)
    {
        // A pipeline declares its gates with every run; who may run it need not be who may change them.
        await guard.DemandAsync(gate.Place.Key, onlyIfMissing ? Permission.Edit : Permission.Manage, cancellationToken);
        return await inner.SetGateAsync(gate, onlyIfMissing, cancellationToken);
    }

    public async Task<bool> RemoveGateAsync(GatePlace place, string? who, string? why, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(place.Key, Permission.Manage, cancellationToken);
        return await inner.RemoveGateAsync(place, who, why, at, cancellationToken);
    }

    public async Task SetApprovalAsync(Approval approval, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(approval.Place.Key, Permission.Edit, cancellationToken);
        await inner.SetApprovalAsync(approval, cancellationToken);
    }

    public async Task WithdrawApprovalAsync(GatePlace place, int index, string who, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(place.Key, Permission.Edit, cancellationToken);
        await inner.WithdrawApprovalAsync(place, index, who, cancellationToken);
    }

    public async Task<IReadOnlyList<Approval>> ReadApprovalsAsync(ArtifactKey key, int index, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.ReadApprovalsAsync(key, index, cancellationToken);
    }

    public async Task<IReadOnlyList<Decision>> ReadDecisionsAsync(ArtifactKey key, string? alias, int limit, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.ReadDecisionsAsync(key, alias, limit, cancellationToken);
    }

    public async Task<IReadOnlyList<Decision>> ListWaitingAsync(int limit, CancellationToken cancellationToken)
    {
        var isLimited = await guard.FindRightsAsync(cancellationToken) is { SeesEverything: false };
        var found = await inner.ListWaitingAsync(isLimited ? AccessGuard.LookedThrough : limit, cancellationToken);
        return isLimited ? [.. (await guard.OnlyReadableAsync(found, decision => decision.Place.Key, cancellationToken)).Take(limit)] : found;
    }

    public async Task<GateVerdict?> JudgeAsync(GatePlace place, int index, GatePolicy? proposed, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(place.Key, Permission.Read, cancellationToken);
        return await inner.JudgeAsync(place, index, proposed, cancellationToken);
    }

    public async Task<AliasChange> RollBackAsync(AliasRollback rollback, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(rollback.Place.Key, Permission.Edit, cancellationToken);
        await DemandRunAsync(rollback.RunId, Permission.Edit, cancellationToken);
        return await inner.RollBackAsync(rollback, cancellationToken);
    }
}
