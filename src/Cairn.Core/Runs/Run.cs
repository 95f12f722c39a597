using Cairn.Core.Experiments;

namespace Cairn.Core.Runs;

/// <summary>Where a run is in its life. The last four are final, though a crashed run revives when it is heard of again.</summary>
public enum RunStatus
{
    Running = 1,
    Scheduled = 2,
    Finished = 3,
    Failed = 4,
    Killed = 5,
    Crashed = 6,
}

/// <summary>One execution of something: who, when, how it ended. What it logged is in <see cref="RunSnapshot"/>.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="Name">A name for people, not unique, never empty.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Lifecycle">In use or in the bin.</param>
/// <param name="StartedAt">Unix milliseconds.</param>
/// <param name="EndedAt">Unix milliseconds, or null.</param>
/// <param name="Author">Who started it, or null.</param>
/// <param name="JobType">Kind of work, or null.</param>
/// <param name="ParentId">The run that launched it, or null.</param>
/// <param name="Group">Name that runs of one piece of work share, or null.</param>
/// <param name="ClientId">The short id a client chose, unique in the experiment; null where it chose none.</param>
/// <param name="HeartbeatAt">When a client that promises to beat was last heard of, Unix milliseconds; null for others.</param>
/// <param name="StopRequested">Someone asked for its end; its client hears of it with the next answer.</param>
public sealed record Run(
    RunId Id,
    ExperimentId ExperimentId,
    string Name,
    RunStatus Status,
    Lifecycle Lifecycle,
    long StartedAt,
    long? EndedAt,
    string? Author,
    string? JobType,
    RunId? ParentId,
    string? Group = null,
    string? ClientId = null,
    long? HeartbeatAt = null,
    bool StopRequested = false)
{
    public bool IsOver => Status is not (RunStatus.Running or RunStatus.Scheduled);

    /// <summary>Milliseconds, or null while it goes on.</summary>
    public long? Duration => EndedAt - StartedAt;
}

/// <summary>What is needed to create a run.</summary>
/// <param name="ExperimentId">An active experiment.</param>
/// <param name="Id">Chosen by the client (creating the same id again answers the same run), or null.</param>
/// <param name="Name">Null or empty: the server makes one.</param>
/// <param name="StartedAt">Unix milliseconds; null means now.</param>
/// <param name="Author">Who, or null.</param>
/// <param name="JobType">Kind of work, or null.</param>
/// <param name="ParentId">An existing run, or null.</param>
/// <param name="Params">Flat parameters.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Group">Name that runs of one piece of work share, or null.</param>
/// <param name="ClientId">The short id the client chose, or null.</param>
/// <param name="Content">What else to write with it in the same transaction, in place of Params and Tags; its own run id does not matter.</param>
/// <param name="IsMoved">It comes from elsewhere and keeps its author; else the author is who asks, where that is a user.</param>
public sealed record NewRun(
    ExperimentId ExperimentId,
    RunId? Id = null,
    string? Name = null,
    long? StartedAt = null,
    string? Author = null,
    string? JobType = null,
    RunId? ParentId = null,
    IReadOnlyList<Param>? Params = null,
    IReadOnlyList<TagChange>? Tags = null,
    string? Group = null,
    string? ClientId = null,
    RunUpdate? Content = null,
    bool IsMoved = false);

/// <summary>Everything a run holds but its points, log lines and file contents.</summary>
/// <param name="Run">The run.</param>
/// <param name="Params">Ordered by key.</param>
/// <param name="Tags">By key.</param>
/// <param name="Latest">Newest point of each series, ordered by key.</param>
/// <param name="Summary">Values set in place of the newest points, ordered by key.</param>
public sealed record RunSnapshot(
    Run Run,
    IReadOnlyList<Param> Params,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<LatestMetric> Latest,
    IReadOnlyList<Param> Summary)
{
    /// <summary>Datasets and logged models the run read or made.</summary>
    public Datasets.RunLinks Links { get; init; } = Datasets.RunLinks.None;
}

/// <summary>The newest point of a series: the greatest by (step, time, value).</summary>
public readonly record struct LatestMetric(string Key, Series.MetricPoint Point);
