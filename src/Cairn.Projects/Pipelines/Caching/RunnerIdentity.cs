using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Cairn.Projects.Environments;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>
/// What is installed where no environment was built: the interpreters that a command, or a script it names, mentions.
/// Asked once in the life of a process.
/// </summary>
internal sealed partial class RunnerIdentity
{
    private static readonly string[] DotnetParts = ["shared/Microsoft.NETCore.App", "sdk"];
    private const int LongestScript = 64 * 1024;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _known = new(StringComparer.Ordinal);

    /// <summary>The machine, as far as results may depend on it.</summary>
    public static string Machine { get; } = $"{RuntimeInformation.OSDescription.Split(' ')[0]} {RuntimeInformation.OSArchitecture}";

    public async Task<string> OfAsync(Project project, EntryPoint entryPoint, PreparedEnvironment? environment)
    {
        if (environment?.Lock is { } contents)
        {
            return $"{environment.Kind}\n{contents}";
        }

        var text = entryPoint.Command + string.Concat(Scripts(project, entryPoint.Command));
        var programs = Mentioned().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (programs.Count == 0 && text.Contains(".py", StringComparison.Ordinal))
        {
            programs.Add("python");
        }

        var found = await Task.WhenAll(programs.Select(name => _known.GetOrAdd(name, known => new Lazy<Task<string>>(() => AskAsync(known))).Value));
        return $"system\n{string.Join('\n', found)}";
    }

    private static IEnumerable<string> Scripts(Project project, string command) =>
        Words().Matches(command).Select(match => Path.Combine(project.Folder, match.Value))
            .Where(file => RegularFile.Exists(file) && new FileInfo(file).Length < LongestScript && Path.GetExtension(file) is ".sh" or "")
            .Select(File.ReadAllText);

    private static async Task<string> AskAsync(string name)
    {
        if (name.StartsWith("python", StringComparison.Ordinal) || name is "pytest" or "jupyter" or "papermill")
        {
            var python = Programs.Find(name.StartsWith("python", StringComparison.Ordinal) ? name : "python") ?? Programs.Find("python3");
            return await Interpreter.AskAsync(python, [], CancellationToken.None) is { } answer ? $"python {answer.Python.Version}\n{answer.Lock}" : "no python";
        }

        if (Programs.Find(name) is not { } program)
        {
            return $"no {name}";
        }

        var real = new FileInfo(program);
        real = real.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? real;
        if (name != "dotnet")
        {
            return $"{name} {real.Length} {real.LastWriteTimeUtc.Ticks}";
        }

        var folders = DotnetParts.Select(part => Path.Combine(real.DirectoryName!, part)).Where(Directory.Exists);
        return $"dotnet {string.Join(' ', folders.SelectMany(Directory.EnumerateDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal))}";
    }

    [GeneratedRegex(@"(?<![\w./-])(?:python[0-9.]*|pytest|jupyter|papermill|dotnet|Rscript|java|node|julia|spark-submit)(?![\w-])")]
    private static partial Regex Mentioned();

    [GeneratedRegex(@"[^\s'""|&;<>(){}$]+")]
    private static partial Regex Words();
}
