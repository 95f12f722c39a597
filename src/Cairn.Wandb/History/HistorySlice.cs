using System.Globalization;
using System.Text;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.History;

/// <summary>What a run logged over its steps, and its console.</summary>
internal sealed class HistorySlice : ISchemaSlice
{
    private const int DefaultSamples = 500;
    private const int LargestPage = 1_000_000;
    private const int LogPage = 10_000;

    public string Text =>
        """
        extend type Run {
          history(samples: Int, minStep: Int64, maxStep: Int64): [JSONString!]!
          events(samples: Int): [JSONString!]!
          sampledHistory(specs: [JSONString!]!): [JSON!]!
          historyKeys: JSON
          historyLineCount: Int
          eventsLineCount: Int
          logLineCount: Int
          historyTail: JSONString
          eventsTail: JSONString
          systemMetrics: JSONString
          parquetHistory(liveKeys: [String!]): ParquetHistory!
          logLines(first: Int, after: String, last: Int, useImprovedPagination: Boolean): LogLineConnection
        }
        type ParquetHistory { parquetUrls: [String!]! liveData: [JSON!]! }
        type LogLineConnection { edges: [LogLineEdge!]! pageInfo: PageInfo! }
        type LogLineEdge { node: LogLine! cursor: String! }
        type LogLine {
          id: ID!
          number: Int!
          timestamp: DateTime
          level: String
          label: String
          line: String!
        }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Object<RunNode>("Run")
            .FieldAsync("history", async (run, call) => await HistoryAsync(run, call))
            .FieldAsync("events", async (run, call) => await RowList.ReadAsync(run, LineStream.System, StepRange.All, Samples(call, LargestPage), call.CancellationToken))
            .FieldAsync("sampledHistory", async (run, call) => await SampledAsync(run, call))
            .FieldAsync("historyKeys", async (run, call) => await KeysAsync(run, call.CancellationToken))
            .FieldAsync("historyLineCount", async (run, call) => (await run.StateAsync(call.CancellationToken)).HistoryLines)
            .FieldAsync("eventsLineCount", async (run, call) => (await run.StateAsync(call.CancellationToken)).SystemLines)
            .FieldAsync("logLineCount", async (run, call) => await LogCountAsync(run, call.CancellationToken))
            .FieldAsync("historyTail", async (run, call) => Tail((await run.StateAsync(call.CancellationToken)).HistoryTail))
            .FieldAsync("eventsTail", async (run, call) => Tail((await run.StateAsync(call.CancellationToken)).SystemTail))
            .FieldAsync("systemMetrics", async (run, call) => (await run.StateAsync(call.CancellationToken)).SystemTail ?? "{}")
            .FieldAsync("parquetHistory", async (run, call) => new LiveHistory(await RowList.FirstStepAsync(run, call.CancellationToken)))
            .FieldAsync("logLines", async (run, call) => await LogAsync(run, call));
        schema.Object<LiveHistory>("ParquetHistory")
            .Field("parquetUrls", _ => Array.Empty<string>())
            .Field("liveData", live => live.FirstStep is { } step ? new[] { new RawJson(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"_step":{{step}}}"""))) } : []);
        schema.Object<Page<LogLine[]>>("LogLineConnection")
            .Field("edges", page => page.Items.SelectMany(lines => lines).Select(line => new LogNode(line)))
            .Field("pageInfo", page => new PageEnd(page.Items[0] is [.., var last] ? Cursor.Of((int)last.Line) : null, page.HasMore));
        schema.Object<LogNode>("LogLineEdge").Field("node", node => node).Field("cursor", node => Cursor.Of((int)node.Line.Line));
        schema.Object<LogNode>("LogLine")
            .Field("id", node => NodeId.Of("LogLine", node.Line.Line))
            .Field("number", node => node.Line.Line)
            .Field("timestamp", node => WandbTime.Of(node.Line.Time))
            .Field("level", node => node.Line.IsError ? "error" : "info")
            .Field("label", _ => null)
            .Field("line", node => node.Line.Text);
    }

    private static async ValueTask<List<string>> HistoryAsync(RunNode run, FieldCall call)
    {
        var least = call.Arguments.Number("minStep");
        var end = call.Arguments.Number("maxStep");

        // The last step is not part of a page.
        var steps = least is null && end is null ? StepRange.All : new StepRange(least ?? long.MinValue, end is { } past ? past - 1 : long.MaxValue);
        return await RowList.ReadAsync(run, LineStream.History, steps, Samples(call, DefaultSamples), call.CancellationToken);
    }

    private static async ValueTask<List<RawJson>> SampledAsync(RunNode run, FieldCall call)
    {
        var all = new List<RawJson>();
        foreach (var spec in call.Arguments.Texts("specs").Take(50))
        {
            all.Add(await SampledRows.ReadAsync(run, spec, call.CancellationToken));
        }

        return all;
    }

    private static async ValueTask<RawJson> KeysAsync(RunNode run, CancellationToken cancellationToken)
    {
        var state = await run.StateAsync(cancellationToken);
        if (state.HistoryLines == 0)
        {
            var measured = await RowList.MeasuredAsync(run, cancellationToken);
            foreach (var (key, point) in (await run.SnapshotAsync(cancellationToken)).Latest.Where(metric => measured.Contains(metric.Key)))
            {
                var slice = await run.Services.Series.SampleAsync(run.Run.Id, key, StepRange.All, buckets: 1, cancellationToken);
                if (state.Key(key) is { } known)
                {
                    known.Counts["number"] = slice.Count;
                    known.Last = point.Value;
                    known.IsMonotonic = false;
                    state.LastStep = Math.Max(state.LastStep, point.Step);
                }
            }
        }

        return new RawJson(state.ToHistoryKeys());
    }

    private static async ValueTask<long> LogCountAsync(RunNode run, CancellationToken cancellationToken) =>
        (await run.Services.Runs.ReadLogsAsync(run.Run.Id, after: long.MaxValue, limit: 0, cancellationToken)).Total;

    private static async ValueTask<Page<LogLine[]>> LogAsync(RunNode run, FieldCall call)
    {
        var after = (long)Cursor.Offset(call.Arguments.Text("after")) - 1;
        var wanted = (int)Math.Clamp(call.Arguments.Number("first") ?? call.Arguments.Number("last") ?? LogPage, 1, LogPage);
        if (call.Arguments.Has("last"))
        {
            after = await LogCountAsync(run, call.CancellationToken) - wanted - 1;
        }

        var page = await run.Services.Runs.ReadLogsAsync(run.Run.Id, after, wanted, call.CancellationToken);
        return new Page<LogLine[]>([[.. page.Lines]], HasMore: page.Lines is [.., var last] && last.Line + 1 < page.Total);
    }

    // A list of lines as JSON, inside of a text: clients look at the last.
    private static string Tail(string? line) => line is null ? "[]" : $"[{JsonText.Quote(line)}]";

    private static int Samples(FieldCall call, int missing) => (int)Math.Clamp(call.Arguments.Number("samples") ?? missing, 1, LargestPage);

    private sealed record LiveHistory(long? FirstStep);

    private sealed record LogNode(LogLine Line);
}
