using Cairn.Client.Wire;

namespace Cairn.Projects.Running;

/// <summary>How a run of a project went.</summary>
/// <param name="Run">Everything the server knows about it, its final status included.</param>
/// <param name="Exit">How the command ended.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Duration">How long the command took.</param>
public sealed record ProjectRunResult(RunDetail Run, ChildExit Exit, RunEnd End, TimeSpan Duration)
{
    public bool IsSuccess => End == RunEnd.Exited && Exit.IsSuccess;
}

/// <summary>Why a command ended.</summary>
public enum RunEnd
{
    /// <summary>By itself.</summary>
    Exited,

    /// <summary>Someone stopped it.</summary>
    Cancelled,

    /// <summary>Its time was up.</summary>
    TimedOut,
}
