using Cairn.Core;

namespace Cairn.Storage;

/// <summary>
/// The one folder a server keeps everything in. Holding it is exclusive: a second server on the same folder is refused,
/// and the hold ends with the process, however it ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream hold;

    private DataFolder(string path, FileStream hold)
    {
        Path = path;
        this.hold = hold;
    }

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "cairn.db");

    public string Blobs => System.IO.Path.Combine(Path, "blobs");

    public string Uploads => System.IO.Path.Combine(Path, "uploads");

    /// <summary>Creates the folder where it is missing, readable by its owner only, and takes hold of it.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Unavailable"/> where another server holds it or it cannot be written.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, OwnerOnly);
            }

            var hold = new FileStream(System.IO.Path.Combine(full, "cairn.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(full, hold);
        }
        catch (IOException fault) when (Directory.Exists(full))
        {
            throw new CairnException(
                ErrorCode.Unavailable,
                $"The data folder {full} is in use by another Cairn server, or cannot be written ({fault.Message}). Stop that server, or choose another folder with --data.",
                inner: fault);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new CairnException(
                ErrorCode.Unavailable,
                $"The data folder {full} cannot be made or opened: {fault.Message} Choose another folder with --data.",
                inner: fault);
        }
    }

    public void Dispose() => hold.Dispose();
}
