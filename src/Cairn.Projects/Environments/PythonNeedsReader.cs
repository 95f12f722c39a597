using System.Text.RegularExpressions;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Environments;

/// <summary>
/// Reads conda and python_env files. Lines go to installers as arguments or as lines of a file, never to a shell; what
/// is not of the grammar of packages is refused.
/// </summary>
internal static partial class PythonNeedsReader
{
    private const int MostIncludes = 20;

    /// <exception cref="ProjectException">The file is missing or cannot be used.</exception>
    public static PythonNeeds Read(Project project)
    {
        var environment = project.Environment;
        var file = Path.GetFullPath(Path.Combine(project.Folder, environment.File!));
        if (!System.IO.File.Exists(file))
        {
            throw new ProjectException($"The project's environment file '{environment.File}' is missing in '{project.Folder}'. Run with --env-manager system to use the programs on PATH.");
        }

        var findings = new ProjectFindings(file);
        var root = YamlDocument.Read(SourceText.Decode(System.IO.File.ReadAllBytes(file), out _), findings) as YamlMapping
            ?? throw new ProjectException($"'{file}' is no environment file: it must be a mapping with 'dependencies'.");
        return environment.Kind == EnvironmentKind.Conda ? Conda(root, file) : PythonEnv(root, file);
    }

    private static PythonNeeds Conda(YamlMapping root, string file)
    {
        string? python = null;
        var packages = new List<string>();
        var pip = new List<string>();
        foreach (var item in Items(root, "dependencies", file))
        {
            switch (item)
            {
                case YamlScalar { IsNull: false } scalar:
                    var text = CondaLine(scalar, file);
                    if (PythonLine().Match(text) is { Success: true } match)
                    {
                        python = Version(match.Groups[1].Value);
                    }
                    else
                    {
                        packages.Add(text);
                    }

                    break;
                case YamlMapping mapping when mapping.Find("pip")?.Value is YamlSequence lines:
                    pip.AddRange(lines.Items.SelectMany(line => PipLines(line, file)));
                    break;
                case YamlMapping mapping when mapping.Find("pip") is not null:
                    break;
                default:
                    throw Fault(item, file, $"a dependency is text or 'pip:' with a list, this is {item.Kind}");
            }
        }

        return new PythonNeeds(file, python, [], pip, packages, Items(root, "channels", file).OfType<YamlScalar>().Select(channel => CondaLine(channel, file)).ToArray());
    }

    private static PythonNeeds PythonEnv(YamlMapping root, string file) => new(
        file,
        root.Find("python")?.Value is YamlScalar { IsNull: false } python ? Version(python.Text) : null,
        Items(root, "build_dependencies", file).SelectMany(line => PipLines(line, file)).ToArray(),
        Items(root, "dependencies", file).SelectMany(line => PipLines(line, file)).ToArray(),
        [],
        []);

    private static IReadOnlyList<YamlNode> Items(YamlMapping root, string key, string file) => root.Find(key)?.Value switch
    {
        null or YamlScalar { IsNull: true } => [],
        YamlSequence sequence => sequence.Items,
        var other => throw Fault(other, file, $"'{key}' must be a list, it is {other.Kind}"),
    };

    private static string CondaLine(YamlScalar scalar, string file) =>
        CondaPackage().IsMatch(scalar.Text) ? scalar.Text.Trim() : throw Fault(scalar, file, $"'{scalar.Text}' is not the name of a package with a version");

    private static IEnumerable<string> PipLines(YamlNode node, string file)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            throw Fault(node, file, $"a package is text, this is {node.Kind}");
        }

        return PipLines(scalar.Text, Path.GetDirectoryName(file)!, 0, what => Fault(scalar, file, what));
    }

    /// <summary>A line for pip; includes are replaced by their lines, so that the hash sees what is in them.</summary>
    private static IEnumerable<string> PipLines(string text, string folder, int depth, Func<string, ProjectException> fault)
    {
        var line = text.Trim();
        if (line.Any(char.IsControl) || depth > MostIncludes)
        {
            throw fault($"'{line.ReplaceLineEndings(" ")}' is not a line that pip understands");
        }

        var comment = line.IndexOf(" #", StringComparison.Ordinal);
        line = line.StartsWith('#') ? "" : comment >= 0 ? line[..comment].TrimEnd() : line;
        if (line.Length == 0)
        {
            yield break;
        }

        if (Include().Match(line) is { Success: true } include)
        {
            var file = Path.GetFullPath(Path.Combine(folder, include.Groups[1].Value.Trim()));
            if (!System.IO.File.Exists(file))
            {
                throw fault($"'{line}' includes {file}, which is not there");
            }

            foreach (var inner in System.IO.File.ReadAllText(file).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            {
                foreach (var resolved in PipLines(inner, Path.GetDirectoryName(file)!, depth + 1, fault))
                {
                    yield return resolved;
                }
            }

            yield break;
        }

        yield return PipLine().IsMatch(line) ? line : throw fault($"'{line}' is not a line that pip understands");
    }

    /// <summary>"=3.9", "==3.9.7", ">=3.8,&lt;3.11" without the signs of equality.</summary>
    private static string? Version(string text)
    {
        var version = text.Trim().TrimStart('=').Split('=')[0] is { Length: > 0 } head && text.TrimStart().StartsWith('=') ? head : text.Trim();
        return version.Length == 0 ? null : version;
    }

    private static ProjectException Fault(YamlNode at, string file, string message) =>
        new(new ProjectFinding(file, at.Line, at.Column, null, char.ToUpperInvariant(message[0]) + message[1..] + ".").ToString());

    [GeneratedRegex(@"^python\s*((?:[=<>!~].*)?|\s+[0-9].*)$")]
    private static partial Regex PythonLine();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.:/\[\]=<>!~*,|+ -]*\z")]
    private static partial Regex CondaPackage();

    [GeneratedRegex(@"^(?:-r|--requirement)[\s=]*(.+)$")]
    private static partial Regex Include();

    /// <summary>A requirement, an address, a folder, or one of the options that make sense in a file.</summary>
    [GeneratedRegex(@"^(?:[A-Za-z0-9_.][^\s;&|`$<>]*(?:\s*[^&|`$]*)?|(?:-e|--editable)\s*[^\s;&|`$]+(?:\s.*)?|-c\s*\S+|--(?:constraint|index-url|extra-index-url|find-links|trusted-host|no-binary|only-binary|pre|no-index)(?:[\s=]+[^\s;&|`$]+)?|-[if]\s*[^\s;&|`$]+)\z")]
    private static partial Regex PipLine();
}
