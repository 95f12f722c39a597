namespace Cairn.Client.Http;

/// <summary>
/// The rule for paths inside runs and artifacts: relative, forward slashes, no segment that could lead out of a folder.
/// It holds in both directions: for what is sent, and for what a server says before a file is written on this machine.
/// </summary>
internal static class RelativePath
{
    private const int MaxLength = 4096;

    public static void Check(string path, string field)
    {
        if (Fault(path) is { } fault)
        {
            throw CairnClientException.Invalid(
                field, $"{field} \"{Short(path)}\" {fault}. Use a relative path with forward slashes, such as data/train.csv.");
        }
    }

    /// <summary>Where <paramref name="path"/> lies under <paramref name="folder"/>; it is checked first.</summary>
    public static string Under(string folder, string path)
    {
        Check(path, "path");
        return Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
    }

    private static string? Fault(string path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "is empty";
        }

        if (path.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters";
        }

        // "c:name" leads to another drive on some machines, so it is refused on all.
        if (path[0] == '/' || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])))
        {
            return "is not relative";
        }

        if (path.AsSpan().IndexOfAny('\\', '#') is >= 0 and var at)
        {
            return path[at] == '#' ? "holds a #" : "holds a backslash";
        }

        if (path.Any(char.IsControl))
        {
            return "holds a control character";
        }

        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or "." or "..")
            {
                return segment.Length == 0 ? "holds an empty segment" : $"holds the segment \"{segment}\"";
            }
        }

        return null;
    }

    private static string Short(string? path) => path is { Length: > 80 } ? string.Concat(path.AsSpan(0, 77), "…") : path ?? "";
}
