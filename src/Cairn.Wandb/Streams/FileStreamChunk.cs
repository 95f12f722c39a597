using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Streams;

/// <summary>
/// One chunk of a file stream, turned into one update of the run: lines with their numbers, so that a chunk sent twice or
/// late comes out the same.
/// </summary>
/// <param name="run">Whose.</param>
/// <param name="state">Where its streams stand; it is brought up to date.</param>
/// <param name="now">The time, Unix milliseconds.</param>
/// <param name="before">What is known of a run that ends with this chunk; null for any other.</param>
internal sealed class FileStreamChunk(Run run, StreamState state, long now, RunBefore? before)
{
    private const string SummaryFile = "wandb-summary.json";

    private readonly List<LineBlock> blocks = [];
    private readonly List<SeriesPoint> points = [];
    private readonly List<Media> media = [];
    private readonly List<LogLine> logs = [];
    private readonly List<RunDocument> documents = [];
    private readonly List<Param> summary = [];
    private RunStatus? status;
    private bool isResent;

    /// <summary>Whether a run is over with this chunk.</summary>
    public static bool Ends(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("complete"u8, out var complete) && complete.ValueKind == JsonValueKind.True;

    public RunUpdate Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid("body", "The body must be a JSON object.");
        }

        if (body.TryGetProperty("files"u8, out var files) && files.ValueKind != JsonValueKind.Null)
        {
            ReadFiles(files);
        }

        if (Ends(body))
        {
            status = StatusOf(body.TryGetProperty("exitcode"u8, out var code) ? code : default);
        }

        if (status is not null && before is not null)
        {
            AddNumbersOnlySaid(documents.LastOrDefault(document => document.Name == RunSummary.Document).Json ?? before.Summary, before.Latest);
        }

        if (blocks.Count > 0 || logs.Count > 0 || isResent)
        {
            documents.Add(state.ToDocument());
        }

