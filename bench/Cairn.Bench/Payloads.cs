using System.Globalization;
using System.Text;

namespace Cairn.Bench;

/// <summary>Bodies as real clients send them: noisy doubles with full mantissas, the hardest honest case for storage.</summary>
internal static class Payloads
{
    /// <summary>MLflow's log-batch of <paramref name="count"/> metrics: <paramref name="keys"/> names, steps going on from <paramref name="firstStep"/>.</summary>
    public static byte[] LogBatch(string runId, int count, int keys, long firstStep, Random random)
    {
        var text = new StringBuilder(count * 80);
        text.Append(CultureInfo.InvariantCulture, $$"""{"run_id":"{{runId}}","run_uuid":"{{runId}}","metrics":[""");
        var time = 1_790_000_000_000 + (firstStep * 37);
        for (var i = 0; i < count; i++)
        {
            var step = firstStep + (i / keys);
            var value = (1 / (1 + (step * 0.001))) + (random.NextDouble() * 0.05);
            text.Append(i == 0 ? "" : ",");
            text.Append(CultureInfo.InvariantCulture, $$"""{"key":"metric_{{i % keys}}","value":{{value:R}},"timestamp":{{time + ((i / keys) * 37) + random.Next(5)}},"step":{{step}}}""");
        }

        return Encoding.UTF8.GetBytes(text.Append("],\"params\":[],\"tags\":[]}").ToString());
    }

    public static byte[] LogMetric(string runId, long step, Random random) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"run_id":"{{runId}}","run_uuid":"{{runId}}","key":"loss","value":{{random.NextDouble():R}},"timestamp":{{1_790_000_000_000 + (step * 37)}},"step":{{step}}}"""));
}
