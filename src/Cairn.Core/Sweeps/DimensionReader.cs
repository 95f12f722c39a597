using System.Text.Json;

namespace Cairn.Core.Sweeps;

/// <summary>Reads the "parameters" of a sweep's config.</summary>
internal static class DimensionReader
{
    private const int GreatestDepth = 8;
    private const int Most = 1000;

    /// <summary>The dimensions, in the order of the config; nested "parameters" are objects of the arguments.</summary>
    public static List<Dimension> Read(JsonElement parameters)
    {
        var found = new List<Dimension>();
        Add(found, parameters, [], 0);
        return found.Count <= Most ? found : throw CairnException.Invalid("parameters", $"The sweep has {found.Count} parameters; at most {Most} are possible.");
    }

    private static void Add(List<Dimension> found, JsonElement parameters, List<string> path, int depth)
    {
        if (parameters.ValueKind != JsonValueKind.Object || depth > GreatestDepth)
        {
            throw CairnException.Invalid("parameters", "'parameters' of the sweep must be an object: names, and how their values are chosen.");
        }

        foreach (var member in parameters.EnumerateObject())
        {
            List<string> name = [.. path, member.Name];
            if (member.Value.ValueKind == JsonValueKind.Object && member.Value.TryGetProperty("parameters", out var inner))
            {
                Add(found, inner, name, depth + 1);
            }
            else
            {
                found.Add(One(name, member.Value));
            }
        }
    }

    private static Dimension One(List<string> path, JsonElement spec)
    {
        var name = string.Join('.', path);
        if (spec.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid(name, $"The parameter '{name}' of the sweep must say \"value\", \"values\" or a \"distribution\".");
        }

        if (spec.TryGetProperty("value", out var constant))
        {
            return Choice(path, [constant.GetRawText()], [1]);
        }

        if (spec.TryGetProperty("values", out var values))
        {
            return Choice(path, spec, values, name);
        }

        var distribution = spec.TryGetProperty("distribution", out var given) ? given.GetString() : null;
        return Numbers(path, name, spec, distribution ?? Guess(name, spec));
    }

    // Without a distribution: whole bounds mean whole numbers, others any between them.
    private static string Guess(string name, JsonElement spec)
    {
        if (spec.TryGetProperty("min", out var min) && spec.TryGetProperty("max", out var max))
        {
            return min.ValueKind == JsonValueKind.Number && max.ValueKind == JsonValueKind.Number && min.TryGetInt64(out _) && max.TryGetInt64(out _) ? "int_uniform" : "uniform";
        }

        return spec.TryGetProperty("mu", out _) ? "normal"
            : throw CairnException.Invalid(name, $"The parameter '{name}' of the sweep must say \"value\", \"values\", \"min\" and \"max\", or a \"distribution\".");
    }

    private static Dimension Choice(List<string> path, JsonElement spec, JsonElement values, string name)
    {
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0)
        {
            throw CairnException.Invalid(name, $"'values' of the parameter '{name}' must be a list that is not empty.");
        }

        var texts = values.EnumerateArray().Select(value => value.GetRawText()).ToList();
        var weights = Enumerable.Repeat(1.0 / texts.Count, texts.Count).ToList();
        if (spec.TryGetProperty("probabilities", out var given) && given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == texts.Count)
        {
            weights = [.. given.EnumerateArray().Select(weight => weight.GetDouble())];
            if (weights.Any(weight => weight < 0) || Math.Abs(weights.Sum() - 1) > 1e-6)
            {
                throw CairnException.Invalid(name, $"'probabilities' of the parameter '{name}' must sum to 1.");
            }
        }

        return Choice(path, texts, weights);
    }

    private static Dimension Choice(List<string> path, List<string> values, List<double> weights) => new(path, values, weights, null, IsWhole: false, values.Count);

    private static Dimension Numbers(List<string> path, string name, JsonElement spec, string distribution)
    {
        double Given(string member, double? missing = null) =>
            spec.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble()
            : missing ?? throw CairnException.Invalid(name, $"The parameter '{name}' of the sweep with the distribution '{distribution}' needs a number '{member}'.");

        var isRounded = distribution.StartsWith("q_", StringComparison.Ordinal);
        var q = isRounded ? Given("q", 1) : 0;
        if (isRounded && q <= 0)
        {
            throw CairnException.Invalid(name, $"'q' of the parameter '{name}' must be greater than 0.");
        }

        var steps = 0L;
        Func<double, double> map;
        switch (isRounded ? distribution[2..] : distribution)
        {
            case "int_uniform":
                var (low, high) = Bounds(Given("min"), Given("max"));
                steps = (long)Math.Min(high - low + 1, long.MaxValue);
                map = point => Math.Min(high, Math.Floor(low + (point * (high - low + 1))));
                return new Dimension(path, [], [], map, IsWhole: true, steps);
            case "uniform":
                var (from, to) = Bounds(Given("min"), Given("max"));
                map = point => from + (point * (to - from));
                steps = isRounded ? (long)Math.Floor((to - from) / q) + 1 : 0;
                break;
            case "log_uniform":
                var (least, most) = Bounds(Given("min"), Given("max"));
                map = point => Math.Exp(least + (point * (most - least)));
                break;
            case "log_uniform_values":
                var (first, last) = Bounds(Math.Log(Positive("min")), Math.Log(Positive("max")));
                map = point => Math.Exp(first + (point * (last - first)));
                break;
            case "inv_log_uniform":
                var (start, end) = Bounds(Given("min"), Given("max"));
                map = point => 1 / Math.Exp(start + (point * (end - start)));
                break;
            case "inv_log_uniform_values":
                var (left, right) = Bounds(Math.Log(Positive("min")), Math.Log(Positive("max")));
                map = point => 1 - Math.Exp(left + (point * (right - left)));
                break;
            case "normal":
                var (mu, sigma) = (Given("mu", 0), Given("sigma", 1));
                map = point => mu + (sigma * NormalQuantile.Of(point));
                break;
            case "log_normal":
                var (mean, spread) = (Given("mu", 0), Given("sigma", 1));
                map = point => Math.Exp(mean + (spread * NormalQuantile.Of(point)));
                break;
            default:
                throw CairnException.Invalid(name, $"The distribution '{distribution}' of the parameter '{name}' is not known. Known are constant, categorical, int_uniform, uniform, log_uniform, log_uniform_values, inv_log_uniform, normal, log_normal, and q_ before them.");
        }

        var exact = map;
        return new Dimension(path, [], [], isRounded ? point => Math.Round(exact(point) / q) * q : map, IsWhole: isRounded && q == Math.Floor(q), steps);

        double Positive(string member) => Given(member) is > 0 and var value ? value : throw CairnException.Invalid(name, $"'{member}' of the parameter '{name}' must be greater than 0.");

        (double Low, double High) Bounds(double one, double other) =>
            one <= other ? (one, other) : throw CairnException.Invalid(name, $"'min' of the parameter '{name}' is greater than 'max'.");
    }
}
