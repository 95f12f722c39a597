using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>Gates before aliases.</summary>
    /// <param name="experiment">Name or id of an experiment, or null for all.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<IReadOnlyList<GateInfo>> ListGatesAsync(string? experiment = null, CancellationToken cancellation = default) =>
        (await _api.GetAsync(ApiPath.Of("gates").Query("experiment", experiment), CairnJson.Default.GateList, cancellation)).Gates;

    /// <summary>The gate before an alias; null where there is none.</summary>
    /// <param name="experiment">Name or id of the experiment.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<GateInfo?> FindGateAsync(string experiment, string artifact, string alias, CancellationToken cancellation = default)
    {
        try
        {
            return await _api.GetAsync(await GatePathAsync(experiment, artifact, alias, cancellation), CairnJson.Default.GateInfo, cancellation);
        }
        catch (CairnClientException missing) when (missing.Code == "not_found")
        {
            return null;
        }
    }

    /// <summary>
    /// Sets what must hold for a version to get an alias. The artifact need not exist yet. The server judges it within
    /// every move of the alias, whichever client asks.
    /// </summary>
    /// <param name="experiment">Name or id of an existing experiment.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="gate">What must hold.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The gate that is kept now.</returns>
    public async Task<GateInfo> SetGateAsync(
        string experiment, string artifact, string alias, SetGateRequest gate, CancellationToken cancellation = default) =>
        await _api.PutAsync(
            await GatePathAsync(experiment, artifact, alias, cancellation),
            gate,
            CairnJson.Default.SetGateRequest,
            CairnJson.Default.GateInfo,
            cancellation);

    /// <summary>Takes a gate away.</summary>
    public async Task RemoveGateAsync(
        string experiment, string artifact, string alias, string? why = null, string? who = null, CancellationToken cancellation = default) =>
        await _api.DeleteAsync(
            (await GatePathAsync(experiment, artifact, alias, cancellation)).Query("who", who ?? Environment.UserName).Query("why", why), cancellation);

    /// <summary>What the gate before an alias would say of a version now.</summary>
    public async Task<VerdictInfo> JudgeAsync(
        string experiment, string artifact, string alias, string version, CancellationToken cancellation = default) =>
        await _api.GetAsync(
            (await GatePathAsync(experiment, artifact, alias, cancellation)).Literal("verdict").Query("version", version),
            CairnJson.Default.VerdictInfo,
            cancellation);

    /// <summary>Moves of an artifact's aliases and refusals, newest first.</summary>
    /// <param name="experiment">Name or id of the experiment.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="alias">Only of this alias, or null.</param>
    /// <param name="limit">How many at most, or null for the server's default.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<IReadOnlyList<DecisionInfo>> ListDecisionsAsync(
        string experiment, string artifact, string? alias = null, int? limit = null, CancellationToken cancellation = default) =>
        (await _api.GetAsync(
            (await ArtifactPathAsync(experiment, artifact, cancellation)).Literal("decisions").Query("alias", alias).Query("limit", limit),
            CairnJson.Default.DecisionList,
            cancellation)).Decisions;

    /// <summary>Says what a person thinks of a version that is to get an alias; answers what all have said.</summary>
    public async Task<IReadOnlyList<ApprovalInfo>> ApproveAsync(
        string experiment, string artifact, string version, ApproveRequest request, CancellationToken cancellation = default) =>
        (await _api.PostAsync(
            (await VersionPathAsync(experiment, artifact, version, cancellation)).Literal("approvals"),
            request,
            CairnJson.Default.ApproveRequest,
            CairnJson.Default.ApprovalList,
            cancellation)).Approvals;

    /// <summary>Points an alias to the holder before, whatever its gate says.</summary>
    public async Task<AliasChange> RollBackAsync(
        string experiment, string artifact, string alias, RollbackRequest request, CancellationToken cancellation = default) =>
        await _api.PostAsync(
            (await AliasPathAsync(experiment, artifact, alias, cancellation)).Literal("rollback"),
            request,
            CairnJson.Default.RollbackRequest,
            CairnJson.Default.AliasChange,
            cancellation);

    /// <summary>The checks that a run reported.</summary>
    public async Task<IReadOnlyList<CheckInfo>> ListChecksAsync(string runId, CancellationToken cancellation = default) =>
        (await _api.GetAsync(RunPath(runId).Literal("checks"), CairnJson.Default.CheckList, cancellation)).Checks;

    /// <summary>Reports how a check ended, for the gates and triggers that listen to it.</summary>
    public async Task<IReadOnlyList<CheckInfo>> ReportCheckAsync(string runId, ReportCheckRequest check, CancellationToken cancellation = default) =>
        (await _api.PostAsync(
            RunPath(runId).Literal("checks"), check, CairnJson.Default.ReportCheckRequest, CairnJson.Default.CheckList, cancellation)).Checks;

    private async Task<ApiPath> GatePathAsync(string experiment, string artifact, string alias, CancellationToken cancellation) =>
        (await ArtifactPathAsync(experiment, artifact, cancellation)).Literal("gates").Segment(alias, "alias");
}
