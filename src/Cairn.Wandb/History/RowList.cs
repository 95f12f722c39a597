using System.Text;
using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.History;

/// <summary>
/// The rows of a run's history, or of its machine's load, as they were written. A run that another client logged has none:
/// its points are put together into rows by their steps.
/// </summary>
internal static class RowList
{
    /// <summary>Points of a run without rows that are put together at most.</summary>
    private const int MostPoints = 2_000_000;

    /// <summary>Rows with steps in the range, ordered, at most <paramref name="limit"/>: evenly picked where there are more, the same ones each time.</summary>
    public static async ValueTask<List<string>> ReadAsync(RunNode run, LineStream stream, StepRange steps, int limit, CancellationToken cancellationToken)
    {
        var state = await run.StateAsync(cancellationToken);
        if (stream == LineStream.History && state.HistoryLines == 0)
        {
            var built = await BuildAsync(run, steps, cancellationToken);
            return Thin(built, limit);
        }

        var isAll = steps == StepRange.All;
        var total = stream == LineStream.History ? state.HistoryLines : state.SystemLines;
        var every = isAll ? Picker.For(total, limit) : null;
        var rows = new List<string>();
        var index = 0L;
        await run.Services.Runs.ReadLinesAsync(run.Run.Id, stream, firstLine: 0, steps, Visit, cancellationToken);
        return isAll ? rows : Thin(rows, limit);

        bool Visit(long line, ReadOnlySpan<byte> utf8)
        {
            if (isAll ? every is null || every.Takes(index++) : IsIn(utf8, line, steps))
            {
                rows.Add(Encoding.UTF8.GetString(utf8));
            }

            return true;
        }
    }

    /// <summary>The least step of the history; null where it is empty.</summary>
    public static async ValueTask<long?> FirstStepAsync(RunNode run, CancellationToken cancellationToken)
    {
        var state = await run.StateAsync(cancellationToken);
        if (state.HistoryLines == 0)
        {
            var built = await BuildAsync(run, StepRange.All, cancellationToken);
            return built.Count > 0 ? StepOf(Encoding.UTF8.GetBytes(built[0]), 0) : null;
        }

        long? first = null;
        await run.Services.Runs.ReadLinesAsync(
            run.Run.Id,
            LineStream.History,
            firstLine: 0,
            StepRange.All,
            (line, utf8) =>
            {
                first = StepOf(utf8, line);
                return false;
            },
            cancellationToken);
        return first;
    }

    private static bool IsIn(ReadOnlySpan<byte> utf8, long line, StepRange steps)
    {
        var step = StepOf(utf8, line);
        return step >= steps.First && step <= steps.Last;
    }

    /// <summary>The step a row says, or its number.</summary>
    public static long StepOf(ReadOnlySpan<byte> utf8, long line)
    {
        // Rows were checked when they came; words such as NaN make a strict reader stop, which is late enough or not at all.
        var text = LenientJson.MayHaveBareWords(utf8) ? LenientJson.QuoteBareWords(utf8) : utf8;
        var reader = new Utf8JsonReader(text);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isStep = reader.ValueTextEquals("_step"u8);
            reader.Read();
            if (isStep && reader.TokenType == JsonTokenType.Number)
            {
                return reader.TryGetInt64(out var whole) ? whole : (long)Math.Clamp(reader.GetDouble(), -9e15, 9e15);
            }

            reader.Skip();
        }

        return line;
    }

    private static List<string> Thin(List<string> rows, int limit)
    {
        var picker = Picker.For(rows.Count, limit);
        return picker is null ? rows : [.. rows.Where((_, index) => picker.Takes(index))];
    }

    /// <summary>The series of a run without rows. Numbers that a W&amp;B client only said in its summary are no history.</summary>
    public static async ValueTask<IReadOnlyList<string>> MeasuredAsync(RunNode run, CancellationToken cancellationToken)
    {
        var snapshot = await run.SnapshotAsync(cancellationToken);
        var said = await run.Services.Runs.FindDocumentAsync(run.Run.Id, RunSummary.Document, cancellationToken) is null
            ? []
            : snapshot.Summary.Select(value => value.Key).ToHashSet(StringComparer.Ordinal);
        return [.. snapshot.Latest.Select(metric => metric.Key).Where(key => !said.Contains(key))];
    }

    private static async ValueTask<List<string>> BuildAsync(RunNode run, StepRange steps, CancellationToken cancellationToken)
    {
        var rows = new SortedDictionary<long, List<(string Key, MetricPoint Point)>>();
        var left = MostPoints;
        foreach (var key in await MeasuredAsync(run, cancellationToken))
        {
            foreach (var point in (await run.Services.Series.ReadAsync(run.Run.Id, key, steps, cancellationToken)).Points)
            {
                if (left-- == 0)
                {
                    throw new GraphQl.GraphQlException($"This run's history has more than {MostPoints} points. Ask for a range of steps.");
                }

                if (!rows.TryGetValue(point.Step, out var row))
                {
                    rows.Add(point.Step, row = []);
                }

                row.Add((key, point));
            }
        }

        return [.. rows.Select(row => Write(run.Run.StartedAt, row.Key, row.Value))];
    }

    private static string Write(long startedAt, long step, List<(string Key, MetricPoint Point)> row) => JsonText.Write(writer =>
    {
        var time = row.Max(value => value.Point.Time);
        writer.WriteStartObject();
        foreach (var (key, point) in row.GroupBy(value => value.Key, StringComparer.Ordinal).Select(values => values.Last()))
        {
            writer.WritePropertyName(key);
            JsonText.WriteDouble(writer, point.Value);
        }

        writer.WriteNumber("_step"u8, step);
        writer.WriteNumber("_timestamp"u8, time / 1000.0);
        writer.WriteNumber("_runtime"u8, Math.Max(0, time - startedAt) / 1000.0);
        writer.WriteEndObject();
    });
}
