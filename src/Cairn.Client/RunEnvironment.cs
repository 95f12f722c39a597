namespace Cairn.Client;

/// <summary>
/// What the launcher of this process says about runs. The run the process is can be taken once: whoever starts a second
/// run in the same process means another one.
/// </summary>
internal sealed class RunEnvironment(string? runId, string? parentId, string? experiment)
{
    private int _claimed;

    public static RunEnvironment Process { get; } = new(
        Variable("CAIRN_RUN_ID"), Variable("CAIRN_PARENT_RUN_ID"), Variable("CAIRN_EXPERIMENT"));

    public string? ParentId => parentId;

    public string? Experiment => experiment;

    /// <summary>The id of the run this process is, for the first who asks; null for all others.</summary>
    public string? Claim() => runId is not null && Interlocked.Exchange(ref _claimed, 1) == 0 ? runId : null;

    /// <summary>Gives back a claim of which nothing came.</summary>
    public void Release() => Volatile.Write(ref _claimed, 0);

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
