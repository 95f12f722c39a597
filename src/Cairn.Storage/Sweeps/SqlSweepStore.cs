using System.Runtime.InteropServices;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Sweeps;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Sweeps;

/// <summary>Sweeps in SQL.</summary>
internal sealed class SqlSweepStore(SqliteDatabase database) : ISweepStore
{
    private const string Columns = "id, experiment_id, name, display_name, description, config, state, created_at, updated_at";
    private const string AgentColumns = "id, sweep_id, host, heartbeat_at";

    public Task<Sweep> AddAsync(Sweep sweep, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (session.Number("SELECT EXISTS (SELECT 1 FROM sweep WHERE experiment_id = @1 AND name = @2)", sweep.ExperimentId.Value, sweep.Name) == 1)
                {
                    throw new CairnException(ErrorCode.AlreadyExists, $"There is a sweep '{sweep.Name}' already.");
                }

                var id = session.Number(
                    """
                    INSERT INTO sweep (experiment_id, name, display_name, description, config, state, created_at, updated_at)
                    VALUES (@1, @2, @3, @4, @5, @6, @7, @8) RETURNING id
                    """,
                    sweep.ExperimentId.Value,
                    sweep.Name,
                    sweep.DisplayName,
                    sweep.Description,
                    sweep.Config,
                    (int)sweep.State,
                    sweep.CreatedAt,
                    sweep.UpdatedAt);
                return sweep with { Id = id };
            },
            cancellationToken);

    public Task UpdateAsync(Sweep sweep, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "UPDATE sweep SET display_name = @2, description = @3, config = @4, state = @5, updated_at = @6 WHERE id = @1",
                sweep.Id,
                sweep.DisplayName,
                sweep.Description,
                sweep.Config,
                (int)sweep.State,
                sweep.UpdatedAt),
            cancellationToken);

    public Task<Sweep?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First($"SELECT {Columns} FROM sweep WHERE id = @1", Read, id), cancellationToken);

    public Task<Sweep?> FindAsync(ExperimentId experiment, string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First($"SELECT {Columns} FROM sweep WHERE experiment_id = @1 AND name = @2", Read, experiment.Value, name), cancellationToken);

    public Task<IReadOnlyList<Sweep>> ListAsync(ExperimentId experiment, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Sweep>>(
            session => session.Query($"SELECT {Columns} FROM sweep WHERE experiment_id = @1 ORDER BY id DESC", Read, experiment.Value),
            cancellationToken);

    public Task<SweepAgent> AddAgentAsync(long sweep, string host, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => new SweepAgent(
                session.Number("INSERT INTO sweep_agent (sweep_id, host, heartbeat_at) VALUES (@1, @2, @3) RETURNING id", sweep, host, at),
                sweep,
                host,
                at),
            cancellationToken);

    public Task<SweepAgent?> FindAgentAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First($"SELECT {AgentColumns} FROM sweep_agent WHERE id = @1", ReadAgent, id), cancellationToken);

    public Task BeatAsync(long agent, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Execute("UPDATE sweep_agent SET heartbeat_at = @2 WHERE id = @1", agent, at), cancellationToken);

    public Task<IReadOnlyList<SweepAgent>> ListAgentsAsync(long sweep, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SweepAgent>>(
            session => session.Query($"SELECT {AgentColumns} FROM sweep_agent WHERE sweep_id = @1 ORDER BY id", ReadAgent, sweep),
            cancellationToken);

    public Task AddTrialAsync(long sweep, SweepTrial trial, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (session.Number("SELECT EXISTS (SELECT 1 FROM sweep_trial WHERE sweep_id = @1 AND number = @2)", sweep, trial.Number) == 1)
                {
                    throw new CairnException(ErrorCode.AlreadyExists, $"The sweep has a trial {trial.Number} already.");
                }

                return session.Execute(
                    "INSERT INTO sweep_trial (sweep_id, number, run_id, client_run_id, agent_id, arguments, point) VALUES (@1, @2, @3, @4, @5, @6, @7)",
                    sweep,
                    trial.Number,
                    trial.RunId.Value,
                    trial.ClientRunId,
                    trial.AgentId,
                    trial.Arguments,
                    MemoryMarshal.AsBytes<double>(trial.Point.ToArray()).ToArray());
            },
            cancellationToken);

    public Task<IReadOnlyList<SweepTrial>> ListTrialsAsync(long sweep, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SweepTrial>>(
            session => session.Query(
                "SELECT number, run_id, client_run_id, agent_id, arguments, point FROM sweep_trial WHERE sweep_id = @1 ORDER BY number",
                row => new SweepTrial(
                    row.GetInt32(0),
                    RunId.Parse(row.GetString(1)),
                    row.GetString(2),
                    row.GetInt64(3),
                    row.GetString(4),
                    MemoryMarshal.Cast<byte, double>((byte[])row.GetValue(5)).ToArray()),
                sweep),
            cancellationToken);

    private static Sweep Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        new ExperimentId(row.GetInt64(1)),
        row.GetString(2),
        row.Text(3),
        row.Text(4),
        row.GetString(5),
        (SweepState)row.GetInt32(6),
        row.GetInt64(7),
        row.GetInt64(8));

    private static SweepAgent ReadAgent(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3));
}
