namespace Cairn.Core.Files;

/// <summary>A file or a folder in a folder.</summary>
/// <param name="Name">Its last name.</param>
/// <param name="Size">Bytes of a file, null for a folder.</param>
public readonly record struct FolderEntry(string Name, long? Size)
{
    /// <summary>What lies directly in a folder, of a tree that knows only files; ordered by name.</summary>
    /// <param name="files">The files at or under the folder.</param>
    /// <param name="folder">Its path, "" for the root.</param>
    public static IReadOnlyList<FolderEntry> In(IReadOnlyList<StoredFile> files, string folder)
    {
        var skip = folder.Length == 0 ? 0 : folder.Length + 1;
        var entries = new SortedDictionary<string, long?>(StringComparer.Ordinal);
        foreach (var file in files.Where(file => file.Path.Length > skip))
        {
            var slash = file.Path.IndexOf('/', skip);
            if (slash < 0)
            {
                entries[file.Path[skip..]] = file.Size;
            }
            else
            {
                entries[file.Path[skip..slash]] = null;
            }
        }

        return [.. entries.Select(entry => new FolderEntry(entry.Key, entry.Value))];
    }
}
