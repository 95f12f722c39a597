using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Search;
using Cairn.Storage.Access;
using Cairn.Storage.Search;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Runs;

internal sealed partial class SqlRunStore
{
    private const string ExperimentColumns = "id, name, artifact_location, lifecycle, created_at, updated_at";

    public Task<Experiment> CreateExperimentAsync(NewExperiment experiment, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                RefuseTakenName(session, experiment.Name, except: null, experiment.MindsDeleted);
                var id = session.Number(
                    """
                    INSERT INTO experiment (id, name, artifact_location, lifecycle, created_at, updated_at)
                    VALUES (@4, @1, @2, 0, @3, @5) RETURNING id
                    """,
                    experiment.Name,
                    experiment.ArtifactLocation,
                    experiment.CreatedAt ?? at,
                    experiment.Id is { } wanted && LoadExperiment(session, wanted.Value) is null ? wanted.Value : null,
                    experiment.UpdatedAt ?? experiment.CreatedAt ?? at);
                SqlPermissionStore.AddCreator(session, id, experiment.Creator);
                if (experiment is { ArtifactLocation: null, ArtifactRoot: { } root })
                {
                    session.Execute("UPDATE experiment SET artifact_location = @2 WHERE id = @1", id, ArtifactPlace.Append(root, new ExperimentId(id).ToString()));
                }

                foreach (var (name, value) in experiment.Tags ?? new Dictionary<string, string>())
                {
                    PutExperimentTag(session, id, name, value);
                }

                return LoadExperiment(session, id)!;
            },
            cancellationToken);

    public Task<Experiment?> FindExperimentAsync(ExperimentId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => LoadExperiment(session, id.Value), cancellationToken);

    public Task<Experiment?> FindExperimentAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.First<long?>("SELECT id FROM experiment WHERE name = @1 ORDER BY lifecycle, deleted_at DESC, id DESC LIMIT 1", row => row.GetInt64(0), name) is { } id
                ? LoadExperiment(session, id)
                : null,
            cancellationToken);

    public Task<Experiment> UpdateExperimentAsync(ExperimentId id, ExperimentChange change, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var before = LoadExperiment(session, id.Value) ?? throw CairnException.NotFound($"No Experiment with id={id} exists");
                if (change.Name is { } name && name != before.Name && change.Lifecycle != Lifecycle.Deleted)
                {
                    RefuseTakenName(session, name, except: id.Value, change.MindsDeleted);
                }
                else if (change.Lifecycle == Lifecycle.Active && before.Lifecycle == Lifecycle.Deleted)
                {
                    RefuseTakenName(session, before.Name, except: id.Value, mindsDeleted: false);
                }

                session.Execute(
                    """
                    UPDATE experiment SET name = @2, lifecycle = @3, updated_at = CASE WHEN @6 THEN @4 ELSE updated_at END, artifact_location = @5,
                        deleted_at = CASE WHEN @3 = 0 THEN NULL ELSE COALESCE(deleted_at, @4) END
                    WHERE id = @1
                    """,
                    id.Value,
                    change.Name ?? before.Name,
                    (int)(change.Lifecycle ?? before.Lifecycle),
                    at,
                    change.ArtifactLocation ?? before.ArtifactLocation,
                    change.Name is not null || change.Lifecycle is not null);
                if (change.Lifecycle is { } lifecycle)
                {
                    session.Execute(
                        """
                        UPDATE run SET lifecycle = @2, deleted_at = CASE WHEN @2 = 0 THEN NULL ELSE COALESCE(deleted_at, @3) END
                        WHERE experiment_id = @1
                        """,
                        id.Value,
                        (int)lifecycle,
                        at);
                }

                foreach (var (key, value) in change.Tags ?? new Dictionary<string, string?>())
                {
                    PutExperimentTag(session, id.Value, key, value);
                }

                return LoadExperiment(session, id.Value)!;
            },
            cancellationToken);

    public Task<IReadOnlyList<Experiment>> SearchExperimentsAsync(ExperimentQuery query, CancellationToken cancellationToken) =>
        database.SearchAsync<IReadOnlyList<Experiment>>(
            session =>
            {
                var (sql, arguments) = new ExperimentSearch().Build(query);
                return session.Query(sql, row => ReadExperiment(session, row), arguments);
            },
            cancellationToken);

    public Task<IReadOnlyList<ExperimentActivity>> ListExperimentsAsync(LifecycleFilter lifecycle, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ExperimentActivity>>(
            session => session.Query(
                """
                SELECT id, name, artifact_location, lifecycle, created_at, updated_at,
                    (SELECT COUNT(*) FROM run WHERE experiment_id = experiment.id AND run.lifecycle = 0),
                    (SELECT MAX(started_at) FROM run WHERE experiment_id = experiment.id AND run.lifecycle = 0) AS last_run
                FROM experiment
                WHERE @1 = 2 OR lifecycle = @1
                ORDER BY last_run DESC NULLS LAST, created_at DESC, id DESC
                """,
                row => new ExperimentActivity(ReadExperiment(session, row), row.GetInt32(6), row.Long(7)),
                (int)lifecycle),
            cancellationToken);

    private static void RefuseTakenName(SqlSession session, string name, long? except, bool mindsDeleted)
    {
        var taken = session.First<(long Id, Lifecycle Lifecycle)?>(
            "SELECT id, lifecycle FROM experiment WHERE name = @1 AND id <> @2 ORDER BY lifecycle LIMIT 1",
            row => (row.GetInt64(0), (Lifecycle)row.GetInt32(1)),
            name,
            except ?? -1);
        if (taken is { } other && (mindsDeleted || other.Lifecycle == Lifecycle.Active))
        {
            throw new CairnException(
                ErrorCode.AlreadyExists,
                other.Lifecycle == Lifecycle.Deleted
                    ? $"The experiment '{name}' exists in the deleted state. Restore it, or use another name."
                    : $"The experiment '{name}' exists already.",
                "name");
        }
    }

    private static Experiment? LoadExperiment(SqlSession session, long id) =>
        session.First($"SELECT {ExperimentColumns} FROM experiment WHERE id = @1", row => ReadExperiment(session, row), id);

    private static Experiment ReadExperiment(SqlSession session, SqliteDataReader row)
    {
        var id = row.GetInt64(0);
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        session.Query(
            "SELECT name, value FROM experiment_tag WHERE experiment_id = @1 ORDER BY name",
            tag => tags[tag.GetString(0)] = tag.GetString(1),
            id);
        return new Experiment(
            new ExperimentId(id),
            row.GetString(1),
            row.Text(2),
            (Lifecycle)row.GetInt32(3),
            row.GetInt64(4),
            row.GetInt64(5),
            tags);
    }

    private static void PutExperimentTag(SqlSession session, long id, string name, string? value)
    {
        if (value is null)
        {
            session.Execute("DELETE FROM experiment_tag WHERE experiment_id = @1 AND name = @2", id, name);
        }
        else
        {
            session.Execute(
                """
                INSERT INTO experiment_tag (experiment_id, name, value) VALUES (@1, @2, @3)
                ON CONFLICT (experiment_id, name) DO UPDATE SET value = excluded.value
                """,
                id,
                name,
                value);
        }
    }
}
