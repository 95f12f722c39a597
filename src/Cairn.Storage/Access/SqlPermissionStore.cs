using Cairn.Core;
using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Models;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Access;

/// <summary>Grants in SQL. What mentions contents is in SqlPermissionStore.Contents.cs.</summary>
internal sealed partial class SqlPermissionStore(SqliteDatabase database) : IPermissionStore
{
    public Task<UserGrants> ReadAsync(UserId user, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => new UserGrants(
                session.Query(
                    "SELECT experiment_id, level FROM experiment_permission WHERE user_id = @1",
                    row => (Id: new ExperimentId(row.GetInt64(0)), Level: (Permission)row.GetInt32(1)),
                    user.Value).ToDictionary(grant => grant.Id, grant => grant.Level),
                session.Query(
                    """
                    SELECT artifact.id, experiment_id, name, model_name, level FROM model_permission JOIN artifact ON artifact.id = artifact_id
                    WHERE user_id = @1 AND model_name IS NOT NULL
                    """,
                    row => new ModelGrant(row.GetInt64(0), new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)), row.GetString(3), (Permission)row.GetInt32(4)),
                    user.Value)),
            cancellationToken);

    public Task<IReadOnlyList<Grant>> ListAsync(GrantPlace place, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Grant>>(
            session =>
            {
                var (table, column, id) = Locate(session, place);
                return session.Query(
                    $"SELECT user_id, level FROM {table} WHERE {column} = @1 ORDER BY user_id",
                    row => new Grant(new UserId(row.GetInt64(0)), place, (Permission)row.GetInt32(1)),
                    id);
            },
            cancellationToken);

    public Task SetAsync(Grant grant, GrantWrite how, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var (table, column, id) = Locate(session, grant.Place);
                var isThere = session.Number($"SELECT EXISTS (SELECT 1 FROM {table} WHERE user_id = @1 AND {column} = @2)", grant.User.Value, id) == 1;
                if (isThere && how == GrantWrite.Add)
                {
                    throw new CairnException(ErrorCode.AlreadyExists, $"This user has a permission on {grant.Place} already. Change it instead.");
                }

                if (!isThere && how == GrantWrite.Change)
                {
                    throw CairnException.NotFound($"This user was given no permission on {grant.Place}.");
                }

                return Put(session, table, column, grant.User, id, grant.Permission);
            },
            cancellationToken);

    public Task<bool> RemoveAsync(UserId user, GrantPlace place, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var (table, column, id) = Locate(session, place);
                return session.Execute($"DELETE FROM {table} WHERE user_id = @1 AND {column} = @2", user.Value, id) > 0;
            },
            cancellationToken);

    public Task<IReadOnlyList<(ExperimentId Id, string? Location)>> ListExperimentsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<(ExperimentId, string?)>>(
            session => session.Query(
                "SELECT id, artifact_location FROM experiment ORDER BY id",
                row => (new ExperimentId(row.GetInt64(0)), row.IsDBNull(1) ? null : row.GetString(1))),
            cancellationToken);

    /// <summary>In the transaction that makes an experiment: whoever makes one manages it.</summary>
    public static void AddCreator(SqlSession session, long experiment, UserId? creator)
    {
        if (creator is { } user)
        {
            Put(session, "experiment_permission", "experiment_id", user, experiment, Permission.Manage);
        }
    }

    /// <inheritdoc cref="AddCreator"/>
    public static void AddModelCreator(SqlSession session, long artifact, UserId? creator)
    {
        if (creator is { } user)
        {
            Put(session, "model_permission", "artifact_id", user, artifact, Permission.Manage);
        }
    }

    private static int Put(SqlSession session, string table, string column, UserId user, long id, Permission permission) =>
        session.Execute(
            $"INSERT INTO {table} (user_id, {column}, level) VALUES (@1, @2, @3) ON CONFLICT (user_id, {column}) DO UPDATE SET level = excluded.level",
            user.Value,
            id,
            (int)permission);

    private static (string Table, string Column, long Id) Locate(SqlSession session, GrantPlace place) =>
        place.Experiment is { } experiment
            ? session.Number("SELECT EXISTS (SELECT 1 FROM experiment WHERE id = @1)", experiment.Value) == 1
                ? ("experiment_permission", "experiment_id", experiment.Value)
                : throw CairnException.NotFound($"No Experiment with id={experiment} exists")
            : ("model_permission", "artifact_id", session.First<long?>("SELECT id FROM artifact WHERE model_name = @1", row => row.GetInt64(0), place.Model) ?? throw ModelRegistry.MissingModel(place.Model!));
}
