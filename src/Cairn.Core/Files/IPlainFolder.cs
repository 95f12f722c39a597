using Cairn.Core.Blobs;

namespace Cairn.Core.Files;

/// <summary>
/// A folder on the operator's disk where files lie under their own names, and which people and other programs look into and
/// write to as well. Nothing outside of it is ever read or written: links in it are not followed. A port of its own because
/// a file here may appear, change and vanish without the server, which nothing in the store does.
/// </summary>
public interface IPlainFolder
{
    /// <summary>Puts the content under the path, replacing what was there: the file is whole or as before. Durable on return.</summary>
    /// <exception cref="CairnException">
    /// <see cref="ErrorCode.InvalidArgument"/> where the content is other than expected, the path leads through a file or a link,
    /// or names a folder; <see cref="ErrorCode.StorageFull"/>.
    /// </exception>
    Task<StoredFile> WriteAsync(string path, Stream content, Digest? expected, long? expectedLength, CancellationToken cancellationToken);

    /// <summary>The file and its bytes, or null; the caller disposes the stream.</summary>
    Task<(StoredFile File, Stream Content)?> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>The file at the path, or every file under it ("" = all), ordered by path.</summary>
    Task<IReadOnlyList<StoredFile>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>What lies directly in a folder, ordered by name; empty where there is no such folder.</summary>
    IReadOnlyList<FolderEntry> ListFolder(string folder);

    /// <summary>Removes a file, or a folder with all in it; answers how many files there were.</summary>
    int Delete(string path);

    /// <summary>How many files are at or under the path, and their bytes. Nothing is opened.</summary>
    (int Files, long Bytes) Measure(string path);

    /// <summary>Removes the folder, and the folders above it, as long as there is nothing in them.</summary>
    void RemoveEmpty(string folder);
}
