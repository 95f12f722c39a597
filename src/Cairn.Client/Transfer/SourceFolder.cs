namespace Cairn.Client.Transfer;

/// <summary>Walks a folder that is to become part of an artifact, and keeps it from reaching beyond itself.</summary>
internal static class SourceFolder
{
    /// <summary>Relative paths, with forward slashes, and the files behind them; ordered by path.</summary>
    public static List<(string Path, string File)> Files(string folder)
    {
        var root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
        {
            throw CairnClientException.Invalid("path", $"There is no folder \"{root}\" to add.");
        }

        // The folder itself may be a link; what counts is where the links below it lead.
        var real = Directory.ResolveLinkTarget(root, returnFinalTarget: true)?.FullName ?? root;
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
        var found = new List<(string, string)>();
        var folders = new Stack<string>([real]);
        while (folders.TryPop(out var current))
        {
            foreach (var entry in new DirectoryInfo(current).EnumerateFileSystemInfos("*", options))
            {
                var isLink = entry.LinkTarget is not null;
                if (isLink)
                {
                    CheckLink(entry, real);
                }
                else if (entry is DirectoryInfo)
                {
                    folders.Push(entry.FullName);
                    continue;
                }

                found.Add((Path.GetRelativePath(real, entry.FullName).Replace(Path.DirectorySeparatorChar, '/'), entry.FullName));
            }
        }

        found.Sort(static (a, b) => string.CompareOrdinal(a.Item1, b.Item1));
        return found;
    }

    private static void CheckLink(FileSystemInfo link, string root)
    {
        var target = FinalTarget(link);
        var fault = target switch
        {
            null or { Exists: false } => "leads nowhere",
            DirectoryInfo => "leads to a folder",
            _ when !target.FullName.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) =>
                "leads out of the folder",
            _ => null,
        };
        if (fault is not null)
        {
            throw CairnClientException.Invalid(
                "path", $"The symbolic link \"{link.FullName}\" {fault}. Replace it by what it stands for, or leave it out.");
        }
    }

    private static FileSystemInfo? FinalTarget(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException)
        {
            return null; // links in a circle
        }
    }
}
