using Cairn.Core.Experiments;
using Cairn.Core.Housekeeping;
using Cairn.Core.Search;

namespace Cairn.Core.Runs;

/// <summary>
/// Remembers experiments and runs. Every method that writes is one durable transaction: when it returns, its effect
/// survives a power cut; when it throws, it had none.
/// </summary>
public partial interface IRunStore
{
    /// <exception cref="CairnException"><see cref="ErrorCode.AlreadyExists"/> where the name is taken; by a deleted experiment only if the request minds those.</exception>
    Task<Experiment> CreateExperimentAsync(NewExperiment experiment, long at, CancellationToken cancellationToken);

    Task<Experiment?> FindExperimentAsync(ExperimentId id, CancellationToken cancellationToken);

    /// <summary>By name: the active one, else the one deleted last.</summary>
    Task<Experiment?> FindExperimentAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deleting or restoring an experiment does the same to all its runs.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>, or <see cref="ErrorCode.AlreadyExists"/> for a taken name.</exception>
    Task<Experiment> UpdateExperimentAsync(ExperimentId id, ExperimentChange change, long at, CancellationToken cancellationToken);

    Task<IReadOnlyList<Experiment>> SearchExperimentsAsync(ExperimentQuery query, CancellationToken cancellationToken);

    /// <summary>Experiments with their activity, newest activity first.</summary>
    Task<IReadOnlyList<ExperimentActivity>> ListExperimentsAsync(LifecycleFilter lifecycle, CancellationToken cancellationToken);

    /// <summary>What the journal validates against: the run and its params. Null where there is none.</summary>
    Task<RunState?> LoadStateAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Writes what the journal has validated, all in one transaction, in order.</summary>
    Task CommitAsync(IReadOnlyList<RunCommit> commits, CancellationToken cancellationToken);

    Task<RunSnapshot?> FindRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>The runs themselves, in the order of <paramref name="ids"/>; unknown ones are left out, as are those that the caller may not read,
    /// unless one is asked for alone: that is refused.</summary>
    Task<IReadOnlyList<Run>> FindRunsAsync(IReadOnlyList<RunId> ids, CancellationToken cancellationToken);

    /// <summary>A search sees every write acknowledged before it began.</summary>
    Task<IReadOnlyList<RunSnapshot>> SearchRunsAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Removes for good, in many small transactions, what was deleted at <paramref name="deletedBefore"/> (Unix
    /// milliseconds) or earlier: runs with all they hold, then experiments that hold nothing any more.
    /// </summary>
    Task<PurgedRuns> PurgeDeletedAsync(long deletedBefore, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Runs launched by a run, oldest first; deleted ones left out.</summary>
    Task<IReadOnlyList<Run>> ListChildrenAsync(RunId parent, CancellationToken cancellationToken);

    /// <summary>Lines with numbers above <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    Task<LogPage> ReadLogsAsync(RunId id, long after, int limit, CancellationToken cancellationToken);

    /// <summary>The document of that name, or null.</summary>
    Task<string?> FindDocumentAsync(RunId id, string name, CancellationToken cancellationToken);

    /// <summary>Ordered by name.</summary>
    Task<IReadOnlyList<RunDocument>> ListDocumentsAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>The lines as blocks that do not overlap, by stream and number. All of them are in memory then.</summary>
    Task<IReadOnlyList<LineBlock>> ListBlocksAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>
    /// Gives every line with a number from <paramref name="firstLine"/> on, whose block has steps in the range, in the order of
    /// the numbers: number and UTF-8 text without the line end, valid during the call only. Stops where the visitor answers false.
    /// </summary>
    Task ReadLinesAsync(RunId id, LineStream stream, long firstLine, Series.StepRange steps, LineVisitor visit, CancellationToken cancellationToken);

    /// <summary>Runs that are under way, whose clients beat, and were last heard of before <paramref name="before"/> (Unix milliseconds).</summary>
    Task<IReadOnlyList<Run>> ListSilentAsync(long before, CancellationToken cancellationToken);

    /// <summary>Whether a run of an experiment has a summary value of that key, shown in place of a measured one or beside them.</summary>
    Task<bool> HasSummaryAsync(ExperimentId experiment, string key, CancellationToken cancellationToken);

    /// <summary>How many active runs an experiment has.</summary>
    Task<int> CountRunsAsync(ExperimentId experiment, CancellationToken cancellationToken);

    /// <summary>Ordered by key, then step.</summary>
    Task<IReadOnlyList<Media>> ReadMediaAsync(RunId id, CancellationToken cancellationToken);
}

/// <summary>Looks at a line; false ends the reading.</summary>
public delegate bool LineVisitor(long line, ReadOnlySpan<byte> utf8);

/// <summary>A run as the journal sees it: its columns and its params.</summary>
/// <param name="Run">The run.</param>
/// <param name="Params">Values by key.</param>
public sealed record RunState(Run Run, IReadOnlyDictionary<string, Param> Params);

/// <summary>One validated write: the run as it shall be, and what to add.</summary>
/// <param name="Run">The run's columns after the write.</param>
/// <param name="IsNew">Insert the run.</param>
/// <param name="RunChanged">The columns differ from what is stored.</param>
/// <param name="Update">What else to write; its params are only those that are new or changed.</param>
public sealed record RunCommit(Run Run, bool IsNew, bool RunChanged, RunUpdate Update);
