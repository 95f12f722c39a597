using Cairn.Core.Runs;

namespace Cairn.Core.Triggers;

/// <summary>Where a job is in its life. The last three are final.</summary>
public enum JobState
{
    /// <summary>It waits for a worker.</summary>
    Waiting = 0,

    /// <summary>A worker has it; when its lease ends without a word, another gets it.</summary>
    Running = 1,

    Finished = 2,
    Failed = 3,
    Cancelled = 4,
}

/// <summary>One event of one trigger, to be carried out once.</summary>
/// <param name="Id">Made by the server.</param>
/// <param name="Pipeline">What is to run.</param>
/// <param name="TriggerId">What set it off; null where a person did.</param>
/// <param name="TriggerName">Its name, or "by hand".</param>
/// <param name="EventKey">Names the event: the same twice is one job.</param>
/// <param name="Cause">What happened, in words.</param>
/// <param name="At">When it happened, Unix milliseconds.</param>
/// <param name="State">Where it is.</param>
/// <param name="RunId">The run it becomes, chosen beforehand: a worker that takes over goes on with this run.</param>
/// <param name="Changes">Changes of the pipeline's parameters.</param>
/// <param name="Attempt">How many workers have had it.</param>
/// <param name="Token">Grows with each worker; older ones are refused.</param>
/// <param name="Worker">Who has or had it, or null.</param>
/// <param name="LeaseUntil">Until when, Unix milliseconds, unless it is heard of again.</param>
/// <param name="CancelRequested">Somebody wants it ended.</param>
/// <param name="StartedAt">When the first worker took it, or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="Message">How it ended, or null.</param>
public sealed record Job(
    string Id,
    string Pipeline,
    string? TriggerId,
    string TriggerName,
    string EventKey,
    string Cause,
    long At,
    JobState State,
    RunId RunId,
    IReadOnlyList<string> Changes,
    int Attempt = 0,
    long Token = 0,
    string? Worker = null,
    long? LeaseUntil = null,
    bool CancelRequested = false,
    long? StartedAt = null,
    long? EndedAt = null,
    string? Message = null);

/// <summary>Which jobs to list; null members mean any.</summary>
public sealed record JobQuery(string? Pipeline = null, string? TriggerId = null, JobState? State = null, int Limit = 100);
