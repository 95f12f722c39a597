namespace Cairn.Mlflow.Keys;

/// <summary>Python's <c>posixpath.normpath</c>.</summary>
internal static class PosixPath
{
    public static string Normalize(string path)
    {
        if (path.Length == 0)
        {
            return ".";
        }

        if (IsNormal(path))
        {
            return path;
        }

        // POSIX leaves the meaning of exactly two leading slashes to the system, so they stay.
        var root = path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("///", StringComparison.Ordinal) ? "//" : path[0] == '/' ? "/" : "";
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && (parts.Count == 0 ? root.Length == 0 : parts[^1] == ".."))
            {
                parts.Add(part);
            }
            else if (part == "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        var normal = root + string.Join('/', parts);
        return normal.Length > 0 ? normal : ".";
    }

    // Most names have no slash and no leading dot: nothing to do, nothing to allocate.
    private static bool IsNormal(string path) => path[0] != '.' && !path.Contains('/', StringComparison.Ordinal);
}
