namespace Cairn.Client;

/// <summary>The words of the native API for <see cref="RunStatus"/>.</summary>
internal static class RunStatusNames
{
    public static string ToWire(this RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Scheduled => "scheduled",
        RunStatus.Finished => "finished",
        RunStatus.Failed => "failed",
        RunStatus.Killed => "killed",
        RunStatus.Crashed => "crashed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of a run."),
    };
}
