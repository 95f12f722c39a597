using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <summary>What MLflow says about a run, in whatever store, made into what Cairn keeps.</summary>
internal sealed class MlflowRun
{
    private static readonly string[] Statuses = ["running", "scheduled", "finished", "failed", "killed"];

    public required string Id { get; init; }

    public required string ExperimentId { get; init; }

    public required string? Name { get; init; }

    /// <summary>MLflow's word or number.</summary>
    public required string? Status { get; init; }

    public required long StartedAt { get; init; }

    public required long? EndedAt { get; init; }

    public required bool IsDeleted { get; init; }

    public required string? User { get; init; }

    public Dictionary<string, string> Params { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public List<ImportDataset> Datasets { get; } = [];

    public List<string> ModelInputs { get; } = [];

    public List<ImportModelOutput> ModelOutputs { get; } = [];

    /// <param name="isRun">Whether an id is that of a run of the source: another parent stays a tag.</param>
    public ImportRun ToImport(Func<string, bool> isRun)
    {
        var name = string.IsNullOrEmpty(Name) ? Tags.GetValueOrDefault("mlflow.runName", Id[..8]) : Name;
        var parent = Tags.GetValueOrDefault("mlflow.parentRunId") is { } id && isRun(id) ? id : null;
        var user = string.IsNullOrEmpty(User) ? null : User;
        var tags = new Dictionary<string, string>(Tags, StringComparer.Ordinal);

        // These are columns of a run here. An empty tag says that the column is set and the tag is not there.
        if (tags.GetValueOrDefault("mlflow.runName") == name)
        {
            tags.Remove("mlflow.runName");
        }

        if (parent is not null)
        {
            tags.Remove("mlflow.parentRunId");
        }

        if (user is not null && !tags.TryAdd("mlflow.user", "") && tags["mlflow.user"] == user)
        {
            tags.Remove("mlflow.user");
        }

        return new ImportRun(
            Id,
            ExperimentId,
            name,
            StatusOf(),
            StartedAt,
            EndedAt,
            IsDeleted ? "deleted" : "active",
            user,
            null,
            parent,
            [.. Params.OrderBy(param => param.Key, StringComparer.Ordinal).Select(param => new ImportValue(param.Key, param.Value))],
            tags,
            Datasets: Datasets.Count > 0 ? Datasets : null,
            ModelInputs: ModelInputs.Count > 0 ? ModelInputs : null,
            ModelOutputs: ModelOutputs.Count > 0 ? ModelOutputs : null);
    }

    private string StatusOf()
    {
        if (int.TryParse(Status, out var number) && number >= 1 && number <= Statuses.Length)
        {
            return Statuses[number - 1];
        }

        var word = Status?.ToLowerInvariant() ?? "finished";
        return Statuses.Contains(word)
            ? word
            : throw new MigrationException($"Run {Id} has the status '{Status}', which is none of MLflow's.");
    }
}
