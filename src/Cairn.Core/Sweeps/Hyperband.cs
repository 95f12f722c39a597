using System.Text.Json;

namespace Cairn.Core.Sweeps;

/// <summary>
/// Ends runs early that are not among the best at certain numbers of iterations: at each of them, only the best one in
/// <see cref="Eta"/> goes on.
/// </summary>
public sealed class Hyperband
{
    private const int MostBands = 20;

    private Hyperband(double eta, List<int> bands) => (Eta, Bands) = (eta, bands);

    public double Eta { get; }

    /// <summary>Numbers of iterations at which runs are compared, ascending.</summary>
    public IReadOnlyList<int> Bands { get; }

    public static Hyperband Read(JsonElement config)
    {
        var type = config.TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        if (type != "hyperband")
        {
            throw CairnException.Invalid("early_terminate", $"'early_terminate' has the type '{type}'; hyperband is known.");
        }

        var eta = Number(config, "eta") ?? 3;
        if (eta <= 1)
        {
            throw CairnException.Invalid("early_terminate", "'eta' of 'early_terminate' must be greater than 1.");
        }

        if (Number(config, "min_iter") is { } least and > 0)
        {
            return new Hyperband(eta, Distinct(Enumerable.Range(0, MostBands).Select(power => least * Math.Pow(eta, power))));
        }

        if (Number(config, "max_iter") is { } most and > 0 && Number(config, "s") is { } brackets and > 0)
        {
            return new Hyperband(eta, Distinct(Enumerable.Range(1, (int)Math.Min(brackets, MostBands)).Select(power => most / Math.Pow(eta, power))));
        }

        throw CairnException.Invalid("early_terminate", "'early_terminate' needs 'min_iter', or 'max_iter' and 's'.");
    }

    /// <summary>Which runs to end.</summary>
    /// <param name="runs">For each run its losses, one for each iteration.</param>
    /// <param name="isRunning">Whether the run of that index can still be ended.</param>
    public IReadOnlyList<int> Losers(IReadOnlyList<IReadOnlyList<double>> runs, Func<int, bool> isRunning)
    {
        var losers = new SortedSet<int>();
        foreach (var band in Bands)
        {
            // Each run's best up to the band, for those that reached it.
            var best = runs.Select(losses => losses.Count >= band ? losses.Take(band).Where(loss => !double.IsNaN(loss)).DefaultIfEmpty(double.PositiveInfinity).Min() : (double?)null).ToList();
            var reached = best.Where(loss => loss is not null).Select(loss => loss!.Value).Order().ToList();
            if (reached.Count < Eta)
            {
                continue;
            }

            var threshold = reached[(int)Math.Ceiling(reached.Count / Eta) - 1];
            for (var i = 0; i < runs.Count; i++)
            {
                if (best[i] > threshold && isRunning(i))
                {
                    losers.Add(i);
                }
            }
        }

        return [.. losers];
    }

    private static List<int> Distinct(IEnumerable<double> bands) =>
        [.. bands.Where(band => band is >= 1 and < 1e9).Select(band => (int)band).Distinct().Order()];

    private static double? Number(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
