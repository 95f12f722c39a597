using System.Security.Cryptography;
using System.Text;
using Cairn.Projects.Environments;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>
/// Files that runs of a component wrote into its own folder, and which step wrote them. They are not code as long as their
/// content is what a run wrote; edited by a person they are. To a step that comes after the one that wrote them they are
/// what it may have read (<see cref="StepFolder"/>). Kept on this machine, beside the environments.
/// </summary>
internal sealed class StepProducts
{
    private const int MostKept = 20_000;
    private readonly string _file;
    private readonly Dictionary<(string Path, string Digest), HashSet<string>> _writers = [];

    private StepProducts(string file)
    {
        _file = file;
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            // Of an earlier version are "digest path", of nobody knows whom.
            var (digest, writer, path) = line.Split('\t') is [var first, var second, var third] ? (first, second, third)
                : line.Split(' ', 2) is [var old, var name] ? (old, "", name) : ("", "", "");
            if (!_writers.TryGetValue((path, digest), out var writers))
            {
                _writers[(path, digest)] = writers = new HashSet<string>(StringComparer.Ordinal);
            }

            writers.Add(writer);
        }
    }

    public static StepProducts Of(string cacheFolder, string component) => new(FileOf(cacheFolder, component));

    /// <summary>Where it is kept what is known of a component's folder.</summary>
    public static string FileOf(string cacheFolder, string component) =>
        Path.Combine(cacheFolder, "products", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(component)))[..24]);

    /// <summary>True where runs have written files there.</summary>
    public bool HasAny => _writers.Count > 0;

    /// <summary>True where a run wrote the file as it is now.</summary>
    public bool Wrote(string path, string digest) => _writers.ContainsKey((path, digest));

    /// <summary>True where a run of this step did, or one of which that is not known.</summary>
    public bool WroteAs(string step, string path, string digest) => _writers.TryGetValue((path, digest), out var writers) && (writers.Contains(step) || writers.Contains(""));

    /// <summary>True where a run of one of these steps did.</summary>
    public bool WroteAsOneOf(IReadOnlySet<string> steps, string path, string digest) => _writers.TryGetValue((path, digest), out var writers) && writers.Overlaps(steps);

    /// <summary>Notes what is in the folder after a run of a step and was not before it; answers all that is there by that step's hand.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> NoteAsync(string component, CodeDigest before, string step, CancellationToken cancellation)
    {
        var known = before.Files.Select(file => file.Key).ToHashSet(StringComparer.Ordinal);
        var all = CodeDigest.FilesOf(component)
            .Select(file => (Name: Path.GetRelativePath(component, file), File: file))
            .Where(file => !known.Contains(file.Name) && !file.Name.AsSpan().ContainsAny('\n', '\t'))
            .Select(file => (file.Name, Digest: CodeDigest.TryDigestOf(file.File))).Where(file => file.Digest is not null)
            .Select(file => new KeyValuePair<string, string>(file.Name, file.Digest!)).ToArray();
        var news = all.Where(file => !Wrote(file.Key, file.Value)).ToArray();
        if (news.Length > 0)
        {
            await OwnFile.AddLinesAsync(_file, news.Select(file => $"{file.Value}\t{step}\t{file.Key}").ToArray(), MostKept, cancellation);
        }

        return all.Where(file => news.Contains(file) || WroteAs(step, file.Key, file.Value)).ToArray();
    }
}
