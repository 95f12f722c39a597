using System.Text.Json;
using Cairn.Core.Files;

namespace Cairn.Mlflow.Artifacts;

/// <summary>What lies directly in a folder: one entry for each file and each folder.</summary>
internal sealed class FolderListing
{
    private readonly SortedDictionary<string, long?> entries = new(StringComparer.Ordinal);

    public void Add(IReadOnlyList<FolderEntry> found)
    {
        foreach (var (name, size) in found)
        {
            entries[name] = size;
        }
    }

    public void AddFolder(string name) => entries[name] = null;

    /// <summary>The member "files", in order of the names; nothing where there are none.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="parent">What to put before each name, with its slash, or "".</param>
    public void Write(Utf8JsonWriter writer, string parent)
    {
        if (entries.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("files"u8);
        foreach (var (name, size) in entries)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, parent + name);
            writer.WriteBoolean("is_dir"u8, size is null);
            if (size is { } bytes)
            {
                writer.WriteNumber("file_size"u8, bytes);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
