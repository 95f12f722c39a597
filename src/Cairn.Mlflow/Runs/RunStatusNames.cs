using Cairn.Core.Runs;

namespace Cairn.Mlflow.Runs;

/// <summary>MLflow's names and numbers of the states of a run. It knows no crashed runs: those show as failed.</summary>
internal static class RunStatusNames
{
    public static IReadOnlyDictionary<string, RunStatus> ByName { get; } = new Dictionary<string, RunStatus>(StringComparer.Ordinal)
    {
        ["RUNNING"] = RunStatus.Running,
        ["SCHEDULED"] = RunStatus.Scheduled,
        ["FINISHED"] = RunStatus.Finished,
        ["FAILED"] = RunStatus.Failed,
        ["KILLED"] = RunStatus.Killed,
    };

    public static IReadOnlyDictionary<long, RunStatus> ByNumber { get; } = new Dictionary<long, RunStatus>
    {
        [1] = RunStatus.Running,
        [2] = RunStatus.Scheduled,
        [3] = RunStatus.Finished,
        [4] = RunStatus.Failed,
        [5] = RunStatus.Killed,
    };

    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Running => "RUNNING",
        RunStatus.Scheduled => "SCHEDULED",
        RunStatus.Finished => "FINISHED",
        RunStatus.Killed => "KILLED",
        _ => "FAILED",
    };
}
