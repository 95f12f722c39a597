namespace Cairn.Core.Runs;

/// <summary>An update would have changed parameters that are there already. Carries what each dialect needs for its own wording.</summary>
public sealed class ParamConflictException : CairnException
{
    public ParamConflictException(RunId runId, IReadOnlyList<ParamConflict> conflicts)
        : base(ErrorCode.InvalidArgument, Describe(runId, conflicts), $"params.{conflicts[0].Key}")
    {
        RunId = runId;
        Conflicts = conflicts;
    }

    public RunId RunId { get; }

    public IReadOnlyList<ParamConflict> Conflicts { get; }

    private static string Describe(RunId runId, IReadOnlyList<ParamConflict> conflicts)
    {
        var first = conflicts[0];
        return $"Parameter '{first.Key}' of run {runId} is '{first.Old}' and cannot become '{first.New}': a logged parameter does not change. Log it under another name, or start a new run.";
    }
}

/// <summary>One parameter that was logged with another value.</summary>
public readonly record struct ParamConflict(string Key, string Old, string New);
