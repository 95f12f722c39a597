using System.Text;
using System.Text.RegularExpressions;
using Cairn.Client;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Chains;

/// <summary>
/// What the command of a component means, whatever it is called today: a word that names a file stands as the file's
/// content, one that names files of an earlier run, or that run, as theirs. A chain hands over paths in folders of this
/// very hour and ids of runs it has just made; they change with every run though nothing else does.
/// </summary>
internal sealed partial class CommandContent(CairnClient client, StepFolder place)
{
    private const int MostFiles = 5_000;
    private readonly string _folder = place.Path;

    /// <exception cref="ProjectException">A folder is too large to be compared.</exception>
    public async Task<string> OfAsync(string command, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        foreach (var word in ShellWords.Split(command))
        {
            text.Append(await OfWordAsync(word, cancellation)).Append('\n');
        }

        foreach (var name in Variable().Matches(command).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            text.Append("$ ").Append(name).Append('=').Append(Environment.GetEnvironmentVariable(name)).Append('\n');
        }

        return text.ToString();
    }

    private async Task<string> OfWordAsync(string word, CancellationToken cancellation)
    {
        // --name=value, main.name=value
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return OfPath(word)
            ?? (equals > 0 && OfPath(word[(equals + 1)..]) is { } content ? $"{word[..(equals + 1)]}{content}" : null)
            ?? await OfRunAsync(word, cancellation)
            ?? word;
    }

    private string? OfPath(string word)
    {
        if (word.Length is 0 or > 4096 || word is "." or ".." or "/" || word.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var path = Path.Combine(_folder, word);
        if (RegularFile.Exists(path))
        {
            var digest = CodeDigest.DigestOf(path);
            return place.Products.WroteAs(place.Step, Path.GetRelativePath(_folder, path), digest) ? null : $"file {(Path.IsPathRooted(word) ? Path.GetFileName(word) : word)} {digest}";
        }

        if (!word.Contains('/', StringComparison.Ordinal) || !Directory.Exists(path))
        {
            return null;
        }

        var files = CodeDigest.FilesOf(path).Take(MostFiles + 1).Order(StringComparer.Ordinal).ToArray();
        return files.Length <= MostFiles
            ? $"folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(word))} {StepKey.HashOf(string.Concat(files.Select(file => $"{Path.GetRelativePath(path, file)} {CodeDigest.DigestOf(file)}\n")))}"
            : throw new ProjectException($"'{word}' holds more than {MostFiles} files; that is too much to see whether it changed.");
    }

    /// <summary>runs:/ID/path, …/ID/artifacts/path, or an id alone.</summary>
    private async Task<string?> OfRunAsync(string word, CancellationToken cancellation)
    {
        if (RunFiles().Match(word) is not { Success: true } match)
        {
            return null;
        }

        try
        {
            var id = match.Groups["id"].Value;
            var run = await client.GetRunAsync(id, cancellation);
            var path = match.Groups["path"].Value.Trim('/');
            var files = (await client.ListRunFilesAsync(id, cancellation))
                .Where(file => !file.Path.StartsWith("cairn/", StringComparison.Ordinal) && (path.Length == 0 || file.Path == path || file.Path.StartsWith(path + "/", StringComparison.Ordinal)))
                .OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Path} {file.Digest}\n").ToArray();
            var values = path.Length > 0 ? "" : string.Concat(run.Metrics.Select(metric => $"{metric.Key}={metric.Value:R}\n").Concat(run.Params.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}\n")));
            return $"run {path} {StepKey.HashOf(string.Concat(files) + values)}";
        }
        catch (CairnClientException fault) when (fault.Code == "not_found")
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?:runs:/(?<id>[0-9a-f]{32})(?<path>/.*)?|[a-z0-9+-]+:.*/(?<id>[0-9a-f]{32})/artifacts(?<path>/.*)?|(?<id>[0-9a-f]{32}))\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RunFiles();

    [GeneratedRegex(@"\$\{?([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Variable();
}
