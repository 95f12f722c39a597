using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What a run told about its machine and what it wanted people to know.</summary>
internal static class MachineEndpoints
{
    /// <summary>The document of a run that holds its alerts.</summary>
    private const string AlertsDocument = "alerts";

    /// <summary>Samples beyond this are thinned out evenly: weeks of them.</summary>
    private const int MostSamples = 20_000;

    private const string Prefix = "system.";

    public static async Task Alerts(HttpContext http)
    {
        var id = await KnownRunAsync(http);
        using var alerts = JsonDocument.Parse(await Store(http).FindDocumentAsync(id, AlertsDocument, http.RequestAborted) ?? "[]");
        await http.WriteJsonAsync(new Wire.AlertList(
        [
            .. alerts.RootElement.EnumerateArray().Select(alert => new Wire.RunAlert(
                alert.GetProperty("at"u8).GetInt64(),
                alert.GetProperty("severity"u8).GetString() ?? "INFO",
                alert.GetProperty("title"u8).GetString() ?? "",
                alert.GetProperty("text"u8).GetString() ?? "")).Reverse(),
        ]));
    }

    /// <summary>The load of the machine as W&amp;B's client samples it: one series for each thing measured.</summary>
    public static async Task Load(HttpContext http)
    {
        var id = await KnownRunAsync(http);
        var lines = new List<(long Number, byte[] Utf8)>();
        var every = 1;
        await Store(http).ReadLinesAsync(
            id,
            LineStream.System,
            firstLine: 0,
            StepRange.All,
            (number, utf8) =>
            {
                if (number % every == 0)
                {
                    lines.Add((number, utf8.ToArray()));
                }

                if (lines.Count > MostSamples)
                {
                    every *= 2;
                    lines.RemoveAll(line => line.Number % every != 0);
                }

                return true;
            },
            http.RequestAborted);
        var series = new SortedDictionary<string, (List<long> Steps, List<long> Times, List<double> Values)>(StringComparer.Ordinal);
        foreach (var (number, utf8) in lines)
        {
            Read(utf8, number, series);
        }

        await http.WriteJsonAsync(new Wire.SeriesList(
            [.. series.Select(one => new Wire.SeriesData(one.Key, one.Value.Steps.Count, every > 1, one.Value.Steps, one.Value.Times, one.Value.Values))]));
    }

    private static void Read(byte[] utf8, long number, SortedDictionary<string, (List<long> Steps, List<long> Times, List<double> Values)> series)
    {
        try
        {
            using var line = JsonDocument.Parse(utf8);
            if (line.RootElement.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            var time = line.RootElement.TryGetProperty("_timestamp"u8, out var stamp) && stamp.TryGetDouble(out var seconds) ? (long)(seconds * 1000) : 0;
            foreach (var field in line.RootElement.EnumerateObject())
            {
                if (!field.Name.StartsWith(Prefix, StringComparison.Ordinal) || field.Value.ValueKind != JsonValueKind.Number)
                {
                    continue;
                }

                var key = field.Name[Prefix.Length..];
                if (!series.TryGetValue(key, out var columns))
                {
                    series[key] = columns = ([], [], []);
                }

                columns.Steps.Add(number);
                columns.Times.Add(time);
                columns.Values.Add(field.Value.GetDouble());
            }
        }
        catch (JsonException)
        {
            // A line with NaN in it is not strict JSON; a sample that is missing is no reason to show none.
        }
    }

    private static async Task<RunId> KnownRunAsync(HttpContext http)
    {
        var id = Bind.RunId(http);
        return (await Store(http).FindRunsAsync([id], http.RequestAborted)).Count > 0 ? id : throw CairnException.NotFound($"Run with id={id} not found");
    }

    private static IRunStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IRunStore>();
}
