using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What runs have to look at: pictures, tables, histograms.</summary>
internal static class MediaEndpoints
{
    private const int MostRuns = 1000;
    private const int MostFiles = 200;
    private const int MostHistograms = 1000;

    /// <summary>Largest number of bars of a histogram that is answered; clients send 512 at most.</summary>
    private const int MostBars = 4096;

    private static readonly string[] Shown = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".json"];

    public static async Task List(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.MediaRequest>();
        if (request.Runs.Count is 0 or > MostRuns)
        {
            throw CairnException.Invalid("runs", $"'runs' is given {request.Runs.Count} times; name 1 to {MostRuns} runs.");
        }

        var ids = request.Runs.Select((id, i) => RunId.Parse(Bind.Given(id, "runs", i))).ToList();
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var files = http.RequestServices.GetRequiredService<IFileStore>();
        var found = new List<Wire.RunMedia>();
        foreach (var run in await store.FindRunsAsync(ids, http.RequestAborted))
        {
            var media = await store.ReadMediaAsync(run.Id, http.RequestAborted);
            var known = media.Select(one => one.Path).ToHashSet(StringComparer.Ordinal);
            var others = (await files.ListAsync(new FileOwner(run.Id.Value), "", http.RequestAborted))
                .Select(file => file.Path)
                .Where(path => !known.Contains(path) && Shown.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                .Take(MostFiles)
                .ToList();
            if (media.Count + others.Count > 0)
            {
                found.Add(new Wire.RunMedia(run.Id.Value, [.. media.Select(one => one.ToWire())], others));
            }
        }

        await http.WriteJsonAsync(new Wire.MediaList(found));
    }

    public static async Task Histograms(HttpContext http)
    {
        var run = Bind.RunId(http);
        var key = Bind.Query(http, "key") ?? throw CairnException.Invalid("key", "Name the histogram: 'key'.");
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var steps = (await store.ReadMediaAsync(run, http.RequestAborted)).Where(media => media.Key == key && media.Kind == "histogram").Select(media => media.Step).ToList();
        var every = (steps.Count + MostHistograms - 1) / MostHistograms;
        var wanted = steps.Where((_, i) => i % Math.Max(1, every) == 0 || i == steps.Count - 1).ToHashSet();
        var found = new SortedDictionary<long, Wire.HistogramInfo>();
        if (wanted.Count > 0)
        {
            await store.ReadLinesAsync(run, LineStream.History, 0, new StepRange(wanted.Min(), wanted.Max()), Visit, http.RequestAborted);
        }

        await http.WriteJsonAsync(new Wire.HistogramList([.. found.Values], steps.Count));

        bool Visit(long line, ReadOnlySpan<byte> utf8)
        {
            if (Read(utf8, line, key) is { } histogram && wanted.Contains(histogram.Step))
            {
                found[histogram.Step] = histogram;
            }

            return true;
        }
    }

    /// <summary>The histogram of a row under a key, whose dots stand for nested objects; null where the row has none that can be read.</summary>
    private static Wire.HistogramInfo? Read(ReadOnlySpan<byte> utf8, long line, string key)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            if (Find(document.RootElement, key) is not { } value
                || !value.TryGetProperty("values"u8, out var counts) || counts.ValueKind != JsonValueKind.Array || counts.GetArrayLength() is 0 or > MostBars)
            {
                return null;
            }

            var bars = counts.EnumerateArray().Select(count => count.GetDouble()).ToArray();
            var step = document.RootElement.TryGetProperty("_step"u8, out var given) && given.TryGetInt64(out var at) ? at : line;
            return Edges(value, bars.Length) is { } edges ? new Wire.HistogramInfo(step, bars, edges) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Kept as a client sent it, and no histogram for that.
            return null;
        }
    }

    private static JsonElement? Find(JsonElement row, string key)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (row.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Object)
        {
            return value;
        }

        for (var dot = key.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = key.IndexOf('.', dot + 1))
        {
            if (row.TryGetProperty(key[..dot], out var inner) && Find(inner, key[(dot + 1)..]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Edges as they are, or as the client packs even ones: least, width of a bar, how many.</summary>
    private static double[]? Edges(JsonElement value, int bars)
    {
        if (value.TryGetProperty("bins"u8, out var bins) && bins.ValueKind == JsonValueKind.Array && bins.GetArrayLength() == bars + 1)
        {
            return [.. bins.EnumerateArray().Select(edge => edge.GetDouble())];
        }

        if (!value.TryGetProperty("packedBins"u8, out var packed) || packed.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var (least, width) = (packed.GetProperty("min"u8).GetDouble(), packed.GetProperty("size"u8).GetDouble());
        return [.. Enumerable.Range(0, bars + 1).Select(i => least + (i * width))];
    }
}
