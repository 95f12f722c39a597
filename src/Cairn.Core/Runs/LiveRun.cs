namespace Cairn.Core.Runs;

/// <summary>A run as the journal's writer sees it between transactions: where the rules for changing a run are.</summary>
internal sealed class LiveRun(Run run, Dictionary<string, Param> parameters)
{
    public Run Run { get; private set; } = run;

    public long LastUse { get; set; }

    /// <summary>Checks the update against the run, applies it here and answers what to store. Throws with nothing applied.</summary>
    public RunCommit Apply(RunUpdate update, long now)
    {
        if (Run.Lifecycle == Lifecycle.Deleted && update.Lifecycle is null)
        {
            throw new CairnException(
                ErrorCode.FailedPrecondition,
                $"The run {Run.Id} must be in the 'active' state. Current state is deleted.");
        }

        var added = NewParams(update);
        var changed = Change(update, now);
        var removed = update.RemovedParams.Count == 0 ? [] : update.RemovedParams.Where(parameters.Remove).ToList();
        foreach (var param in added)
        {
            parameters[param.Key] = param;
        }

        var differs = changed != Run;
        Run = changed;
        return new RunCommit(
            changed,
            IsNew: false,
            differs,
            update.Params.Count == 0 && update.RemovedParams.Count == 0 ? update : update with { Params = added, RemovedParams = removed });
    }

    private List<Param> NewParams(RunUpdate update)
    {
        var added = new List<Param>(update.Params.Count);
        List<ParamConflict>? conflicts = null;
        foreach (var param in update.Params)
        {
            var known = parameters.TryGetValue(param.Key, out var before);
            if (known && IsSame(before, param))
            {
                continue;
            }

            if (known && !update.MayChangeParams)
            {
                (conflicts ??= []).Add(new ParamConflict(param.Key, before.Value, param.Value));
            }

            added.Add(param);
        }

        return conflicts is null ? added : throw new ParamConflictException(Run.Id, conflicts);
    }

    // `cairn run -P lr=0.10` logs a text, and the code it starts then logs the number 0.1: that is the same parameter.
    private static bool IsSame(Param before, Param now) =>
        before.Value == now.Value
        || ((before.Kind == ParamKind.Number || now.Kind == ParamKind.Number) && before.Number is { } left && now.Number is { } right && left.Equals(right));

    private Run Change(RunUpdate update, long now)
    {
        // A run that was given up for dead and is heard of again runs.
        var revived = Run.Status == RunStatus.Crashed && update is { HeartbeatAt: not null, Status: null };
        var status = revived ? RunStatus.Running : update.Status ?? Run.Status;
        var isOver = status is not (RunStatus.Running or RunStatus.Scheduled);
        return Run with
        {
            Name = string.IsNullOrEmpty(update.Name) ? Run.Name : update.Name,
            Author = update.Author ?? Run.Author,
            JobType = update.JobType ?? Run.JobType,
            ParentId = update.ParentId ?? Run.ParentId,
            Lifecycle = update.Lifecycle ?? Run.Lifecycle,
            Status = status,
            EndedAt = update.EndAsGiven ? update.EndedAt ?? (isOver ? Run.EndedAt : null) : update.EndedAt ?? (update.Status is null && !revived ? Run.EndedAt : isOver ? Run.EndedAt ?? now : null),
            Group = update.Group ?? Run.Group,
            HeartbeatAt = update.HeartbeatAt ?? Run.HeartbeatAt,
            StopRequested = update.StopRequested ?? Run.StopRequested,
        };
    }
}
