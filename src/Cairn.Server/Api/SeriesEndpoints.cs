using Cairn.Core;
using Cairn.Core.Series;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class SeriesEndpoints
{
    private const int MostKeys = 100;
    private const int MostBuckets = 10_000;

    public static async Task Get(HttpContext http)
    {
        var run = Bind.RunId(http);
        var keys = Bind.All(http, "key");
        if (keys.Count is 0 or > MostKeys)
        {
            throw CairnException.Invalid("key", $"'key' is given {keys.Count} times; name 1 to {MostKeys} metrics.");
        }

        var range = new StepRange(
            Bind.Number(http, "from", long.MinValue, long.MinValue, long.MaxValue),
            Bind.Number(http, "to", long.MaxValue, long.MinValue, long.MaxValue));
        var buckets = (int)Bind.Number(http, "buckets", missing: 500, least: 0, MostBuckets);
        var store = http.RequestServices.GetRequiredService<ISeriesStore>();
        var series = new List<Wire.SeriesData>();
        foreach (var key in keys)
        {
            var slice = buckets == 0
                ? await store.ReadAsync(run, key, range, http.RequestAborted)
                : await store.SampleAsync(run, key, range, buckets, http.RequestAborted);
            series.Add(ToWire(slice));
        }

        await http.WriteJsonAsync(new Wire.SeriesList(series));
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
