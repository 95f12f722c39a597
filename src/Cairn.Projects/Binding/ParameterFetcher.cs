using Cairn.Client;
using Cairn.Projects.Sources;

namespace Cairn.Projects.Binding;

/// <summary>
/// Fetches the <c>path</c> parameters that are addresses. As with MLflow the command gets the local file and the run
/// records the address.
/// </summary>
public static class ParameterFetcher
{
    private const long MostBytes = 1L << 40;

    /// <summary>Binds, fetching before it.</summary>
    /// <param name="project">The project.</param>
    /// <param name="entryPoint">Name of the entry point.</param>
    /// <param name="given">Values by name, in order.</param>
    /// <param name="folder">The caller's folder.</param>
    /// <param name="storage">Where fetched files go; null for the system's temporary folder.</param>
    /// <param name="client">For files of runs.</param>
    /// <param name="tell">Gets a line for each file that is fetched.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProjectException">A value cannot be used or fetched.</exception>
    public static async Task<BoundEntryPoint> BindAsync(
        Project project,
        string entryPoint,
        IReadOnlyList<KeyValuePair<string, string>> given,
        string folder,
        string? storage,
        CairnClient client,
        Action<string> tell,
        CancellationToken cancellation)
    {
        var paths = project.EntryPoint(entryPoint).Parameters.Where(parameter => parameter.Type == ParameterType.Path).ToArray();
        var originals = new Dictionary<string, string>(StringComparer.Ordinal);
        var fetched = new List<string>();
        var values = given.ToList();
        foreach (var parameter in paths)
        {
            var at = values.FindIndex(pair => pair.Key == parameter.Name);
            var value = at >= 0 ? values[at].Value : parameter.Default;
            if (value is null || Scheme(value) is not ("http" or "https" or "runs"))
            {
                continue;
            }

            tell($"fetching {value} for '{parameter.Name}'");
            var temporary = SourceFetcher.TemporaryFolder(storage);
            if (storage is null)
            {
                fetched.Add(temporary);
            }

            var local = await FetchAsync(value, Path.Combine(temporary, $"param_{originals.Count}"), client, cancellation);
            originals[parameter.Name] = value;
            values.RemoveAll(pair => pair.Key == parameter.Name);
            values.Insert(at < 0 ? values.Count : at, new(parameter.Name, local));
        }

        var bound = ParameterBinder.Bind(project, entryPoint, values, folder);
        return originals.Count == 0 ? bound : bound with
        {
            Fetched = fetched,
            Values = bound.Values.Select(pair => originals.TryGetValue(pair.Key, out var original) ? new(pair.Key, original) : pair).ToArray(),
        };
    }

    private static async Task<string> FetchAsync(string value, string folder, CairnClient client, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        if (value.StartsWith("runs:/", StringComparison.Ordinal))
        {
            return await FetchRunFileAsync(value, folder, client, cancellation);
        }

        var address = new Uri(value);
        var file = Path.Combine(folder, NameOf(address));
        await WebFile.DownloadAsync(address, file, MostBytes, cancellation);
        return file;
    }

    /// <summary>The last part of the address; what the server would have it called does not count.</summary>
    private static string NameOf(Uri address) =>
        Path.GetFileName(address.LocalPath) is { Length: > 0 } name && name is not ("." or "..") && !name.Any(char.IsControl) ? name : "download";

    /// <summary>runs:/RUN/path is a file of a run, or a folder of them.</summary>
    private static async Task<string> FetchRunFileAsync(string value, string folder, CairnClient client, CancellationToken cancellation)
    {
        var rest = value["runs:/".Length..].TrimStart('/');
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == rest.Length - 1)
        {
            throw new ProjectException($"'{value}' names no file of a run. Write runs:/RUN_ID/path.");
        }

        var (run, path) = (rest[..slash], rest[(slash + 1)..].TrimEnd('/'));
        var files = await client.ListRunFilesAsync(run, cancellation);
        var wanted = files.Where(file => file.Path == path || file.Path.StartsWith(path + "/", StringComparison.Ordinal)).ToArray();
        if (wanted.Length == 0)
        {
            throw new ProjectException($"Run {run} has no file '{path}'.");
        }

        foreach (var file in wanted)
        {
            // The server says what is there; where it is put is decided here.
            var target = Path.GetFullPath(Path.Combine(folder, file.Path));
            if (!target.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new ProjectException($"The server names the file '{file.Path}' of run {run}, which would be written outside of its folder. Nothing was fetched.");
            }

            await client.DownloadRunFileAsync(run, file, target, null, cancellation);
        }

        return Path.Combine(folder, path);
    }

    private static string? Scheme(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 ? value[..colon].ToLowerInvariant() : null;
    }
}
