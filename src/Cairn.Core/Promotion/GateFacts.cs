using Cairn.Core.Runs;

namespace Cairn.Core.Promotion;

/// <summary>Everything a gate is judged by, as the store knows it at the moment of the move.</summary>
/// <param name="Candidate">The version that is to get the alias: "v3".</param>
/// <param name="Holder">The version that has it, or had it last; null where none did.</param>
/// <param name="CandidateEvaluations">Newest first.</param>
/// <param name="HolderEvaluations">Newest first.</param>
/// <param name="Checks">Newest result of each check of the candidate and of what it was made of.</param>
/// <param name="Approvals">Newest word of each person on the candidate.</param>
public sealed record GateFacts(
    string Candidate,
    string? Holder,
    IReadOnlyList<Evaluation> CandidateEvaluations,
    IReadOnlyList<Evaluation> HolderEvaluations,
    IReadOnlyList<CheckResult> Checks,
    IReadOnlyList<Approval> Approvals);

/// <summary>What a run measured of a version.</summary>
/// <param name="RunId">The run.</param>
/// <param name="At">When the run began, Unix milliseconds.</param>
/// <param name="Metrics">The version's own: of a run that judged two versions, those of the other are left out.</param>
/// <param name="Data">The data it was measured on.</param>
public sealed record Evaluation(RunId RunId, long At, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<DataUsed> Data);

/// <summary>Data that a run used.</summary>
/// <param name="Name">Name of the artifact or dataset.</param>
/// <param name="Label">For people: "test_data.csv:v2".</param>
/// <param name="Identity">Equal for equal content.</param>
public readonly record struct DataUsed(string Name, string Label, string Identity);
