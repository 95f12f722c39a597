using System.Globalization;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>
/// Changes of parameters in Hydra's style: <c>a.b=1</c> changes, <c>+a.b=1</c> adds, <c>++a.b=1</c> does either,
/// <c>~a.b</c> removes, <c>group=option</c> chooses. For sweeps a value is a list (<c>lr=0.1,0.01</c>,
/// <c>range(1,5)</c>, <c>choice(a,b)</c>).
/// </summary>
internal static class Overrides
{
    private const int MostCombinations = 10_000;
    private static readonly string[] SeveralOpen = ["choice(", "range("];

    /// <summary>The pipeline's parameters with the changes.</summary>
    /// <exception cref="PipelineException">A change does not fit.</exception>
    public static MapValue Apply(Pipeline pipeline, IReadOnlyList<string> changes)
    {
        var chosen = pipeline.Chosen.ToList();
        var rest = new List<(string Sign, string Key, string? Value)>();
        foreach (var change in changes)
        {
            var parsed = Split(change);
            if (parsed is { Sign: "", Value: { } option } && pipeline.Groups.FirstOrDefault(group => group.Name == parsed.Key) is { } group
                && (group.Options.Any(known => known.Key == option) || pipeline.Parameters.Find(parsed.Key) is null or MapValue))
            {
                if (group.Options.All(known => known.Key != option))
                {
                    throw new PipelineException($"'{change}': group '{group.Name}' has no option '{option}'; it has {string.Join(", ", group.Options.Select(known => $"'{known.Key}'"))}.");
                }

                chosen.RemoveAll(pair => pair.Key == group.Name);
                chosen.Add(new(group.Name, option));
            }
            else
            {
                rest.Add(parsed);
            }
        }

        var values = pipeline.Parameters;
        foreach (var (name, option) in chosen)
        {
            var group = pipeline.Groups.First(group => group.Name == name);
            values = values.Merge(new MapValue([new(name, group.Options.First(known => known.Key == option).Value)]));
        }

        return rest.Aggregate(values, (map, change) => Change(map, change.Key.Split('.'), 0, change));
    }

    /// <summary>All combinations of the changes that hold several values; one list where none does.</summary>
    /// <exception cref="PipelineException">There are too many, or a range cannot be read.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Sweep(IReadOnlyList<string> changes)
    {
        IEnumerable<IReadOnlyList<string>> combinations = [[]];
        long count = 1;
        foreach (var change in changes)
        {
            var (sign, key, value) = Split(change);
            var values = value is null ? [change] : Several(value).Select(one => $"{sign}{key}={one}").ToArray();
            count *= values.Length;
            if (count > MostCombinations)
            {
                throw new PipelineException($"The sweep has more than {MostCombinations} combinations.");
            }

            combinations = combinations.SelectMany(before => values.Select(one => (IReadOnlyList<string>)[.. before, one])).ToArray();
        }

        return combinations.ToArray();
    }

    private static (string Sign, string Key, string? Value) Split(string change)
    {
        var sign = change.StartsWith("++", StringComparison.Ordinal) ? "++" : change.Length > 0 && change[0] is '+' or '~' ? change[..1] : "";
        var rest = change[sign.Length..];
        var equals = rest.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? rest : rest[..equals];
        if (key.Length == 0 || key.Split('.').Any(part => part.Length == 0) || key.Any(c => char.IsWhiteSpace(c)) || (equals < 0 && sign != "~"))
        {
            throw new PipelineException($"'{change}' is no change of a parameter. Write name=value, group.name=value, +new=value or ~name.");
        }

        return (sign, key, equals < 0 ? null : rest[(equals + 1)..]);
    }

