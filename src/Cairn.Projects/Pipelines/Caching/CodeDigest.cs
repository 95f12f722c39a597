using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>
/// The code of a step, file by file: its component's folder, what its command names above that folder, the C# projects it
/// refers to, and what the pipeline file adds under <c>code:</c>. Left out is what tools leave behind, what
/// <c>.cairnignore</c> names, and files an earlier run of the step wrote itself.
/// </summary>
internal sealed partial class CodeDigest
{
    private static readonly string[] LeftOut =
    [
        ".git", ".hg", ".svn", "__pycache__", ".ipynb_checkpoints", ".venv", "venv", "node_modules", ".pytest_cache",
        ".mypy_cache", ".ruff_cache", ".idea", ".vscode", ".vs", ".cairn", "mlruns", "wandb",
    ];

    private static readonly string[] LeftOutFiles = [".DS_Store", ".coverage"];

    private CodeDigest(IReadOnlyList<KeyValuePair<string, string>> files, IReadOnlyList<KeyValuePair<string, string>> written) =>
        (Files, Written) = (files, written);

    /// <summary>Path (relative to the component) to SHA-256, in order of the paths.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Files { get; }

    /// <summary>The same of files that count as no code because earlier runs wrote them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Written { get; }

    /// <summary>"digest  path" lines, as sha256sum prints them.</summary>
    public string Listing => ListingOf(Files);

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Listing)));

    public static CodeDigest Of(Project project, EntryPoint entryPoint, IEnumerable<string> further, StepProducts products)
    {
        var (files, written) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var root in Roots(project, entryPoint).Concat(further).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal))
        {
            foreach (var file in FilesOf(root))
            {
                var name = Path.GetRelativePath(project.Folder, file);
                if (TryDigestOf(file) is { } digest)
                {
                    (products.Wrote(name, digest) ? written : files)[name] = digest;
                }
            }
        }

        return new CodeDigest([.. files], [.. written]);
    }

    /// <summary>From a listing that was kept.</summary>
    public static CodeDigest OfListing(string listing) => new(FilesOfListing(listing), []);

    public static string ListingOf(IEnumerable<KeyValuePair<string, string>> files) => string.Concat(files.Select(file => $"{file.Value}  {file.Key}\n"));

    /// <summary>Path to digest.</summary>
    public static KeyValuePair<string, string>[] FilesOfListing(string listing) => listing.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split("  ", 2)).Where(parts => parts.Length == 2)
        .Select(parts => new KeyValuePair<string, string>(parts[1], parts[0])).ToArray();

    /// <summary>The code with other content of some of its files.</summary>
    public CodeDigest With(IEnumerable<KeyValuePair<string, string>> changed)
    {
        var files = new SortedDictionary<string, string>(Files.ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (path, digest) in changed)
        {
            files[path] = digest;
        }

        return new CodeDigest([.. files], Written);
    }

    /// <summary>As <see cref="DigestOf"/>; null where the file is gone meanwhile, as of one that a neighbour works with.</summary>
    public static string? TryDigestOf(string file)
    {
        try
        {
            return DigestOf(file);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>SHA-256 of a file and, apart from its bytes, whether it can be run.</summary>
    public static string DigestOf(string file)
    {
        using var stream = File.OpenRead(file);
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0 ? $"{digest}x" : digest;
    }

    /// <summary>Files below a folder that count, or the file itself. Pipes, sockets and devices do not.</summary>
    public static IEnumerable<string> FilesOf(string root)
    {
        if (RegularFile.Exists(root))
        {
            return [root];
        }

        if (!Directory.Exists(root))
        {
            return [];
        }

        var ignored = Ignored(root);
        return new FileSystemEnumerable<string>(root, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !entry.FileName.EndsWith(".pyc") && !LeftOutFiles.Contains(entry.FileName.ToString()) && !ignored(entry.FileName.ToString()) && RegularFile.Exists(entry.ToFullPath()),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLeftOut(entry.ToFullPath()) && !ignored(entry.FileName.ToString()),
        };
    }

    private static bool IsLeftOut(string folder)
    {
        try
        {
            return IsLeftOut(folder, Path.GetFileName(folder), Path.GetDirectoryName(folder)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone meanwhile.
            return true;
        }
    }

    private static bool IsLeftOut(string folder, string name, string parent) =>
        LeftOut.Contains(name)
            || (name is "bin" or "obj" && Directory.EnumerateFiles(parent, "*.??proj").Any())
            || (name is "outputs" or "multirun" && Directory.EnumerateDirectories(folder).Any(day => HydraDay().IsMatch(Path.GetFileName(day))))
            // A link to a folder above would go round for ever.
            || new DirectoryInfo(folder).LinkTarget is not null;

    /// <summary>.cairnignore: one name or pattern with * in a line, matched with every file and folder name.</summary>
    private static Func<string, bool> Ignored(string root)
    {
        var file = Path.Combine(root, ".cairnignore");
        var patterns = File.Exists(file)
            ? File.ReadAllLines(file).Select(line => line.Trim().TrimEnd('/')).Where(line => line.Length > 0 && line[0] != '#').ToArray()
            : [];
        return name => Array.Exists(patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
    }

    private static IEnumerable<string> Roots(Project project, EntryPoint entryPoint)
    {
        yield return project.Folder;
        foreach (Match word in Above().Matches(entryPoint.Command))
        {
            var path = Path.GetFullPath(Path.Combine(project.Folder, word.Value));
            // What the command writes there is no code.
            var isWritten = entryPoint.Command.AsSpan(0, word.Index).TrimEnd() is [.., '>'];
            if (RegularFile.Exists(path) && !isWritten)
            {
                yield return path;
            }
        }

        if (!Directory.Exists(project.Folder))
        {
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(Directory.EnumerateFiles(project.Folder, "*.csproj"));
        while (open.TryPop(out var file))
        {
            foreach (Match reference in Reference().Matches(File.ReadAllText(file)))
            {
                var other = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, reference.Groups[1].Value.Replace('\\', '/')));
                if (File.Exists(other) && seen.Add(other))
                {
                    open.Push(other);
                    yield return Path.GetDirectoryName(other)!;
                }
            }
        }
    }

    [GeneratedRegex(@"(?<![^\s'""=])\.\./[^\s'""|&;<>(){}$]+")]
    private static partial Regex Above();

    [GeneratedRegex("<ProjectReference\\s+Include=\"([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}$")]
    private static partial Regex HydraDay();
}
