using Cairn.Core;

namespace Cairn.Cli.Hosting;

/// <summary>
/// Commands that work on one data folder without a server of its own share the one that the first of them hosts. Each
/// holds this lease while it works, so that the host knows when it may go: not before the last of them.
/// </summary>
internal sealed class DataFolderLease : IDisposable
{
    private readonly string _file;
    private FileStream? _hold;

    private DataFolderLease(string file, FileStream hold) => (_file, _hold) = (file, hold);

    /// <summary>Takes a share, waiting for a host that is just going.</summary>
    /// <exception cref="CairnException">Nothing can be written there.</exception>
    public static async Task<DataFolderLease> TakeAsync(string dataFolder, CancellationToken cancellation)
    {
        var file = Path.Combine(dataFolder, "commands.lock");
        while (true)
        {
            try
            {
                // FileShare other than None is a shared lock, None an exclusive one.
                return new DataFolderLease(file, new FileStream(file, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(20, cancellation);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new CairnException(ErrorCode.Unavailable, $"The data folder {dataFolder} cannot be used: {fault.Message} Choose another with --data or CAIRN_DATA.", inner: fault);
            }
        }
    }

    /// <summary>
    /// Waits until nobody else holds a share, then keeps others from taking one until this is disposed. False where the
    /// waiting was cancelled.
    /// </summary>
    /// <param name="waiting">Told once, when there is somebody to wait for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<bool> BecomeLastAsync(Action waiting, CancellationToken cancellation)
    {
        _hold?.Dispose();
        _hold = null;
        var told = false;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                _hold = new FileStream(_file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return true;
            }
            catch (IOException)
            {
                if (!told)
                {
                    waiting();
                    told = true;
                }

                await Task.Delay(50, CancellationToken.None);
            }
        }

        return false;
    }

    public void Dispose() => _hold?.Dispose();
}
