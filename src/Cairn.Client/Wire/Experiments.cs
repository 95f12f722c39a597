namespace Cairn.Client.Wire;

/// <summary>An experiment: a named group of runs and the scope of artifact names.</summary>
/// <param name="Id">The server's id, a decimal number as text. "0" is the experiment "Default".</param>
/// <param name="Name">Unique among active experiments.</param>
/// <param name="State">"active" or "deleted".</param>
/// <param name="CreatedAt">Unix milliseconds, UTC.</param>
/// <param name="UpdatedAt">Unix milliseconds, UTC.</param>
/// <param name="Tags">Free labels; never null.</param>
/// <param name="RunCount">Runs that are not deleted.</param>
/// <param name="LastRunAt">Start of the newest run in Unix milliseconds; null where there is none.</param>
public sealed record ExperimentInfo(
    string Id,
    string Name,
    string State,
    long CreatedAt,
    long UpdatedAt,
    IReadOnlyDictionary<string, string> Tags,
    int RunCount,
    long? LastRunAt);

/// <summary>Answer of <c>GET /api/v1/experiments</c>, newest activity first.</summary>
public sealed record ExperimentList(IReadOnlyList<ExperimentInfo> Experiments);

/// <summary>Body of <c>POST /api/v1/experiments</c>, which answers the experiment of that name, created if it was missing.</summary>
/// <param name="Name">1 to 500 characters.</param>
/// <param name="Tags">Labels set on the experiment, or null.</param>
public sealed record EnsureExperimentRequest(string Name, IReadOnlyDictionary<string, string>? Tags = null);
