using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class SeriesEndpoints
{
    private const int MostKeys = 100;
    private const int MostRuns = 1000;
    private const int MostBuckets = 10_000;
    private const int MissingBuckets = 500;

    public static async Task Get(HttpContext http)
    {
        var run = Bind.RunId(http);
        var keys = Bind.All(http, "key");
        Check(keys.Count, "key", MostKeys, "metrics");
        var range = new StepRange(
            Bind.Number(http, "from", long.MinValue, long.MinValue, long.MaxValue),
            Bind.Number(http, "to", long.MaxValue, long.MinValue, long.MaxValue));
        var buckets = (int)Bind.Number(http, "buckets", MissingBuckets, least: 0, MostBuckets);
        var series = await Store(http).SampleAsync(run, keys, range, buckets, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.SeriesList([.. series.Select(ToWire)]));
    }

    /// <summary>Many series of many runs in one answer, as columns of bytes: what a page of charts asks for.</summary>
    public static async Task Draw(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.SeriesRequest>();
        Check(request.Runs.Count, "runs", MostRuns, "runs");
        Check(request.Keys.Count, "keys", MostKeys, "metrics");
        if (request.Buckets is < 1 or > MostBuckets)
        {
            throw CairnException.Invalid("buckets", $"'buckets' is {request.Buckets}; it must be a whole number from 1 to {MostBuckets}.");
        }

        var runs = request.Runs.Select((id, i) => RunId.Parse(Bind.Given(id, "runs", i))).ToList();
        var keys = request.Keys.Select((key, i) => Bind.Given(key, "keys", i)).ToList();
        var range = new StepRange(request.From ?? long.MinValue, request.To ?? long.MaxValue);
        var store = Store(http);
        http.Response.ContentType = "application/octet-stream";
        foreach (var run in runs)
        {
            IReadOnlyList<SeriesSlice> series;
            try
            {
                series = await store.SampleAsync(run, keys, range, request.Buckets ?? MissingBuckets, http.RequestAborted);
            }
            catch (CairnException fault) when (fault.Code == ErrorCode.NotFound)
            {
                // Removed for good while a page still shows it: the others are drawn all the same.
                continue;
            }

            foreach (var one in series)
            {
                // A run need not have every metric, nor points in the range.
                if (one.Count > 0)
                {
                    SeriesColumns.Write(http.Response.BodyWriter, run, one, request.Times ?? true);
                }
            }

            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }

    private static ISeriesStore Store(HttpContext http) => http.RequestServices.GetRequiredService<ISeriesStore>();

    private static void Check(int given, string field, int most, string what)
    {
        if (given == 0 || given > most)
        {
            throw CairnException.Invalid(field, $"'{field}' is given {given} times; name 1 to {most} {what}.");
        }
    }

    private static Wire.SeriesData ToWire(SeriesSlice slice)
    {
        var steps = new long[slice.Points.Count];
        var times = new long[slice.Points.Count];
        var values = new double[slice.Points.Count];
        for (var i = 0; i < slice.Points.Count; i++)
        {
            (steps[i], times[i], values[i]) = slice.Points[i];
        }

        return new Wire.SeriesData(slice.Key, slice.Count, slice.IsSampled, steps, times, values);
    }
}
