using Cairn.Core.Triggers;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Triggers;

/// <summary>Registered pipelines and their triggers in SQL; jobs in SqlTriggerStore.Jobs.cs.</summary>
internal sealed partial class SqlTriggerStore(SqliteDatabase database) : ITriggerStore
{
    public Task<RegisteredPipeline> RegisterAsync(RegisteredPipeline pipeline, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var revision = (int)session.Number(
                    """
                    INSERT INTO pipeline (name, experiment_id, source_kind, location, commit_id, file, changes, registered_by, registered_at, revision)
                    VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, 1)
                    ON CONFLICT (name) DO UPDATE SET experiment_id = excluded.experiment_id, source_kind = excluded.source_kind, location = excluded.location,
                        commit_id = excluded.commit_id, file = excluded.file, changes = excluded.changes, registered_by = excluded.registered_by,
                        registered_at = excluded.registered_at, revision = revision + 1
                    RETURNING revision
                    """,
                    pipeline.Name,
                    pipeline.ExperimentId.Value,
                    pipeline.Source.Kind,
                    pipeline.Source.Location,
                    pipeline.Source.Commit,
                    pipeline.Source.File,
                    NameList.Write(pipeline.Changes),
                    pipeline.RegisteredBy,
                    pipeline.RegisteredAt);
                var known = session.Query($"{TriggerRows.Columns} WHERE pipeline = @1", TriggerRows.Read, pipeline.Name);
                foreach (var gone in known.Where(trigger => triggers.All(wanted => wanted.Name != trigger.Name)))
                {
                    session.Execute("DELETE FROM pipeline_trigger WHERE id = @1", gone.Id);
                }

                foreach (var trigger in triggers)
                {
                    // A schedule that stays as it was keeps its next tick: registering again makes nobody miss one.
                    var before = known.Find(other => other.Name == trigger.Name);
                    var isSame = before is { NextAt: not null } && before.Spec == trigger.Spec;
                    TriggerRows.Put(session, before is null ? trigger : trigger with { IsPaused = before.IsPaused, NextAt = isSame ? before.NextAt : trigger.NextAt });
                }

                return pipeline with { Revision = revision };
            },
            cancellationToken);

    public Task<RegisteredPipeline?> FindPipelineAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First($"{TriggerRows.PipelineColumns} WHERE name = @1", TriggerRows.ReadPipeline, name), cancellationToken);

    public Task<IReadOnlyList<RegisteredPipeline>> ListPipelinesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<RegisteredPipeline>>(
            session => session.Query($"{TriggerRows.PipelineColumns} ORDER BY name", TriggerRows.ReadPipeline), cancellationToken);

    public Task<bool> RemovePipelineAsync(string name, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM pipeline_trigger WHERE pipeline = @1", name);
                session.Execute("UPDATE job SET state = 4, ended_at = @2, message = 'the pipeline was removed' WHERE pipeline = @1 AND state = 0", name, at);
                session.Execute("UPDATE job SET cancel_requested = 1 WHERE pipeline = @1 AND state = 1", name);
                return session.Execute("DELETE FROM pipeline WHERE name = @1", name) > 0;
            },
            cancellationToken);

    public Task<Trigger?> FindTriggerAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<IReadOnlyList<Trigger>> ListTriggersAsync(string? pipeline, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Trigger>>(
            session => session.Query($"{TriggerRows.Columns} WHERE (@1 IS NULL OR pipeline = @1) ORDER BY pipeline, name", TriggerRows.Read, pipeline),
            cancellationToken);

    public Task<Trigger?> PauseAsync(string id, bool isPaused, long? nextAt, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("UPDATE pipeline_trigger SET is_paused = @2, next_at = @3 WHERE id = @1", id, isPaused ? 1 : 0, nextAt);
                return Find(session, id);
            },
            cancellationToken);

    public Task<bool> RemoveTriggerAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Execute("DELETE FROM pipeline_trigger WHERE id = @1", id) > 0, cancellationToken);

    public Task<long?> ReadNextTickAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First("SELECT MIN(next_at) FROM pipeline_trigger WHERE next_at IS NOT NULL", row => row.Long(0)), cancellationToken);

    public Task<int> FireDueAsync(long now, Func<Trigger, (IReadOnlyList<long> Ticks, long? Next)> ticksOf, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var fired = 0;
                foreach (var trigger in session.Query($"{TriggerRows.Columns} WHERE next_at <= @1 AND is_paused = 0", TriggerRows.Read, now))
                {
                    var (ticks, next) = ticksOf(trigger);
                    foreach (var tick in ticks)
                    {
                        var time = DateTimeOffset.FromUnixTimeMilliseconds(tick).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
                        JobRows.Insert(session, TriggerDesk.NewJob(trigger, FormattableString.Invariant($"tick:{tick}"), $"due at {time} UTC", tick));
                        fired++;
                    }

                    session.Execute("UPDATE pipeline_trigger SET next_at = @2 WHERE id = @1", trigger.Id, next);
                }

                return fired;
            },
            cancellationToken);

    private static Trigger? Find(SqlSession session, string id) => session.First($"{TriggerRows.Columns} WHERE id = @1", TriggerRows.Read, id);
}
