namespace Cairn.Projects.Backends.Slurm;

/// <summary>What Slurm says of a job.</summary>
/// <param name="State">"PENDING", "RUNNING", "COMPLETING", "CANCELLED" …</param>
/// <param name="Comment">What was given at its submission.</param>
/// <param name="Reason">Why it waits, or why it failed.</param>
internal sealed record SlurmState(string State, string Comment, string Reason)
{
    private static readonly string[] Usual = ["None", "Priority", "Resources", "(null)", "", "BeginTime"];

    public bool IsPending => State is "PENDING" or "CONFIGURING" or "REQUEUED" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" or "REQUEUE_HOLD" or "REQUEUE_FED";

    /// <summary>True where nothing more happens to it.</summary>
    public bool IsOver => !IsPending && State is not ("RUNNING" or "COMPLETING" or "SUSPENDED" or "STOPPED" or "SIGNALING" or "STAGE_OUT" or "RESIZING");

    /// <summary>Why it waits, where that is more than other jobs being before it.</summary>
    public string? Unusual => IsPending && !Usual.Contains(Reason) ? Reason : null;
}
