using Cairn.Core;
using Cairn.Core.Triggers;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Triggers;

/// <content>Jobs: who has them and how they end. The token of a lease fences off workers that lost it.</content>
internal sealed partial class SqlTriggerStore
{
    public Task<Job> AddJobAsync(Job job, CancellationToken cancellationToken) =>
        database.WriteAsync(session => JobRows.Insert(session, job), cancellationToken);

    public Task<Job?> FindJobAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindJob(session, id), cancellationToken);

    public Task<IReadOnlyList<Job>> ListJobsAsync(JobQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Job>>(
            session => session.Query(
                $"""
                {JobRows.Columns} WHERE (@1 IS NULL OR pipeline = @1) AND (@2 IS NULL OR trigger_id = @2) AND (@3 IS NULL OR state = @3)
                ORDER BY number DESC LIMIT @4
                """,
                JobRows.Read,
                query.Pipeline,
                query.TriggerId,
                query.State is { } state ? (int)state : null,
                query.Limit),
            cancellationToken);

    public async Task<Job?> LeaseAsync(string worker, long now, long until, int mostAttempts, CancellationToken cancellationToken)
    {
        // Workers ask all the time; only where there is something to give does the one writer hear of it.
        if (!await database.ReadAsync(session => FindFree(session, now) is not null, cancellationToken))
        {
            return null;
        }

        return await database.WriteAsync(
            session =>
            {
                while (FindFree(session, now) is { } job)
                {
                    if (job.CancelRequested || job.Attempt >= mostAttempts)
                    {
                        var (state, message) = job.CancelRequested
                            ? (JobState.Cancelled, "cancelled; its worker is gone")
                            : (JobState.Failed, FormattableString.Invariant($"its worker was lost {job.Attempt} times"));
                        session.Execute("UPDATE job SET state = @2, message = @3, ended_at = @4 WHERE id = @1", job.Id, (int)state, message, now);
                        continue;
                    }

                    session.Execute(
                        """
                        UPDATE job SET state = 1, worker = @2, lease_until = @3, attempt = attempt + 1, token = token + 1, started_at = COALESCE(started_at, @4)
                        WHERE id = @1
                        """,
                        job.Id,
                        worker,
                        until,
                        now);
                    return FindJob(session, job.Id);
                }

                return null;
            },
            cancellationToken);
    }

    public Task<Job> ProlongAsync(string id, long token, long until, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var job = FindHeld(session, id, token);
                if (job.State != JobState.Running)
                {
                    throw new CairnException(ErrorCode.Conflict, $"The job {id} is over: {job.Message ?? job.State.ToString().ToLowerInvariant()}.");
                }

                session.Execute("UPDATE job SET lease_until = MAX(lease_until, @2) WHERE id = @1", id, until);
                return FindJob(session, id)!;
            },
            cancellationToken);

    public Task<Job> EndAsync(string id, long token, JobState state, string? message, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var job = FindHeld(session, id, token);
                if (job.State == JobState.Running)
                {
                    session.Execute("UPDATE job SET state = @2, message = @3, ended_at = @4 WHERE id = @1", id, (int)state, message, at);
                    return FindJob(session, id)!;
                }

                return job.State == state
                    ? job
                    : throw new CairnException(ErrorCode.Conflict, $"The job {id} is over: {job.Message ?? job.State.ToString().ToLowerInvariant()}.");
            },
            cancellationToken);

    public Task<Job?> CancelAsync(string id, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("UPDATE job SET state = 4, message = 'cancelled', ended_at = @2 WHERE id = @1 AND state = 0", id, at);
                session.Execute("UPDATE job SET cancel_requested = 1 WHERE id = @1 AND state = 1", id);
                return FindJob(session, id);
            },
            cancellationToken);

    private static Job? FindJob(SqlSession session, string id) => session.First($"{JobRows.Columns} WHERE id = @1", JobRows.Read, id);

    private static Job? FindFree(SqlSession session, long now) =>
        session.First(
            $"""
            {JobRows.Columns} WHERE state < 2 AND (state = 0 OR lease_until < @1)
                AND NOT EXISTS (SELECT 1 FROM job AS held WHERE held.pipeline = job.pipeline AND held.state = 1 AND held.lease_until >= @1)
            ORDER BY number
            """,
            JobRows.Read,
            now);

    private static Job FindHeld(SqlSession session, string id, long token)
    {
        var job = FindJob(session, id) ?? throw CairnException.NotFound($"There is no job '{id}'.");
        return job.Token == token && job.Attempt > 0
            ? job
            : throw new CairnException(ErrorCode.Conflict, $"The job {id} was given to {job.Worker ?? "nobody"}: this worker was not heard of in time. Stop working on it.", "token");
    }
}
