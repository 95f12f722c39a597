namespace Cairn.Client.Wire;

/// <summary>What must hold for a version to get an alias; the server judges it within the move, whichever client asks.</summary>
/// <param name="ExperimentId">The experiment of the artifact.</param>
/// <param name="ExperimentName">Its name.</param>
/// <param name="Name">The artifact, which need not exist yet.</param>
/// <param name="Alias">The alias.</param>
/// <param name="When">A condition such as <c>metrics.mae &lt; prod.metrics.mae</c>, or null.</param>
/// <param name="Checks">Checks that must have passed.</param>
/// <param name="Approvals">How many people must have agreed.</param>
/// <param name="Approvers">Whose approvals count; empty means anybody's.</param>
/// <param name="Data">Name of the data on which metrics are compared; null means all data that was used.</param>
/// <param name="Stage">The stage of MLflow's registry behind the same gate ("Production"), or null.</param>
/// <param name="SetBy">Who set it, or null.</param>
/// <param name="Source">Where it is declared, such as "pipeline weather"; null where a person set it.</param>
/// <param name="SetAt">Unix milliseconds.</param>
public sealed record GateInfo(
    string ExperimentId,
    string ExperimentName,
    string Name,
    string Alias,
    string? When,
    IReadOnlyList<string> Checks,
    int Approvals,
    IReadOnlyList<string> Approvers,
    string? Data,
    string? Stage,
    string? SetBy,
    string? Source,
    long SetAt);

/// <summary>Answer of <c>GET /api/v1/gates</c> and <c>GET /api/v1/artifacts/{experimentId}/{name}/gates</c>.</summary>
public sealed record GateList(IReadOnlyList<GateInfo> Gates);

/// <summary>Body of <c>PUT /api/v1/artifacts/{experimentId}/{name}/gates/{alias}</c>. It must ask for something.</summary>
/// <param name="When">The condition, or null.</param>
/// <param name="Checks">Checks that must have passed, or null.</param>
/// <param name="Approvals">How many people must have agreed.</param>
/// <param name="Approvers">Whose approvals count, or null for anybody's.</param>
/// <param name="Data">Name of the data on which metrics are compared, or null.</param>
/// <param name="Stage">"Production", "Staging", "none"; null means Production for prod and production, Staging for staging, else none.</param>
/// <param name="Who">Who sets it, or null.</param>
/// <param name="Source">Where it is declared, or null.</param>
/// <param name="OnlyIfMissing">A gate that is there stays as it is, and is the answer.</param>
public sealed record SetGateRequest(
    string? When = null,
    IReadOnlyList<string>? Checks = null,
    int Approvals = 0,
    IReadOnlyList<string>? Approvers = null,
    string? Data = null,
    string? Stage = null,
    string? Who = null,
    string? Source = null,
    bool OnlyIfMissing = false);

/// <summary>A condition of a gate and what became of it.</summary>
/// <param name="Kind">"when", "check" or "approval".</param>
/// <param name="Text">The condition.</param>
/// <param name="Passed">It held.</param>
/// <param name="Detail">The facts as a sentence; where it failed, also what to do.</param>
public sealed record GateConditionInfo(string Kind, string Text, bool Passed, string Detail);

/// <summary>A version and the evaluation by which it was judged.</summary>
/// <param name="Version">"v3".</param>
/// <param name="RunId">The run that measured it; null where it was not judged by metrics.</param>
/// <param name="Metrics">Its metrics.</param>
/// <param name="Data">What it was measured on: "test_data.csv:v2".</param>
public sealed record JudgedVersionInfo(string Version, string? RunId, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<string> Data);

/// <summary>Answer of <c>GET /api/v1/artifacts/{experimentId}/{name}/gates/{alias}/verdict?version=</c>: what the gate would say now.</summary>
/// <param name="Passed">The move would be accepted.</param>
/// <param name="Conditions">Every condition.</param>
/// <param name="Candidate">The version that was asked about.</param>
/// <param name="Holder">The version that has the alias or had it last; null where none did.</param>
public sealed record VerdictInfo(bool Passed, IReadOnlyList<GateConditionInfo> Conditions, JudgedVersionInfo Candidate, JudgedVersionInfo? Holder);

/// <summary>A move of an alias, or the refusal of one, or a change of its gate.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Stage">The stage that was asked for in place of the alias, or null.</param>
/// <param name="From">Where it pointed ("v1"), or null.</param>
/// <param name="To">Where it was asked to point; null takes it away.</param>
/// <param name="Outcome">"accepted", "refused", "rolled_back", "removed", "moved" (there was no gate), "gate_set" or "gate_removed".</param>
/// <param name="Who">Who asked, or null.</param>
/// <param name="Why">Their reason, or null.</param>
/// <param name="RunId">The run that asked, or null.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Verdict">What the gate said; null where it was not asked.</param>
public sealed record DecisionInfo(
    string Alias,
    string? Stage,
    string? From,
    string? To,
    string Outcome,
    string? Who,
    string? Why,
    string? RunId,
    long At,
    VerdictInfo? Verdict);

/// <summary>Answer of <c>GET /api/v1/artifacts/{experimentId}/{name}/decisions?alias=&amp;limit=</c>, newest first.</summary>
public sealed record DecisionList(IReadOnlyList<DecisionInfo> Decisions);

/// <summary>What a person said of a version.</summary>
/// <param name="Alias">For which alias.</param>
/// <param name="Version">Of which version.</param>
/// <param name="Who">Who.</param>
/// <param name="Granted">False: the person objects.</param>
/// <param name="Why">Reason, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record ApprovalInfo(string Alias, string Version, string Who, bool Granted, string? Why, long At);

/// <summary>Answer of <c>GET</c> and <c>POST …/versions/{version}/approvals</c>, oldest first.</summary>
public sealed record ApprovalList(IReadOnlyList<ApprovalInfo> Approvals);

/// <summary>Body of <c>POST /api/v1/artifacts/{experimentId}/{name}/versions/{version}/approvals</c>. A person's newest word counts.</summary>
/// <param name="Alias">For which alias.</param>
/// <param name="Who">Who says it.</param>
/// <param name="Verdict">"approve", "object" or "withdraw".</param>
/// <param name="Why">Reason, or null.</param>
public sealed record ApproveRequest(string Alias, string Who, string Verdict = "approve", string? Why = null);

/// <summary>Body of <c>POST /api/v1/artifacts/{experimentId}/{name}/aliases/{alias}/rollback</c>. Answers <see cref="AliasChange"/>.</summary>
/// <param name="Expect">The version the alias must point to now; sent again with it, the request changes nothing more. Null rolls back whatever it points to.</param>
/// <param name="Who">Who asks, or null.</param>
/// <param name="Why">Reason, or null.</param>
/// <param name="RunId">The run that asks, or null.</param>
public sealed record RollbackRequest(string? Expect = null, string? Who = null, string? Why = null, string? RunId = null);

/// <summary>The result of a check that a run reported.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Passed">It passed.</param>
/// <param name="Detail">What was found, or null.</param>
public sealed record CheckInfo(string Name, bool Passed, string? Detail);

/// <summary>Answer of <c>GET /api/v1/runs/{runId}/checks</c>, by name.</summary>
public sealed record CheckList(IReadOnlyList<CheckInfo> Checks);

/// <summary>Body of <c>POST /api/v1/runs/{runId}/checks</c>: the same as a tag <c>checks.NAME</c> that says "passed: …" or "failed: …".</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Passed">It passed.</param>
/// <param name="Detail">What was found, or null.</param>
public sealed record ReportCheckRequest(string Name, bool Passed, string? Detail = null);
