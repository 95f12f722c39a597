using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <summary>Collects points into columns by metric.</summary>
internal sealed class SeriesBuilder
{
    private readonly Dictionary<string, ImportSeries> series = new(StringComparer.Ordinal);
    private readonly List<ImportSeries> order = [];

    public void Add(string key, long step, long time, double value)
    {
        if (!series.TryGetValue(key, out var columns))
        {
            series.Add(key, columns = new ImportSeries(key, new List<long>(), new List<long>(), new List<double>()));
            order.Add(columns);
        }

        ((List<long>)columns.Steps).Add(step);
        ((List<long>)columns.Times).Add(time);
        ((List<double>)columns.Values).Add(value);
    }

    public IReadOnlyList<ImportSeries> Build() => order;
}
