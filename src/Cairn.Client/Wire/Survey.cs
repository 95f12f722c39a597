namespace Cairn.Client.Wire;

/// <summary>Answer of <c>GET /api/v1/experiments/{id}/keys</c>: what can be a column, a group or part of a filter.</summary>
/// <param name="Params">Parameters by name.</param>
/// <param name="Metrics">Metrics by name, with numbers set as summary.</param>
/// <param name="Tags">Tags by name.</param>
public sealed record RunKeys(IReadOnlyList<RunKeyInfo> Params, IReadOnlyList<RunKeyInfo> Metrics, IReadOnlyList<RunKeyInfo> Tags);

/// <summary>A name that runs use.</summary>
/// <param name="Key">The name.</param>
/// <param name="Runs">How many active runs of the experiment hold something under it.</param>
public sealed record RunKeyInfo(string Key, int Runs);

/// <summary>Answer of <c>GET /api/v1/experiments/{id}/values?field=</c>.</summary>
/// <param name="Values">Values, those of most runs first; empty for a metric.</param>
/// <param name="Different">How many different values fit, which may be more than are in the list.</param>
/// <param name="Runs">Runs that have a value.</param>
/// <param name="Least">The least number, or null where there is none.</param>
/// <param name="Greatest">The greatest number, or null.</param>
public sealed record RunValues(IReadOnlyList<RunValueInfo> Values, int Different, int Runs, double? Least = null, double? Greatest = null);

/// <summary>A value and how many runs have it.</summary>
public sealed record RunValueInfo(string Value, int Runs);

/// <summary>Answer of <c>GET /api/v1/runs/groups</c>.</summary>
/// <param name="Groups">The largest groups first.</param>
/// <param name="TotalGroups">How many groups there are, which may be more than are in the list.</param>
/// <param name="TotalRuns">Runs in all groups.</param>
public sealed record RunGroupList(IReadOnlyList<RunGroupInfo> Groups, int TotalGroups, int TotalRuns);

/// <summary>Runs with the same values.</summary>
/// <param name="Values">The value of each field grouped by, in that order; null where the runs have none.</param>
/// <param name="Runs">How many runs.</param>
/// <param name="Running">How many of them are running.</param>
/// <param name="Failed">How many of them failed or crashed.</param>
/// <param name="LastStartedAt">When the newest of them started, Unix milliseconds.</param>
/// <param name="Duration">Milliseconds that those took which have ended.</param>
/// <param name="Aggregates">One for each field that was to be summed up, in that order.</param>
public sealed record RunGroupInfo(
    IReadOnlyList<string?> Values,
    int Runs,
    int Running,
    int Failed,
    long LastStartedAt,
    RunAggregateInfo Duration,
    IReadOnlyList<RunAggregateInfo> Aggregates);

/// <summary>What the numbers of a group are like; without <paramref name="Mean"/> and the rest where it has none.</summary>
/// <param name="Count">Runs that have a number.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Least">Least.</param>
/// <param name="Greatest">Greatest.</param>
/// <param name="Only">The text that all runs share which have one; null for metrics, and where they differ.</param>
public sealed record RunAggregateInfo(int Count, double? Mean = null, double? Least = null, double? Greatest = null, string? Only = null);

/// <summary>Body of <c>POST /api/v1/runs/bulk</c>: changes to many runs. Sent twice, the second changes nothing.</summary>
public sealed record BulkRequest(IReadOnlyList<BulkChange> Changes);

/// <summary>One change to some runs: those named by <paramref name="RunIds"/>, or those a search finds.</summary>
/// <param name="RunIds">Ids, or null.</param>
/// <param name="Where">A search, or null.</param>
/// <param name="State">"active" takes them out of the bin, "deleted" moves them there; null leaves them where they are.</param>
/// <param name="Tags">Tags to set; a null value removes the tag.</param>
public sealed record BulkChange(
    IReadOnlyList<string>? RunIds = null,
    BulkWhere? Where = null,
    string? State = null,
    IReadOnlyDictionary<string, string?>? Tags = null);

/// <summary>A search over the runs of an experiment, as <c>GET /api/v1/runs</c> takes it.</summary>
public sealed record BulkWhere(string Experiment, string? Filter = null, string? State = null);

/// <summary>What a bulk change did.</summary>
/// <param name="Changed">Runs that are different now.</param>
/// <param name="Refused">Runs that could not be changed, and why. The others were.</param>
/// <param name="Undo">The changes that take these back: what to send as <see cref="BulkRequest.Changes"/>.</param>
public sealed record BulkAnswer(int Changed, IReadOnlyList<BulkRefusal> Refused, IReadOnlyList<BulkChange> Undo);

/// <summary>A run that a bulk change could not be made to.</summary>
public sealed record BulkRefusal(string RunId, string Message);

/// <summary>Answer of <c>GET /api/v1/experiments/{id}/views</c>.</summary>
public sealed record SavedViewList(IReadOnlyList<SavedViewInfo> Views);

/// <summary>How a page was set up, under a name.</summary>
/// <param name="Page">"runs", "workspace" …</param>
/// <param name="Name">Unique on the page of the experiment.</param>
/// <param name="State">What the page put there; the server does not look into it.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record SavedViewInfo(string Page, string Name, string State, long UpdatedAt);

/// <summary>Body of <c>PUT /api/v1/experiments/{id}/views?page=&amp;name=</c>.</summary>
/// <param name="State">At most 262,144 characters.</param>
public sealed record SaveViewRequest(string State);
