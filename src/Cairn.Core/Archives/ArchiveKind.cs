namespace Cairn.Core.Archives;

/// <summary>What an archive holds beside experiments and runs; a later one may speak of an earlier one.</summary>
public enum ArchiveKind
{
    LoggedModels,
    Artifacts,
    Portfolios,
    Gates,
    Approvals,
    Decisions,
    Traces,
    EvaluationSets,
    Scorers,
    Sweeps,
    Views,
}
