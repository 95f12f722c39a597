using System.Globalization;

namespace SeattleWeather;

/// <summary>
/// The command line of a component: <c>--name value</c> pairs. Defaults live in the component's MLproject and nowhere
/// else, so every argument that is asked for must be there.
/// </summary>
public sealed class Arguments
{
    private readonly Dictionary<string, string> values;
    private readonly HashSet<string> asked = [];

    private Arguments(Dictionary<string, string> values) => this.values = values;

    /// <summary>All that was given, as text.</summary>
    public IReadOnlyDictionary<string, object?> Given => values.ToDictionary(pair => pair.Key, pair => (object?)pair.Value);

    /// <summary>Reads a command line.</summary>
    public static Arguments Parse(IReadOnlyList<string> line)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < line.Count; i += 2)
        {
            if (!line[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == line.Count)
            {
                throw new StopException($"'{line[i]}': arguments come in pairs, such as --trees 100.");
            }

            if (!values.TryAdd(line[i][2..], line[i + 1]))
            {
                throw new StopException($"{line[i]} is given twice.");
            }
        }

        return new Arguments(values);
    }

    /// <summary>Text that is not empty.</summary>
    public string Text(string name)
    {
        asked.Add(name);
        return values.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new StopException($"--{name} is missing; give it as -P {name}=VALUE.");
    }

    /// <summary>A whole number not below <paramref name="least"/>.</summary>
    public int Whole(string name, int least)
    {
        var text = Text(name);
        // MLflow's only numeric parameter type is float, so 100 may arrive as 100.0.
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value == Math.Truncate(value) && value >= least && value <= int.MaxValue
            ? (int)value
            : throw new StopException($"--{name} must be a whole number from {least}, but is '{text}'.");
    }

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public double Number(string name, double least, double most)
    {
        var text = Text(name);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new StopException(string.Create(CultureInfo.InvariantCulture, $"--{name} must be a number from {least} to {most}, but is '{text}'."));
    }

    /// <summary>Refuses arguments that nobody asked for: they are spelling mistakes.</summary>
    public void RefuseOthers()
    {
        var others = values.Keys.Where(name => !asked.Contains(name)).ToArray();
        if (others.Length > 0)
        {
            throw new StopException($"--{others[0]} is not known here; known are {string.Join(", ", asked.Order(StringComparer.Ordinal).Select(name => "--" + name))}.");
        }
    }
}
