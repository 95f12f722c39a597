using System.Globalization;
using System.Text.Json;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>A Python of this machine.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Version">"3.11.7".</param>
internal sealed record Interpreter(string Program, string Version)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Prints the version, then what of the arguments is not satisfied, then everything installed.</summary>
    private const string Question = """
        import sys, json
        try:
            from importlib.metadata import distributions
        except ImportError:
            distributions = lambda: []
        have = {}
        for d in distributions():
            try:
                n = d.metadata["Name"]
                if n: have.setdefault(n.lower().replace("_", "-").replace(".", "-"), (n, d.version))
            except Exception: pass
        missing = []
        try:
            try: from packaging.requirements import Requirement
            except ImportError: from pip._vendor.packaging.requirements import Requirement
            for line in sys.argv[1:]:
                try:
                    r = Requirement(line)
                    if r.marker is not None and not r.marker.evaluate(): continue
                    got = have.get(r.name.lower().replace("_", "-").replace(".", "-"))
                    if got is None or r.url or not r.specifier.contains(got[1], prereleases=True): missing.append(line)
                except Exception: missing.append(line)
        except ImportError:
            missing = sys.argv[1:]
        print(json.dumps({"version": ".".join(map(str, sys.version_info[:3])), "missing": missing,
                          "lock": sorted("%s==%s" % v for v in have.values())}))
        """;

    /// <summary>The Python that PATH leads to, with what it lacks of some requirements; null where there is none.</summary>
    public static async Task<(Interpreter Python, IReadOnlyList<string> Missing, string Lock)?> AskAsync(
        string? program, IReadOnlyList<string> requirements, CancellationToken cancellation)
    {
        var path = program ?? Programs.Find("python") ?? Programs.Find("python3");
        if (path is null
            || await ProgramAnswer.ReadAsync(path, ["-c", Question, .. requirements], "/", Limit, cancellation) is not { } text)
        {
            return null;
        }

        using var answer = JsonDocument.Parse(text[(text.LastIndexOf('\n') + 1)..]);
        var root = answer.RootElement;
        return (
            new Interpreter(path, root.GetProperty("version").GetString()!),
            root.GetProperty("missing").EnumerateArray().Select(item => item.GetString()!).ToArray(),
            string.Join('\n', root.GetProperty("lock").EnumerateArray().Select(item => item.GetString())));
    }

    /// <summary>The best Python of this machine for a condition; null where none fits.</summary>
    public static async Task<Interpreter?> FindAsync(string? condition, CancellationToken cancellation)
    {
        if (await AskAsync(null, [], cancellation) is { } usual && Fits(usual.Python.Version, condition))
        {
            return usual.Python;
        }

        foreach (var (program, version) in Others().Where(other => Fits(other.Version, condition) || other.Version.Split('.').Length < 3))
        {
            if (await AskAsync(program, [], cancellation) is { } found && Fits(found.Python.Version, condition))
            {
                return found.Python;
            }
        }

        return null;
    }

    /// <summary>A patch version that is not here is satisfied by another of its series: they are made to be exchangeable.</summary>
    public static bool Fits(string version, string? condition)
    {
        if (string.IsNullOrWhiteSpace(condition))
        {
            return true;
        }

        return condition.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).All(part =>
        {
            var number = part.TrimStart('<', '>', '=', '!', '~', ' ');
            var sign = part[..^number.Length].Trim();
            var wanted = Numbers(number);
            var order = Compare(Numbers(version), wanted);
            return sign switch
            {
                ">=" => order >= 0,
                ">" => order > 0,
                "<=" => order <= 0,
                "<" => order < 0,
                "!=" => order != 0,
                _ => Numbers(version).Take(2).SequenceEqual(wanted.Take(2)) || (wanted.Length == 1 && Numbers(version)[0] == wanted[0]),
            };
        });
    }

    private static int[] Numbers(string version) => version.Split('.')
        .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
        .TakeWhile(number => number >= 0).ToArray();

    private static int Compare(int[] a, int[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] != b[i])
            {
                return a[i].CompareTo(b[i]);
            }
        }

        return 0;
    }

    /// <summary>Those of pyenv, of uv, and python3.N on PATH, newest first.</summary>
    private static IEnumerable<(string Program, string Version)> Others()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var roots = new[]
        {
            Path.Combine(Environment.GetEnvironmentVariable("PYENV_ROOT") is { Length: > 0 } root ? root : Path.Combine(home, ".pyenv"), "versions"),
            Path.Combine(home, ".local", "share", "uv", "python"),
        };
        var found = roots.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Select(folder => (Program: Path.Combine(folder, "bin", "python3"), Version: Path.GetFileName(folder).Replace("cpython-", "", StringComparison.Ordinal).Split('-')[0]))
            .Where(python => File.Exists(python.Program))
            .OrderByDescending(python => Numbers(python.Version).Aggregate(0, (sum, number) => (sum * 100) + number));
        return Enumerable.Range(6, 12).Reverse().Select(minor => string.Create(CultureInfo.InvariantCulture, $"3.{minor}"))
            .Select(version => (Program: Programs.Find($"python{version}") ?? "", Version: version))
            .Where(python => python.Program.Length > 0 && !python.Program.Contains("/shims/", StringComparison.Ordinal))
            .Concat(found);
    }
}
