namespace Cairn.Client;

/// <summary>Which runs to list.</summary>
public sealed record RunQuery
{
    /// <summary>Names or ids of the experiments to look in; empty means all.</summary>
    public IReadOnlyList<string> Experiments { get; init; } = [];

    /// <summary>A condition in MLflow's search grammar ("metrics.loss &lt; 0.1 and tags.team = 'x'"), or null.</summary>
    public string? Filter { get; init; }

    /// <summary>Keys to order by ("metrics.loss ASC"), the strongest first; empty means newest first.</summary>
    public IReadOnlyList<string> OrderBy { get; init; } = [];

    /// <summary>"active", "deleted" or "all"; null means active.</summary>
    public string? State { get; init; }

    /// <summary>Most runs on one page; null leaves it to the server.</summary>
    public int? Limit { get; init; }

    /// <summary><see cref="Wire.RunPage.NextPageToken"/> of the page before, or null for the first.</summary>
    public string? PageToken { get; init; }
}
