using Cairn.Projects.Environments;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>Another key under which a step may be known, and the runs for which it holds.</summary>
/// <param name="Key">The key.</param>
/// <param name="Code">The code it is made of.</param>
/// <param name="Runs">Ids of the runs.</param>
internal sealed record OtherKey(StepKey Key, CodeDigest Code, IReadOnlySet<string> Runs);

/// <summary>
/// Files that lay in a component's folder when a run of it began, and that it put others in place of without having opened
/// them, as a training does that removes the model of the time before. To that very run their content was all the same, so
/// it holds also where they are now what runs have left. To every other run, and where a person edited them, they are code.
/// Kept on this machine.
/// </summary>
internal sealed class UnreadFiles
{
    private const int MostLines = 4_000;
    private readonly string _file;
    private readonly IReadOnlyList<Line> _lines;

    private UnreadFiles(string file, IReadOnlyList<Line> lines) => (_file, _lines) = (file, lines);

    public static UnreadFiles Of(string cacheFolder, string component)
    {
        var file = $"{StepProducts.FileOf(cacheFolder, component)}.unread";
        return new UnreadFiles(file, File.Exists(file) ? [.. File.ReadAllLines(file).Select(Line.Read).OfType<Line>()] : []);
    }

    /// <summary>What the key would be with the content that these files had before some earlier run, where that makes the key of that run.</summary>
    public IEnumerable<OtherKey> KeysFor(StepKey key, CodeDigest code)
    {
        var now = code.Files.ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal);
        var left = _lines.Select(line => (line.Path, line.Left)).ToHashSet();
        var found = new List<(StepKey Key, CodeDigest Code, string Run)>();
        foreach (var run in _lines.GroupBy(line => line.Run))
        {
            // Replaced, not removed and not added: whether a file is there, a command sees without opening it.
            if (run.Any(line => !now.TryGetValue(line.Path, out var today) || (today != line.Digest && !left.Contains((line.Path, today)))) || run.All(line => now[line.Path] == line.Digest))
            {
                continue;
            }

            var before = code.With(run.Select(line => new KeyValuePair<string, string>(line.Path, line.Digest)));
            var other = key with { Code = before.Hash };
            if (other.Hash == run.First().Key)
            {
                found.Add((other, before, run.Key));
            }
        }

        return found.GroupBy(one => one.Key.Hash)
            .Select(same => new OtherKey(same.First().Key, same.First().Code, same.Select(one => one.Run).ToHashSet(StringComparer.Ordinal)));
    }

    /// <summary>Notes what a run replaced without having opened it.</summary>
    /// <param name="run">Its id.</param>
    /// <param name="key">Hash of its key.</param>
    /// <param name="folder">The component's folder.</param>
    /// <param name="before">Its code when the run began.</param>
    /// <param name="unopened">What was there then and was not opened.</param>
    /// <param name="cancellation">Ends the waiting for others that note something.</param>
    public async Task NoteAsync(string run, string key, string folder, CodeDigest before, IReadOnlySet<string> unopened, CancellationToken cancellation)
    {
        // Python may have read a module as it keeps it compiled.
        var replaced = before.Files.Where(file => unopened.Contains(file.Key) && !file.Key.EndsWith(".py", StringComparison.Ordinal) && !file.Key.AsSpan().ContainsAny('\n', '\t'))
            .Select(file => (file.Key, Before: file.Value, Left: CodeDigest.TryDigestOf(Path.Combine(folder, file.Key))))
            .Where(file => file.Left is not null && file.Left != file.Before)
            .Select(file => new Line(run, key, file.Before, file.Left!, file.Key).ToString()).ToArray();
        if (replaced.Length > 0)
        {
            await OwnFile.AddLinesAsync(_file, replaced, MostLines, cancellation);
        }
    }

    private sealed record Line(string Run, string Key, string Digest, string Left, string Path)
    {
        public static Line? Read(string text) => text.Split('\t') is [var run, var key, var digest, var left, var path] ? new Line(run, key, digest, left, path) : null;

        public override string ToString() => $"{Run}\t{Key}\t{Digest}\t{Left}\t{Path}";
    }
}
