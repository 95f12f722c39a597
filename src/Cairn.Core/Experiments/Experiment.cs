using System.Globalization;

namespace Cairn.Core.Experiments;

/// <summary>Number of an experiment. 0 is the experiment "Default", which always exists.</summary>
public readonly record struct ExperimentId(long Value)
{
    public static ExperimentId Default => new(0);

    public static bool TryParse(string? text, out ExperimentId id)
    {
        var ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        id = new ExperimentId(value);
        return ok;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A named group of runs and the scope of artifact names.</summary>
/// <param name="Id">Number given by the store, ascending from 0.</param>
/// <param name="Name">Unique among active experiments.</param>
/// <param name="ArtifactLocation">Where a client that places run files itself puts them; null means the server's own store.</param>
/// <param name="Lifecycle">In use or in the bin.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">When it was last renamed, deleted or restored; Unix milliseconds.</param>
/// <param name="Tags">Free labels.</param>
public sealed record Experiment(
    ExperimentId Id,
    string Name,
    string? ArtifactLocation,
    Lifecycle Lifecycle,
    long CreatedAt,
    long UpdatedAt,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>An experiment with what a list of experiments shows beside it.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="RunCount">Active runs.</param>
/// <param name="LastRunAt">Start of the newest active run, or null.</param>
public sealed record ExperimentActivity(Experiment Experiment, int RunCount, long? LastRunAt);

/// <summary>What is needed to create an experiment.</summary>
/// <param name="Name">Unique.</param>
/// <param name="ArtifactLocation">See <see cref="Experiment"/>.</param>
/// <param name="Tags">Free labels.</param>
/// <param name="ArtifactRoot">Where given, and no location is, the location is the folder below it that is named by the id.</param>
public sealed record NewExperiment(
    string Name,
    string? ArtifactLocation = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    string? ArtifactRoot = null)
{
    /// <summary>The name of a deleted experiment is taken, as it is with MLflow.</summary>
    public bool MindsDeleted { get; init; }

    /// <summary>The number it had elsewhere, used where it is free; null for the next.</summary>
    public ExperimentId? Id { get; init; }

    /// <summary>Unix milliseconds; null means now.</summary>
    public long? CreatedAt { get; init; }

    /// <summary>Unix milliseconds; null means when it was made.</summary>
    public long? UpdatedAt { get; init; }

    /// <summary>Whose it is: the user gets <see cref="Access.Permission.Manage"/> on it in the same transaction. Null for nobody.</summary>
    public Accounts.UserId? Creator { get; init; }
}

/// <summary>A change to an experiment; null members stay as they are. A tag with a null value is removed.</summary>
public sealed record ExperimentChange(
    string? Name = null,
    Lifecycle? Lifecycle = null,
    IReadOnlyDictionary<string, string?>? Tags = null,
    string? ArtifactLocation = null)
{
    /// <inheritdoc cref="NewExperiment.MindsDeleted"/>
    public bool MindsDeleted { get; init; }
}
