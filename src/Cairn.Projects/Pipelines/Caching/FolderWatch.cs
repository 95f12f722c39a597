using System.Collections.Frozen;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>
/// Sees which files of a component's folder are opened while its command runs. What was not opened was not read, however
/// it came to be replaced: that, and nothing less, tells that a file which was there before the command decides nothing.
/// </summary>
internal sealed class FolderWatch : IDisposable
{
    /// <summary>Each brings two events at most; the system keeps 16,384 for us.</summary>
    private const int MostFiles = 4_096;

    private readonly Inotify _inotify;
    private readonly Dictionary<int, List<string>> _files;

    private FolderWatch(Inotify inotify, Dictionary<int, List<string>> files) => (_inotify, _files) = (inotify, files);

    /// <summary>Begins to watch; null where that cannot be done, for one file or for all.</summary>
    public static FolderWatch? Start(string folder)
    {
        if (!IsOfThisMachine(folder) || Inotify.Open() is not { } inotify)
        {
            return null;
        }

        var files = new Dictionary<int, List<string>>();
        foreach (var file in CodeDigest.FilesOf(folder).Take(MostFiles + 1))
        {
            var watch = files.Count >= MostFiles ? -1 : inotify.Watch(file);
            if (watch < 0)
            {
                inotify.Dispose();
                return null;
            }

            if (!files.TryGetValue(watch, out var names))
            {
                files[watch] = names = [];
            }

            names.Add(Path.GetRelativePath(folder, file));
        }

        return new FolderWatch(inotify, files);
    }

    /// <summary>What is done to a disk that machines share, or that a program makes up, is not all seen here.</summary>
    private static bool IsOfThisMachine(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveType is DriveType.Fixed or DriveType.Ram;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Those of the watched files, relative to the folder, that nobody has opened since; none where that is not certain.</summary>
    public IReadOnlySet<string> Unopened() => _inotify.ReadOpened() is { } opened
        ? _files.Where(pair => !opened.Contains(pair.Key)).SelectMany(pair => pair.Value).ToHashSet(StringComparer.Ordinal)
        : FrozenSet<string>.Empty;

    public void Dispose() => _inotify.Dispose();
}