        return new RunUpdate(run.Id)
        {
            Points = points,
            Lines = blocks,
            Media = [.. media.DistinctBy(picture => (picture.Key, picture.Step, picture.Path))],
            Logs = logs,
            Documents = documents,
            Summary = summary,
            HeartbeatAt = now,
            Status = status,
        };
    }

    // Not before the end: clients send the summary of a row before the row.
    private void AddNumbersOnlySaid(string? text, IReadOnlyList<LatestMetric> latest)
    {
        using var read = LenientJson.Parse(text ?? "{}", SummaryFile);
        points.AddRange(RunSummary.Points(RunSummary.Values(read.RootElement).DistinctBy(value => value.Key), state, latest, now));
    }

    private RunStatus StatusOf(JsonElement exitCode)
    {
        var isZero = exitCode.ValueKind != JsonValueKind.Number || (exitCode.TryGetInt64(out var code) && code == 0);
        return isZero ? RunStatus.Finished : run.StopRequested ? RunStatus.Killed : RunStatus.Failed;
    }

    private void ReadFiles(JsonElement files)
    {
        if (files.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid("files", "'files' must be an object.");
        }

        // The summary last: whether a number of it is also one of the history is known then.
        foreach (var file in files.EnumerateObject().OrderBy(file => file.Name == SummaryFile))
        {
            // The console of old clients comes as several pieces at once.
            var pieces = file.Value.ValueKind == JsonValueKind.Array ? [.. file.Value.EnumerateArray()] : new List<JsonElement> { file.Value };
            foreach (var piece in pieces)
            {
                ReadPiece(file.Name, piece);
            }
        }
    }

    private void ReadPiece(string file, JsonElement piece)
    {
        if (piece.ValueKind != JsonValueKind.Object || !piece.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.Array)
        {
            throw CairnException.Invalid($"files.{file}", $"'files.{file}' must hold \"offset\" and \"content\", a list of lines.");
        }

        var offset = 0L;
        if (piece.TryGetProperty("offset"u8, out var given) && !(given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out offset) && offset is >= 0 and < RunRules.LogLines))
        {
            throw CairnException.Invalid($"files.{file}.offset", $"'files.{file}.offset' must be a whole number from 0 to {RunRules.LogLines - 1}.");
        }

        if (content.GetArrayLength() == 0)
        {
            return;
        }

        switch (file)
        {
            case "wandb-history.jsonl":
                ReadRows(file, LineStream.History, offset, content);
                break;
            case "wandb-events.jsonl":
                ReadRows(file, LineStream.System, offset, content);
                break;
            case SummaryFile:
                ReadSummary(content[content.GetArrayLength() - 1]);
                break;
            case "output.log":
                ReadConsole(offset, content);
                break;
            default:
                // Files of other names are sent by nothing known; their bytes come by upload.
                throw CairnException.Invalid("files", $"'files.{file}' is not known; wandb-history.jsonl, wandb-events.jsonl, wandb-summary.json and output.log are.");
        }
    }

    private void ReadRows(string file, LineStream stream, long offset, JsonElement content)
    {
        var isHistory = stream == LineStream.History;
        var resent = isHistory ? ResentRows.Count(state, offset, content) : 0;
        isResent |= resent > 0;
        if (resent == content.GetArrayLength())
        {
            return;
        }

        var reader = new RowReader(state, file, isHistory, run.StartedAt);
        var text = new LineBuffer();
        var start = offset + resent;
        var number = start;
        var counted = isHistory ? state.CountedLines : long.MaxValue;
        foreach (var line in content.EnumerateArray().Skip(resent))
        {
            reader.Read(number, text.Add(line, file), number >= counted);
            number++;
        }

        foreach (var key in state.Keys)
        {
            foreach (var point in key.Points)
            {
                points.Add(new SeriesPoint(key.Name, point));
            }

            key.Points.Clear();
        }

        media.AddRange(reader.Media);
        blocks.Add(new LineBlock(stream, start, content.GetArrayLength() - resent, reader.LeastStep, reader.GreatestStep, text.Bytes));
        if (isHistory)
        {
            if (number >= state.HistoryLines)
            {
                (state.HistoryLines, state.HistoryTail, state.HistoryTailStep) = (number, text.Last, reader.Step);
            }

            state.CountedLines = Math.Max(state.CountedLines, number);
        }
        else if (number >= state.SystemLines)
        {
            (state.SystemLines, state.SystemTail) = (number, text.Last);
        }
    }

    private void ReadSummary(JsonElement line)
    {
        var text = TextOf(line, SummaryFile);
        using var document = LenientJson.Parse(text, SummaryFile);
        documents.Add(new RunDocument(RunSummary.Document, text));
        foreach (var value in RunSummary.Values(document.RootElement).DistinctBy(value => value.Key))
        {
            // The newest point is shown anyway; a summary value is kept where it says something else, or did.
            var isShown = state.Shown.TryGetValue(value.Key, out var shown);
            if (isShown ? shown != value : !(state.KnowsShown && IsNewest(value)))
            {
                summary.Add(value);
                state.Shown[value.Key] = value;
            }
        }
    }

    private bool IsNewest(Param value) => value.Kind == ParamKind.Number && value.Number is { } number && state.Newest(value.Key) is { } last && last.Equals(number);

    private void ReadConsole(long offset, JsonElement content)
    {
        var number = offset;
        foreach (var line in content.EnumerateArray())
        {
            logs.Add(ConsoleText.Read(number++, TextOf(line, "output.log"), now));
        }

        state.LogLines = Math.Max(state.LogLines, number);
    }

    private static string TextOf(JsonElement line, string file)
    {
        if (line.ValueKind != JsonValueKind.String)
        {
            throw CairnException.Invalid($"files.{file}", $"A line of 'files.{file}' is a {line.ValueKind}; lines are texts.");
        }

        try
        {
            return line.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw CairnException.Invalid($"files.{file}", $"A line of 'files.{file}' is not valid Unicode (it has half of a surrogate pair).");
        }
    }

    /// <summary>The lines of a block, unescaped, one after another.</summary>
    private sealed class LineBuffer
    {
        private byte[] bytes = new byte[64 * 1024];
        private int length;
        private int lastStart;

        public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, length);

        /// <summary>The last line as text.</summary>
        public string Last => Encoding.UTF8.GetString(bytes, lastStart, length - lastStart - 1);

        public ReadOnlySpan<byte> Add(JsonElement line, string file)
        {
            if (line.ValueKind != JsonValueKind.String)
            {
                throw CairnException.Invalid($"files.{file}", $"A line of 'files.{file}' is a {line.ValueKind}; lines are texts.");
            }

            var raw = JsonMarshal.GetRawUtf8Value(line);
            while (bytes.Length < length + raw.Length + 1)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }

            lastStart = length;
            length += Unescape(raw, file);

            // Line feeds within a row are space between its members; between rows they end them.
            var added = bytes.AsSpan(lastStart, length - lastStart).TrimEnd((byte)'\n');
            added.Replace((byte)'\n', (byte)' ');
            length = lastStart + added.Length;
            bytes[length++] = (byte)'\n';
            return added;
        }

        private int Unescape(ReadOnlySpan<byte> raw, string file)
        {
            try
            {
                var reader = new Utf8JsonReader(raw);
                reader.Read();
                return reader.CopyString(bytes.AsSpan(length));
            }
            catch (InvalidOperationException)
            {
                throw CairnException.Invalid($"files.{file}", $"A line of 'files.{file}' is not valid Unicode (it has half of a surrogate pair).");
            }
        }
    }
}

/// <summary>What is known of a run before its last chunk.</summary>
/// <param name="Summary">Its summary, or null.</param>
/// <param name="Latest">The newest point of each of its series.</param>
internal sealed record RunBefore(string? Summary, IReadOnlyList<LatestMetric> Latest);
