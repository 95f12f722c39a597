namespace Cairn.Projects.Pipelines.Caching;

/// <summary>
/// The folder of a step's component as other steps have left it. What steps that come before wrote there, the step may read
/// without a word; so it is kept with its run, and an earlier run's results hold only where it is the same today. What the
/// step itself wrote, or others after it, is no input of it.
/// </summary>
/// <param name="Path">The folder.</param>
/// <param name="Products">What runs wrote into it.</param>
/// <param name="Step">The step.</param>
/// <param name="Before">The steps that come before it.</param>
/// <param name="IsPassedOn">Steps that come after it work in the folder too, and may read what it wrote there.</param>
internal sealed record StepFolder(string Path, StepProducts Products, string Step, IReadOnlySet<string> Before, bool IsPassedOn)
{
    /// <summary>In place of a digest: the file was there, and the run did not open it.</summary>
    private const string Unopened = "-";

    /// <summary>Path to digest of what steps before have left.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Left(CodeDigest code) =>
        code.Written.Where(file => Products.WroteAsOneOf(Before, file.Key, file.Value) && !Products.WroteAs(Step, file.Key, file.Value)).ToArray();

    /// <summary>Lines for the run's file, when it is known what was opened.</summary>
    public static string ListingOf(IEnumerable<KeyValuePair<string, string>> left, IReadOnlySet<string> unopened) =>
        CodeDigest.ListingOf(left.Select(file => unopened.Contains(file.Key) ? new(file.Key, Unopened) : file));

    /// <summary>What differs from what an earlier run found there, and from what it left for others; null where nothing does.</summary>
    /// <param name="found">What other steps had left for that run.</param>
    /// <param name="made">What it left itself, where steps after it work in the folder.</param>
    /// <param name="code">The folder as it is now.</param>
    public string? Difference(IReadOnlyList<KeyValuePair<string, string>> found, IReadOnlyList<KeyValuePair<string, string>> made, CodeDigest code)
    {
        var now = code.Files.Concat(code.Written).ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal);

        // Of those that are gone nobody can read anything wrong.
        if (made.FirstOrDefault(file => now.TryGetValue(file.Key, out var today) && today != file.Value) is { Key: { } other })
        {
            return $"{other} is not what it left for other steps";
        }

        foreach (var (path, digest) in found)
        {
            if (digest != Unopened && now.TryGetValue(path, out var today) && today != digest && !Products.WroteAs(Step, path, today))
            {
                return $"{path} changed, which another step wrote";
            }
        }

        var known = found.Select(file => file.Key).ToHashSet(StringComparer.Ordinal);
        return Left(code).FirstOrDefault(file => !known.Contains(file.Key)) is { Key: { } news } ? $"{news} is there now, which another step wrote" : null;
    }
}
