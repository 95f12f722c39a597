using Cairn.Core.Runs;
using Cairn.Core.Triggers;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Triggers;

/// <summary>
/// Where writers leave jobs, within the transaction of what happened. The key of the event is unique for each trigger, so
/// that nothing is left twice.
/// </summary>
internal static class JobRows
{
    public const string Columns =
        "SELECT id, pipeline, trigger_id, trigger_name, event_key, cause, at, state, run_id, changes, attempt, token, worker, lease_until, cancel_requested, started_at, ended_at, message FROM job";

    private const int MostAncestors = 32;

    /// <summary>A version was made.</summary>
    public static void AddForVersion(SqlSession session, long artifact, int index, string? runId, long at)
    {
        foreach (var (trigger, name) in Listening(session, TriggerKind.Artifact, artifact, alias: null))
        {
            Add(session, trigger, FormattableString.Invariant($"version:{artifact}:{index}"), $"{name}:v{index} was logged", runId, at);
        }
    }

    /// <summary>An alias points to another version.</summary>
    public static void AddForAlias(SqlSession session, long artifact, string alias, int index, long change, string? runId, long at)
    {
        foreach (var (trigger, name) in Listening(session, TriggerKind.Alias, artifact, alias))
        {
            Add(session, trigger, FormattableString.Invariant($"alias:{change}"), $"{name}:{alias} points to v{index}", runId, at);
        }
    }

    /// <summary>Checks failed. One check of one run is one event, however often it is reported.</summary>
    public static void AddForChecks(SqlSession session, Run run, IEnumerable<(string Name, string? Detail)> failed, long at)
    {
        foreach (var (check, detail) in failed)
        {
            var triggers = session.Query(
                $"{TriggerRows.Columns} WHERE kind = @1 AND experiment_id = @2 AND check_name IN (@3, '*') AND is_paused = 0",
                TriggerRows.Read,
                (int)TriggerKind.Check,
                run.ExperimentId.Value,
                check);
            foreach (var trigger in triggers)
            {
                Add(session, trigger, $"check:{run.Id}:{check}", $"the check {check} failed in {run.Name}{(string.IsNullOrEmpty(detail) ? "" : $": {detail}")}", run.Id.Value, at);
            }
        }
    }

    /// <summary>Leaves a job, or answers the one that the event left already.</summary>
    public static Job Insert(SqlSession session, Job job)
    {
        // What a person asked for belongs to no trigger, which the constraint counts as different each time.
        if (job.TriggerId is null
            && session.First($"{Columns} WHERE pipeline = @1 AND trigger_id IS NULL AND event_key = @2", Read, job.Pipeline, job.EventKey) is { } asked)
        {
            return asked;
        }

        var isNew = session.Execute(
            """
            INSERT INTO job (id, pipeline, trigger_id, trigger_name, event_key, cause, at, state, run_id, changes, attempt, token, cancel_requested)
            VALUES (@1, @2, @3, @4, @5, @6, @7, 0, @8, @9, 0, 0, 0) ON CONFLICT DO NOTHING
            """,
            job.Id,
            job.Pipeline,
            job.TriggerId,
            job.TriggerName,
            job.EventKey,
            job.Cause.Length <= 500 ? job.Cause : job.Cause[..500],
            job.At,
            job.RunId.Value,
            NameList.Write(job.Changes)) == 1;
        if (isNew && job.TriggerId is { } trigger)
        {
            session.Execute("UPDATE pipeline_trigger SET last_at = @2 WHERE id = @1", trigger, job.At);
        }

        return isNew ? job : session.First($"{Columns} WHERE trigger_id = @1 AND event_key = @2", Read, job.TriggerId, job.EventKey)!;
    }

    public static Job Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.Text(2),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        row.GetInt64(6),
        (JobState)row.GetInt32(7),
        RunId.Parse(row.GetString(8)),
        NameList.Read(row.GetString(9)),
        row.GetInt32(10),
        row.GetInt64(11),
        row.Text(12),
        row.Long(13),
        row.GetInt32(14) == 1,
        row.Long(15),
        row.Long(16),
        row.Text(17));

    private static List<(Trigger Trigger, string Name)> Listening(SqlSession session, TriggerKind kind, long artifact, string? alias) =>
        session.Query(
            $"""
            {TriggerRows.Columns}
            WHERE kind = @1 AND experiment_id = (SELECT experiment_id FROM artifact WHERE id = @2) AND artifact = (SELECT name FROM artifact WHERE id = @2)
                AND (@3 IS NULL OR alias = @3) AND is_paused = 0
            """,
            row => (Trigger: TriggerRows.Read(row), Name: row.GetString(9)),
            (int)kind,
            artifact,
            alias);

    private static void Add(SqlSession session, Trigger trigger, string key, string cause, string? runId, long at)
    {
        // What a pipeline makes must not set it going again: it would never end.
        if (runId is null || !IsOf(session, runId, trigger.Pipeline))
        {
            Insert(session, TriggerDesk.NewJob(trigger, key, cause, at));
        }
    }

    private static bool IsOf(SqlSession session, string runId, string pipeline)
    {
        var at = runId;
        for (var i = 0; i < MostAncestors && at is not null; i++)
        {
            var (key, parent) = session.First("SELECT key, parent_id FROM run WHERE id = @1", row => (row.GetInt64(0), row.Text(1)), at);
            if (key == 0)
            {
                return false;
            }

            if (session.First("SELECT value FROM tag WHERE run_key = @1 AND name = @2", row => row.GetString(0), key, RegisteredPipeline.NameTag) == pipeline)
            {
                return true;
            }

            at = parent;
        }

        return false;
    }
}
