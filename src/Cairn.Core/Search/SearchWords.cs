using Cairn.Core.Runs;

namespace Cairn.Core.Search;

/// <summary>The words by which searches speak of what is a number inside.</summary>
public static class SearchWords
{
    /// <summary>Searches speak of a crashed run as failed, as every client does that knows no such state.</summary>
    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Running => "RUNNING",
        RunStatus.Scheduled => "SCHEDULED",
        RunStatus.Finished => "FINISHED",
        RunStatus.Failed or RunStatus.Crashed => "FAILED",
        RunStatus.Killed => "KILLED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
