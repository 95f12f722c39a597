using System.Buffers;
using System.Globalization;

namespace Cairn.Projects.Binding;

/// <summary>Puts given values and defaults together, checks them by type and makes the command line.</summary>
public static class ParameterBinder
{
    private static readonly SearchValues<char> SchemeChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>Splits <c>name=value</c> arguments at the first <c>=</c>.</summary>
    /// <exception cref="ProjectException">An argument has no <c>=</c> or no name, or a name comes twice.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Split(IEnumerable<string> arguments)
    {
        var given = new List<KeyValuePair<string, string>>();
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new ProjectException($"'{argument}' is no parameter. Write -P NAME=VALUE.");
            }

            var name = argument[..equals];
            if (given.Exists(pair => pair.Key == name))
            {
                throw new ProjectException($"Parameter '{name}' is given twice.");
            }

            given.Add(new(name, argument[(equals + 1)..]));
        }

        return given;
    }

    /// <summary>Binds <paramref name="given"/> to an entry point of <paramref name="project"/>.</summary>
    /// <param name="project">The project.</param>
    /// <param name="entryPoint">Name of the entry point.</param>
    /// <param name="given">Values by name, in order.</param>
    /// <param name="folder">The caller's folder, against which relative paths are read.</param>
    /// <exception cref="ProjectException">A value is missing, wrong, or cannot stand where the command wants it.</exception>
    public static BoundEntryPoint Bind(Project project, string entryPoint, IReadOnlyList<KeyValuePair<string, string>> given, string folder)
    {
        var entry = project.EntryPoint(entryPoint);
        var missing = entry.Parameters.Where(p => p.Default is null && !given.Any(g => g.Key == p.Name)).ToArray();
        if (missing.Length > 0)
        {
            throw new ProjectException(Missing(entry, missing, given));
        }

        var notes = new List<string>();
        var values = new List<KeyValuePair<string, string>>();
        foreach (var parameter in entry.Parameters)
        {
            var own = given.Where(g => g.Key == parameter.Name).Select(g => g.Value).FirstOrDefault();
            values.Add(new(parameter.Name, own is not null
                ? Check(parameter, own, folder)
                : CheckDefault(parameter, project.Folder, folder)));
        }

        var extra = given.Where(g => entry.Parameters.All(p => p.Name != g.Key)).ToArray();
        foreach (var (name, _) in extra)
        {
            if (Closest.To(name, entry.Parameters.Select(p => p.Name)) is { } near)
            {
                notes.Add($"Parameter '{name}' is not declared and is appended to the command. Did you mean '{near}'?");
            }
        }

        var template = CommandTemplate.Parse(entry.Command, entry.Parameters.Select(p => p.Name).ToArray());
        var byName = values.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return new BoundEntryPoint(project, entry, [.. values, .. extra], template.Render(byName, extra), notes);
    }

    private static string Check(Parameter parameter, string value, string folder) => parameter.Type switch
    {
        // The declared default is a value the project's author knows to work ("None"), whatever the type says.
        ParameterType.Number when !IsFloat(value) && value != parameter.Default =>
            throw Wrong(parameter, value, "a number"),
        ParameterType.WholeNumber when !IsInt(value) && value != parameter.Default =>
            throw Wrong(parameter, value, "a whole number"),
        ParameterType.Uri when !HasScheme(value) =>
            throw Wrong(parameter, value, "a URI with a scheme, as in file:///folder/file or https://host/file"),
        ParameterType.Path => LocalPath(parameter, value, [folder]),
        _ => value,
    };

    /// <summary>Looks at what needs no file to be there: numbers, and addresses.</summary>
    /// <exception cref="ProjectException">The value is of another kind than the parameter wants.</exception>
    internal static void CheckKind(Parameter parameter, string value)
    {
        if (parameter.Type != ParameterType.Path)
        {
            Check(parameter, value, ".");
        }
    }

    /// <summary>A default is not held against its type (real files have <c>type: int, default: None</c>), but a path must be there.</summary>
    private static string CheckDefault(Parameter parameter, string projectFolder, string folder) => parameter.Type switch
    {
        ParameterType.Path => LocalPath(parameter, parameter.Default!, [projectFolder, folder]),
        ParameterType.Uri => Check(parameter, parameter.Default!, folder),
        _ => parameter.Default!,
    };

    private static string LocalPath(Parameter parameter, string value, string[] folders)
    {
        var path = value.StartsWith("file:", StringComparison.Ordinal) && Uri.TryCreate(value, UriKind.Absolute, out var uri)
            ? uri.LocalPath
            : value;
        if (path == value && HasScheme(value))
        {
            throw new ProjectException(
                $"Parameter '{parameter.Name}' is a path and cannot fetch '{value}'. Download it first and give the local file, or declare the parameter as 'uri'.");
        }

        foreach (var folder in folders)
        {
            var full = Path.GetFullPath(path, folder);
            if (path.Length > 0 && (File.Exists(full) || Directory.Exists(full)))
            {
                return full;
            }
        }

        throw new ProjectException(
            $"Parameter '{parameter.Name}' is a path, and there is no file or folder '{value}' (looked in {string.Join(" and ", folders.Distinct())}).");
    }

    private static bool IsFloat(string value)
    {
        var text = Unseparated(value.Trim());
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            || text.TrimStart('+', '-').ToLowerInvariant() is "inf" or "infinity" or "nan";
    }

    private static bool IsInt(string value)
    {
        var digits = Unseparated(value.Trim()).AsSpan();
        digits = digits is ['+' or '-', ..] ? digits[1..] : digits;
        return digits.Length > 0 && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>Python allows <c>10_000</c>.</summary>
    private static string Unseparated(string value) => value.Replace("_", "", StringComparison.Ordinal);

    private static bool HasScheme(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(value[0])
            && value.AsSpan(0, colon).IndexOfAnyExcept(SchemeChars) < 0;
    }

    private static ProjectException Wrong(Parameter parameter, string value, string wanted) =>
        new($"Parameter '{parameter.Name}' must be {wanted}, '{value}' is not. Declare it as 'string' in the project to allow any text.");

    private static string Missing(EntryPoint entry, Parameter[] missing, IReadOnlyList<KeyValuePair<string, string>> given)
    {
        var names = string.Join(", ", missing.Select(p => $"'{p.Name}'"));
        var how = string.Join(" ", missing.Select(p => $"-P {p.Name}=…"));
        var near = missing
            .Select(p => (p.Name, Typo: Closest.To(p.Name, given.Select(g => g.Key).Where(g => entry.Parameters.All(d => d.Name != g)))))
            .FirstOrDefault(pair => pair.Typo is not null);
        var hint = near.Typo is null ? "" : $" ('{near.Typo}' was given: did you mean '{near.Name}'?)";
        return $"Entry point '{entry.Name}' needs {(missing.Length == 1 ? "a value" : "values")} for {names}: add {how}.{hint}";
    }
}
