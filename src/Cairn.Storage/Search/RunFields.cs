using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Storage.Search;

/// <summary>Where what a search names is found in the tables.</summary>
internal static class RunFields
{
    private static readonly string StatusWords =
        $"CASE run.status {string.Join(' ', Enum.GetValues<RunStatus>().Select(status => $"WHEN {(int)status} THEN '{SearchWords.Of(status)}'"))} END";

    public static string Table(FieldKind kind) => kind switch
    {
        FieldKind.Metric => "series",
        FieldKind.Param => "param",
        FieldKind.Tag => "tag",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An attribute is a column of the run."),
    };

    public static string Column(RecordAttribute attribute) => attribute switch
    {
        RecordAttribute.Id => "run.id",
        RecordAttribute.Name => "run.name",
        RecordAttribute.Status => StatusWords,
        RecordAttribute.Author => "run.author",
        RecordAttribute.JobType => "run.job_type",
        RecordAttribute.StartedAt or RecordAttribute.CreatedAt => "run.started_at",
        RecordAttribute.EndedAt or RecordAttribute.UpdatedAt => "run.ended_at",
        RecordAttribute.Duration => "(run.ended_at - run.started_at)",
        RecordAttribute.ParentId => "run.parent_id",
        RecordAttribute.ArtifactUri =>
            "(COALESCE((SELECT rtrim(artifact_location, '/') FROM experiment WHERE id = run.experiment_id), 'mlflow-artifacts:/' || run.experiment_id) || '/' || run.id || '/artifacts')",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, null),
    };

    public static bool IsStart(Field field) =>
        field is { Kind: FieldKind.Attribute, Attribute: RecordAttribute.StartedAt or RecordAttribute.CreatedAt };
}