    private static MapValue Change(MapValue map, string[] path, int depth, (string Sign, string Key, string? Value) change)
    {
        var (name, isLast) = (path[depth], depth == path.Length - 1);
        var there = map.Find(name);
        if (there is null && change.Sign is "" or "~")
        {
            var near = Closest.To(name, map.Pairs.Select(pair => pair.Key));
            throw new PipelineException(
                $"There is no parameter '{change.Key}'.{(near is null ? "" : $" Did you mean '{string.Join('.', path[..depth].Append(near))}'?")}{(change.Sign == "~" ? "" : $" A new one is added by +{change.Key}={change.Value}.")}");
        }

        if (!isLast)
        {
            return there is null or MapValue
                ? map.With(name, Change(there as MapValue ?? new MapValue([]), path, depth + 1, change))
                : throw new PipelineException($"'{change.Key}': '{string.Join('.', path[..(depth + 1)])}' is {there.Kind}, not a mapping.");
        }

        if (change.Sign == "~")
        {
            return map.Without(name);
        }

        if (there is not null && change.Sign == "+")
        {
            throw new PipelineException($"Parameter '{change.Key}' is there already; change it without the '+'.");
        }

        if (Call(change.Value!, "choice") is not null || Call(change.Value!, "range") is not null)
        {
            throw new PipelineException($"'{change.Key}={change.Value}' names several values: -m runs the pipeline for each of them. Text that looks so is written in quotes: {change.Key}=\"'{change.Value}'\".");
        }

        var value = Value(change.Value!);
        return there is MapValue { Pairs: { Count: > 0 } inside } && value is not (MapValue or NullValue)
            ? throw new PipelineException($"'{change.Key}' is a mapping of {string.Join(", ", inside.Select(pair => $"'{pair.Key}'"))}, and no group of which '{change.Value}' could be chosen. Change what is in it ({change.Key}.{inside[0].Key}=…), or give a mapping.")
            : map.With(name, value);
    }

    /// <summary>Lists and mappings are YAML in one line, the rest plain text.</summary>
    private static PlainValue Value(string text)
    {
        var quoted = text.Length > 1 && text[0] is '\'' or '"' && text[^1] == text[0];
        if (quoted)
        {
            return new TextValue(text[1..^1]);
        }

        if (text.Length == 0)
        {
            return new TextValue("");
        }

        if (text[0] is not ('[' or '{'))
        {
            return PlainValue.OfText(text);
        }

        try
        {
            return YamlDocument.Read(text, new ProjectFindings("")) is { } node ? PlainValue.Of(node) : PlainValue.Null;
        }
        catch (ProjectFileException)
        {
            throw new PipelineException($"'{text}' is no list or mapping: look at its brackets and quotes. Text that begins so is written in quotes: \"'{text}'\".");
        }
    }

    private static List<string> Several(string value)
    {
        if (!value.EndsWith(')') && SeveralOpen.FirstOrDefault(call => value.StartsWith(call, StringComparison.Ordinal)) is { } open)
        {
            throw new PipelineException($"'{value}' is not closed: ')' is missing. Text that begins with '{open}' is written in quotes.");
        }

        if (Call(value, "choice") is { } choices)
        {
            return Parts(choices);
        }

        if (Call(value, "range") is not { } range)
        {
            return Parts(value);
        }

        var numbers = Parts(range).Select(part => decimal.TryParse(part.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new PipelineException($"'{value}': '{part}' is not a number. Write range(start,stop) or range(start,stop,step); the stop is not part of it.")).ToArray();
        var (start, stop, step) = numbers switch
        {
            [var only] => (0m, only, 1m),
            [var first, var last] => (first, last, 1m),
            [var first, var last, var by] when by != 0 => (first, last, by),
            _ => throw new PipelineException($"'{value}': write range(start,stop) or range(start,stop,step)."),
        };
        var values = new List<string>();
        for (var at = start; step > 0 ? at < stop : at > stop; at += step)
        {
            values.Add(at.ToString(CultureInfo.InvariantCulture));
            if (values.Count > MostCombinations)
            {
                throw new PipelineException($"'{value}' has more than {MostCombinations} values.");
            }
        }

        return values.Count > 0 ? values : throw new PipelineException($"'{value}' is empty.");
    }

    private static string? Call(string value, string name) =>
        value.StartsWith(name + "(", StringComparison.Ordinal) && value.EndsWith(')') ? value[(name.Length + 1)..^1] : null;

    /// <summary>At commas that are not in brackets or quotes.</summary>
    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        var (start, depth, quote) = (0, 0, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c is '[' or '{' or '(')
            {
                depth++;
            }
            else if (c is ']' or '}' or ')')
            {
                depth--;
            }
            else if (c == ',' && depth == 0)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }
}
