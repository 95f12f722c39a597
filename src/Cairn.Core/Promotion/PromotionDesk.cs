using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Core.Runs;

namespace Cairn.Core.Promotion;

/// <summary>The rules of gates, approvals and rollbacks. The moves themselves are those of the catalogue, whoever asks for them.</summary>
public sealed class PromotionDesk(IArtifactStore store, ArtifactCatalog catalog, TimeProvider clock)
{
    private const int MostNames = 100;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Sets a gate. The artifact need not exist: the gate waits for it.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field.</exception>
    public Task<Gate> SetAsync(GatePlace place, GatePolicy policy, string? who, string? source, bool onlyIfMissing, CancellationToken cancellationToken)
    {
        CheckPlace(place);
        NoteText.Check("who", who);
        NoteText.Check("source", source);
        return store.SetGateAsync(new Gate(place, Check(place, policy), Caller.Current.Sign(who), source, Now), onlyIfMissing, cancellationToken);
    }

    public async Task<Gate> GetAsync(GatePlace place, CancellationToken cancellationToken) =>
        (await store.ListGatesAsync(place.Key.ExperimentId, place.Key.Name, cancellationToken)).FirstOrDefault(gate => gate.Place == place)
        ?? throw CairnException.NotFound($"There is no gate before '{place}'. Set one with: cairn gate set {place.Key.Name} --alias {place.Alias} --when \"metrics.mae < {place.Alias}.metrics.mae\"");

    public async Task RemoveAsync(GatePlace place, string? who, string? why, CancellationToken cancellationToken)
    {
        NoteText.Check("why", why);
        if (!await store.RemoveGateAsync(place, Caller.Current.Sign(who), why, Now, cancellationToken))
        {
            await GetAsync(place, cancellationToken);
        }
    }

    /// <summary>What the gate would say of a version; null where there is none.</summary>
    public async Task<GateVerdict?> JudgeAsync(GatePlace place, VersionReference reference, CancellationToken cancellationToken)
    {
        var version = await catalog.GetAsync(place.Key, reference, cancellationToken);
        return await store.JudgeAsync(place, version.Index, proposed: null, cancellationToken);
    }

    /// <summary>What a gate would say of a version if it were set; nothing is kept.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field, as for setting it.</exception>
    public async Task<GateVerdict> TryAsync(GatePlace place, GatePolicy policy, VersionReference reference, CancellationToken cancellationToken)
    {
        CheckPlace(place);
        var proposed = Check(place, policy);
        var version = await catalog.GetAsync(place.Key, reference, cancellationToken);
        return await store.JudgeAsync(place, version.Index, proposed, cancellationToken)
            ?? throw CairnException.NotFound($"There is no artifact '{place.Key.Name}' in experiment {place.Key.ExperimentId}.");
    }

    /// <summary>Keeps what a person says of a version; null takes it back.</summary>
    public async Task<IReadOnlyList<Approval>> ApproveAsync(
        GatePlace place, VersionReference reference, string? claimed, bool? granted, string? why, CancellationToken cancellationToken)
    {
        CheckPlace(place);
        var who = Caller.Current.Sign(claimed);
        if (string.IsNullOrWhiteSpace(who))
        {
            throw CairnException.Invalid("who", "'who' is empty: an approval is a person's.");
        }

        NoteText.Check("who", who);
        NoteText.Check("why", why);
        var version = await catalog.GetAsync(place.Key, reference, cancellationToken);
        if (granted is { } isGranted)
        {
            await store.SetApprovalAsync(new Approval(place, version.Index, who.Trim(), isGranted, why, Now), cancellationToken);
        }
        else
        {
            await store.WithdrawApprovalAsync(place, version.Index, who.Trim(), cancellationToken);
        }

        return await store.ReadApprovalsAsync(place.Key, version.Index, cancellationToken);
    }

    public async Task<AliasChange> RollBackAsync(GatePlace place, ExpectedAlias? expected, string? who, string? why, RunId? run, CancellationToken cancellationToken)
    {
        CheckPlace(place);
        NoteText.Check("who", who);
        NoteText.Check("why", why);
        _ = await store.FindAsync(place.Key, cancellationToken)
            ?? throw CairnException.NotFound($"There is no artifact '{place.Key.Name}' in experiment {place.Key.ExperimentId}.");
        return await store.RollBackAsync(new AliasRollback(place, expected, Caller.Current.Sign(who), why, run, Now), cancellationToken);
    }

    private static GatePolicy Check(GatePlace place, GatePolicy policy)
    {
        if (policy.When is { } when)
        {
            _ = GateExpression.Parse(when, place.Alias);
        }

        CheckNames("checks", policy.Checks);
        CheckNames("approvers", policy.Approvers);
        if (policy.Approvals is < 0 or > MostNames)
        {
            throw CairnException.Invalid("approvals", $"'approvals' is {policy.Approvals}; it must be a whole number from 0 to {MostNames}.");
        }

        if (policy.Approvers.Count > 0 && policy.Approvals > policy.Approvers.Distinct(StringComparer.Ordinal).Count())
        {
            throw CairnException.Invalid("approvers", $"'approvers' names {policy.Approvers.Count} people, and {policy.Approvals} approvals are asked for: no version could ever pass.");
        }

        if (policy.Data is { } data)
        {
            ArtifactNames.Check("data", data);
        }

        if (policy.When is null && policy.Checks.Count == 0 && policy.Approvals == 0 && policy.Approvers.Count == 0)
        {
            throw CairnException.Invalid("when", "The gate asks for nothing. Give 'when', 'checks' or 'approvals'; to take a gate away, delete it.");
        }

        // Who may approve is asked for nothing where nobody has to.
        return policy with
        {
            Approvals = policy.Approvals == 0 && policy.Approvers.Count > 0 ? 1 : policy.Approvals,
            Checks = [.. policy.Checks.Distinct(StringComparer.Ordinal)],
            Approvers = [.. policy.Approvers.Distinct(StringComparer.Ordinal)],
            When = policy.When?.Trim(),
            Stage = StageOf(place.Alias, policy.Stage),
        };
    }

    /// <summary>MLflow's stages are another way to say what is in production: the usual aliases stand for theirs.</summary>
    private static string? StageOf(string alias, string? asked)
    {
        if (asked is null)
        {
            return alias.ToUpperInvariant() switch
            {
                "PROD" or "PRODUCTION" => nameof(ModelStage.Production),
                "STAGING" => nameof(ModelStage.Staging),
                _ => null,
            };
        }

        return asked.ToUpperInvariant() switch
        {
            "NONE" => null,
            "PRODUCTION" => nameof(ModelStage.Production),
            "STAGING" => nameof(ModelStage.Staging),
            _ => throw CairnException.Invalid("stage", "'stage' must be Production, Staging or none."),
        };
    }

    private static void CheckPlace(GatePlace place)
    {
        ArtifactNames.Check("name", place.Key.Name);
        ArtifactNames.CheckAlias(place.Alias);
        if (place.Alias == ArtifactCatalog.Latest)
        {
            throw CairnException.Invalid("alias", "'latest' always points to what was logged last and can have no gate. Use a name of your own.");
        }
    }

    private static void CheckNames(string field, IReadOnlyList<string> names)
    {
        if (names.Count > MostNames)
        {
            throw CairnException.Invalid(field, $"'{field}' has {names.Count} names; at most {MostNames} are kept.");
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]) || names[i].Length > 200 || names[i].Any(char.IsControl))
            {
                throw CairnException.Invalid($"{field}[{i}]", $"'{field}[{i}]' must be a name of 1 to 200 characters in one line.");
            }
        }
    }
}
