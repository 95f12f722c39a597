using Cairn.Core;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage.Series;
using Cairn.Storage.Sqlite;
using Cairn.Storage.Triggers;
using Cairn.Storage.Webhooks;

namespace Cairn.Storage.Runs;

internal sealed partial class SqlRunStore
{
    public async Task CommitAsync(IReadOnlyList<RunCommit> commits, CancellationToken cancellationToken)
    {
        // Before the one writer's turn: pressing takes longer than writing.
        var blocks = commits.Select(commit => commit.Update.Lines.Count == 0 ? [] : commit.Update.Lines.Select(PressedLines.Of).ToArray()).ToList();
        await database.WriteAsync(
            session =>
            {
                var created = new Dictionary<RunId, long>();
                var points = new List<(long, IReadOnlyList<SeriesPoint>)>();
                for (var i = 0; i < commits.Count; i++)
                {
                    var commit = commits[i];
                    var key = WriteRun(session, commit, created);
                    WriteParts(session, key, commit.Update);
                    RunLinkRows.Write(session, key, commit.Run, commit.Update);
                    WriteTexts(session, key, commit.Update, blocks[i]);
                    TellOf(session, key, commit);
                    if (commit.Update.Points.Count > 0)
                    {
                        points.Add((key, commit.Update.Points));
                    }
                }

                return (created, Appended: points.Count > 0 ? seriesLog.Append(session, points) : new AppendedPoints());
            },
            written =>
            {
                foreach (var (id, key) in written.created)
                {
                    keys.Remember(id, key);
                }

                seriesLog.Committed(written.Appended);
            },
            cancellationToken);
        await folder.PointsAddedAsync();
    }

    /// <summary>What others listen to: checks that failed, pipelines that ended badly. Left in the transaction that made it so.</summary>
    private static void TellOf(SqlSession session, long key, RunCommit commit)
    {
        var failed = CheckReader.FailedOf(commit.Update).DistinctBy(check => check.Name).ToList();
        if (failed.Count > 0)
        {
            var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            JobRows.AddForChecks(session, commit.Run, failed, at);
            PromotionNews.TellChecks(session, commit.Run, failed, at);
        }

        if (commit is { RunChanged: true, Update.Status: RunStatus.Failed or RunStatus.Crashed })
        {
            // Not the end that a client gives: messages are sent in the order of their times.
            PromotionNews.TellFailure(session, key, commit.Run, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    private long WriteRun(SqlSession session, RunCommit commit, Dictionary<RunId, long> created)
    {
        var run = commit.Run;
        if (commit.IsNew)
        {
            var key = session.Number(
                """
                INSERT INTO run (id, experiment_id, name, status, lifecycle, started_at, ended_at, author, job_type, parent_id,
                    run_group, client_id, heartbeat_at, stop_requested)
                VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14) RETURNING key
                """,
                run.Id.Value,
                run.ExperimentId.Value,
                run.Name,
                (int)run.Status,
                (int)run.Lifecycle,
                run.StartedAt,
                run.EndedAt,
                run.Author,
                run.JobType,
                run.ParentId?.Value,
                run.Group,
                run.ClientId,
                run.HeartbeatAt,
                run.StopRequested ? 1 : 0);
            created.Add(run.Id, key);
            return key;
        }

        if (!created.TryGetValue(run.Id, out var known))
        {
            known = keys.Find(session, run.Id) ?? throw CairnException.NotFound($"Run with id={run.Id} not found");
        }

        if (commit.RunChanged)
        {
            session.Execute(
                """
                UPDATE run SET name = @2, status = @3, lifecycle = @4, ended_at = @5, author = @6, job_type = @7, parent_id = @8,
                    run_group = @9, heartbeat_at = @10, stop_requested = @11,
                    deleted_at = CASE WHEN @4 = 0 THEN NULL ELSE COALESCE(deleted_at, CAST(unixepoch('subsec') * 1000 AS INTEGER)) END
                WHERE key = @1
                """,
                known,
                run.Name,
                (int)run.Status,
                (int)run.Lifecycle,
                run.EndedAt,
                run.Author,
                run.JobType,
                run.ParentId?.Value,
                run.Group,
                run.HeartbeatAt,
                run.StopRequested ? 1 : 0);
        }

        return known;
    }

    private static void WriteParts(SqlSession session, long key, RunUpdate update)
    {
        foreach (var param in update.Params)
        {
            session.Execute(
                """
                INSERT INTO param (run_key, name, kind, value, number) VALUES (@1, @2, @3, @4, @5)
                ON CONFLICT (run_key, name) DO UPDATE SET kind = excluded.kind, value = excluded.value, number = excluded.number
                """,
                key,
                param.Key,
                (int)param.Kind,
                param.Value,
                param.Number);
        }

        foreach (var name in update.RemovedParams)
        {
            session.Execute("DELETE FROM param WHERE run_key = @1 AND name = @2", key, name);
        }

        foreach (var (at, content) in update.News)
        {
            WebhookMessages.Add(session, content, at);
        }

        foreach (var tag in update.Tags)
        {
            if (tag.Value is null)
            {
                session.Execute("DELETE FROM tag WHERE run_key = @1 AND name = @2", key, tag.Key);
            }
            else
            {
                session.Execute(
                    "INSERT INTO tag (run_key, name, value) VALUES (@1, @2, @3) ON CONFLICT (run_key, name) DO UPDATE SET value = excluded.value",
                    key,
                    tag.Key,
                    tag.Value);
            }
        }

        foreach (var value in update.Summary)
        {
            if (value.Kind == ParamKind.Null)
            {
                session.Execute("DELETE FROM summary WHERE run_key = @1 AND name = @2", key, value.Key);
            }
            else
            {
                session.Execute(
                    """
                    INSERT INTO summary (run_key, name, kind, value) VALUES (@1, @2, @3, @4)
                    ON CONFLICT (run_key, name) DO UPDATE SET kind = excluded.kind, value = excluded.value
                    """,
                    key,
                    value.Key,
                    (int)value.Kind,
                    value.Value);
            }
        }

        foreach (var media in update.Media)
        {
            session.Execute(
                """
                INSERT INTO media (run_key, name, step, path, time, kind, caption) VALUES (@1, @2, @3, @4, @5, @6, @7)
                ON CONFLICT (run_key, name, step, path) DO UPDATE SET time = excluded.time, kind = excluded.kind, caption = excluded.caption
                """,
                key,
                media.Key,
                media.Step,
                media.Path,
                media.Time,
                media.Kind,
                media.Caption);
        }

        foreach (var line in update.Logs)
        {
            session.Execute(
                """
                INSERT INTO log_line (run_key, line, time, is_error, text) VALUES (@1, @2, @3, @4, @5)
                ON CONFLICT (run_key, line) DO UPDATE SET time = excluded.time, is_error = excluded.is_error, text = excluded.text
                """,
                key,
                line.Line,
                line.Time,
                line.IsError ? 1 : 0,
                line.Text);
        }
    }
}
