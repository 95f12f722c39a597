using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Runs;

/// <summary>What is kept of runs as it was written: documents and lines.</summary>
internal sealed partial class SqlRunStore
{
    public Task<string?> FindDocumentAsync(RunId id, string name, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => keys.Find(session, id) is { } key
                ? session.First("SELECT json FROM run_document WHERE run_key = @1 AND name = @2", row => row.GetString(0), key, name)
                : null,
            cancellationToken);

    public Task<IReadOnlyList<RunDocument>> ListDocumentsAsync(RunId id, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<RunDocument>>(
            session => keys.Find(session, id) is { } key
                ? session.Query("SELECT name, json FROM run_document WHERE run_key = @1 ORDER BY name", row => new RunDocument(row.GetString(0), row.GetString(1)), key)
                : [],
            cancellationToken);

    public Task<IReadOnlyList<LineBlock>> ListBlocksAsync(RunId id, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LineBlock>>(
            session =>
            {
                var found = new List<LineBlock>();
                foreach (var stream in keys.Find(session, id) is null ? [] : Enum.GetValues<LineStream>())
                {
                    var key = keys.Find(session, id);
                    var blocks = session.Query(
                        "SELECT id, first_line, lines FROM line_block WHERE run_key = @1 AND stream = @2 ORDER BY first_line, id",
                        row => new StoredBlock(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2)),
                        key,
                        (int)stream);
                    foreach (var part in StoredBlock.WithoutOverlaps(blocks, from: 0))
                    {
                        found.Add(session.First(
                            "SELECT least_step, greatest_step, data FROM line_block WHERE id = @1",
                            row => new LineBlock(stream, part.First, part.Count, row.GetInt64(0), row.GetInt64(1), PressedLines.Read((byte[])row.GetValue(2), part)),
                            part.Id)!);
                    }
                }

                return found;
            },
            cancellationToken);

    public async Task ReadLinesAsync(
        RunId id,
        LineStream stream,
        long firstLine,
        StepRange steps,
        LineVisitor visit,
        CancellationToken cancellationToken)
    {
        // What overlaps is settled on the numbers alone; then one block after another is read, so memory stays small.
        var blocks = await database.ReadAsync(
            session => keys.Find(session, id) is { } key
                ? session.Query(
                    """
                    SELECT id, first_line, lines FROM line_block
                    WHERE run_key = @1 AND stream = @2 AND first_line + lines > @3 AND greatest_step >= @4 AND least_step <= @5
                    ORDER BY first_line, id
                    """,
                    row => new StoredBlock(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2)),
                    key,
                    (int)stream,
                    firstLine,
                    steps.First,
                    steps.Last)
                : [],
            cancellationToken);
        foreach (var part in StoredBlock.WithoutOverlaps(blocks, firstLine))
        {
            var data = await database.ReadAsync(session => session.First("SELECT data FROM line_block WHERE id = @1", row => (byte[])row.GetValue(0), part.Id), cancellationToken);
            if (data is not null && !PressedLines.Visit(data, part, visit))
            {
                return;
            }
        }
    }

    public Task<IReadOnlyList<Run>> ListSilentAsync(long before, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            session => session.Query(
                $"SELECT {RunRows.Columns} FROM run WHERE heartbeat_at < @1 AND status IN (1, 2) AND lifecycle = 0 ORDER BY key",
                row => RunRows.Read(row).Run,
                before),
            cancellationToken);

    public Task<bool> HasSummaryAsync(ExperimentId experiment, string key, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.Number(
                "SELECT EXISTS (SELECT 1 FROM run JOIN summary ON run_key = run.key AND summary.name = @2 WHERE experiment_id = @1)",
                experiment.Value,
                key) == 1,
            cancellationToken);

    public Task<int> CountRunsAsync(ExperimentId experiment, CancellationToken cancellationToken) =>
        database.ReadAsync(session => (int)session.Number("SELECT COUNT(*) FROM run WHERE experiment_id = @1 AND lifecycle = 0", experiment.Value), cancellationToken);

    private static void WriteTexts(SqlSession session, long key, RunUpdate update, PressedLines[] blocks)
    {
        foreach (var document in update.Documents)
        {
            session.Execute(
                "INSERT INTO run_document (run_key, name, json) VALUES (@1, @2, @3) ON CONFLICT (run_key, name) DO UPDATE SET json = excluded.json",
                key,
                document.Name,
                document.Json);
        }

        foreach (var block in blocks)
        {
            // Replacing takes a new id, by which the block written last is known.
            session.Execute(
                """
                INSERT OR REPLACE INTO line_block (run_key, stream, first_line, lines, least_step, greatest_step, data)
                VALUES (@1, @2, @3, @4, @5, @6, @7)
                """,
                key,
                (int)block.Block.Stream,
                block.Block.First,
                block.Block.Count,
                block.Block.LeastStep,
                block.Block.GreatestStep,
                block.Data);
        }
    }
}
