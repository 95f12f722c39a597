using Cairn.Core.Series;

namespace Cairn.Core.Runs;

/// <summary>
/// The one write verb: anything a run can receive after it was created. It is applied whole or not at all, and applying
/// it a second time changes nothing (equal points are stored once, equal parameters accepted, lines rewritten).
/// </summary>
public sealed record RunUpdate(RunId RunId)
{
    public IReadOnlyList<Param> Params { get; init; } = [];

    /// <summary>Where set, parameters that exist with another value take the new one (W&amp;B's config) in place of being refused (MLflow).</summary>
    public bool MayChangeParams { get; init; }

    /// <summary>Keys of parameters that are to be gone; those that are not there are passed over.</summary>
    public IReadOnlyList<string> RemovedParams { get; init; } = [];

    public IReadOnlyList<TagChange> Tags { get; init; } = [];

    /// <summary>Tags as they must be for any of this to happen, a null value for one that must not be there: of two that decide by what they read, one is refused.</summary>
    public IReadOnlyList<TagChange> Expected { get; init; } = [];

    public IReadOnlyList<SeriesPoint> Points { get; init; } = [];

    /// <summary>Values shown in place of the newest points. A value of kind <see cref="ParamKind.Null"/> removes one.</summary>
    public IReadOnlyList<Param> Summary { get; init; } = [];

    public IReadOnlyList<Media> Media { get; init; } = [];

    public IReadOnlyList<LogLine> Logs { get; init; } = [];

    /// <summary>Datasets and logged models the run read or made.</summary>
    public Datasets.RunLinks Links { get; init; } = Datasets.RunLinks.None;

    /// <summary>Values that are also those of logged models; the models must exist.</summary>
    public IReadOnlyList<LoggedModels.ModelPoint> ModelPoints { get; init; } = [];

    /// <summary>Documents kept as they were written, each replacing the one of its name.</summary>
    public IReadOnlyList<RunDocument> Documents { get; init; } = [];

    /// <summary>Lines of JSON kept as they were written, by their numbers.</summary>
    public IReadOnlyList<LineBlock> Lines { get; init; } = [];

    /// <summary>What webhooks are told, if this is written.</summary>
    public IReadOnlyList<RunNews> News { get; init; } = [];

    public string? Name { get; init; }

    public string? Group { get; init; }

    /// <summary>Unix milliseconds at which the client was heard of. Revives a crashed run.</summary>
    public long? HeartbeatAt { get; init; }

    public bool? StopRequested { get; init; }

    public string? Author { get; init; }

    public string? JobType { get; init; }

    public RunId? ParentId { get; init; }

    public RunStatus? Status { get; init; }

    /// <summary>Unix milliseconds. A final status without it ends the run now, unless <see cref="EndAsGiven"/>.</summary>
    public long? EndedAt { get; init; }

    /// <summary>The end is as given, and none is made up: a run that comes from elsewhere may be over without one.</summary>
    public bool EndAsGiven { get; init; }

    /// <summary>Moves the run to or from the bin. The only thing a deleted run accepts.</summary>
    public Lifecycle? Lifecycle { get; init; }
}

/// <summary>Something about a run that webhooks are told.</summary>
/// <param name="At">When it happened, Unix milliseconds.</param>
/// <param name="Content">What happened.</param>
public readonly record struct RunNews(long At, Webhooks.RegistryNews Content);

/// <summary>A picture of a run; its bytes are the run file <paramref name="Path"/>.</summary>
/// <param name="Key">Name of the series of pictures.</param>
/// <param name="Step">Position on the metric axis.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Kind">What it is: "image".</param>
/// <param name="Path">The run file.</param>
/// <param name="Caption">Text under it, or null.</param>
public sealed record Media(string Key, long Step, long Time, string Kind, string Path, string? Caption);

/// <summary>One console line, keyed by its number so that it can be rewritten.</summary>
/// <param name="Line">From 0.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="IsError">True for standard error.</param>
/// <param name="Text">Without the line end.</param>
public readonly record struct LogLine(long Line, long Time, bool IsError, string Text);

/// <summary>A page of console lines.</summary>
/// <param name="Lines">In order of their numbers.</param>
/// <param name="Total">One more than the greatest number.</param>
public sealed record LogPage(IReadOnlyList<LogLine> Lines, long Total);
