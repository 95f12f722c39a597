using Cairn.Core.Experiments;
using Cairn.Core.Triggers;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Triggers;

/// <summary>From rows to triggers and pipelines.</summary>
internal static class TriggerRows
{
    public const string Columns =
        "SELECT id, pipeline, name, kind, schedule, time_zone, missed, experiment_id, check_name, artifact, alias, secret, changes, is_paused, next_at, last_at, created_at FROM pipeline_trigger";

    public const string PipelineColumns =
        "SELECT name, experiment_id, source_kind, location, commit_id, file, changes, registered_by, registered_at, revision FROM pipeline";

    public static Trigger Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        new TriggerSpec(
            (TriggerKind)row.GetInt32(3),
            row.Text(4),
            row.Text(5),
            (MissedTicks)row.GetInt32(6),
            row.Long(7) is { } experiment ? new ExperimentId(experiment) : null,
            row.Text(9),
            row.Text(10),
            row.Text(8),
            row.Text(11)),
        NameList.Read(row.GetString(12)),
        row.GetInt32(13) == 1,
        row.Long(14),
        row.Long(15),
        row.GetInt64(16));

    public static RegisteredPipeline ReadPipeline(SqliteDataReader row) => new(
        row.GetString(0),
        new ExperimentId(row.GetInt64(1)),
        new PipelineSource(row.GetString(2), row.GetString(3), row.Text(4), row.GetString(5)),
        NameList.Read(row.GetString(6)),
        row.Text(7),
        row.GetInt64(8),
        row.GetInt32(9));

    public static void Put(SqlSession session, Trigger trigger) =>
        session.Execute(
            """
            INSERT INTO pipeline_trigger (id, pipeline, name, kind, schedule, time_zone, missed, experiment_id, check_name, artifact, alias, secret,
                changes, is_paused, next_at, created_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @15, @16)
            ON CONFLICT (pipeline, name) DO UPDATE SET kind = excluded.kind, schedule = excluded.schedule, time_zone = excluded.time_zone,
                missed = excluded.missed, experiment_id = excluded.experiment_id, check_name = excluded.check_name, artifact = excluded.artifact,
                alias = excluded.alias, secret = excluded.secret, changes = excluded.changes, next_at = excluded.next_at
            """,
            trigger.Id,
            trigger.Pipeline,
            trigger.Name,
            (int)trigger.Spec.Kind,
            trigger.Spec.Schedule,
            trigger.Spec.TimeZone,
            (int)trigger.Spec.Missed,
            trigger.Spec.ExperimentId?.Value,
            trigger.Spec.Check,
            trigger.Spec.Artifact,
            trigger.Spec.Alias,
            trigger.Spec.Secret,
            NameList.Write(trigger.Changes),
            trigger.IsPaused ? 1 : 0,
            trigger.IsPaused ? null : trigger.NextAt,
            trigger.CreatedAt);
}
