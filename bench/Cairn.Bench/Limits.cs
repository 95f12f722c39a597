using System.Diagnostics;
using System.Security.Cryptography;

namespace Cairn.Bench;

/// <summary>What this machine can do at best: figures to hold ours against, taken in the same run.</summary>
internal static class Limits
{
    /// <summary>Flushes to disk per second of small appends, one after the other.</summary>
    public static double FlushesPerSecond(string folder)
    {
        var path = Path.Combine(folder, "flush.probe");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        var clock = Stopwatch.StartNew();
        var count = 0;
        for (; clock.Elapsed < TimeSpan.FromSeconds(1); count++)
        {
            file.Write(block);
            file.Flush(flushToDisk: true);
        }

        var rate = count / clock.Elapsed.TotalSeconds;
        file.Dispose();
        File.Delete(path);
        return rate;
    }

    /// <summary>Megabytes per second of writing and flushing a file of the given size.</summary>
    public static double DiskWrite(string folder, int megabytes)
    {
        var path = Path.Combine(folder, "write.probe");
        var block = RandomNumberGenerator.GetBytes(1_000_000);
        var clock = Stopwatch.StartNew();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            for (var i = 0; i < megabytes; i++)
            {
                file.Write(block);
            }

            file.Flush(flushToDisk: true);
        }

        var rate = megabytes / clock.Elapsed.TotalSeconds;
        File.Delete(path);
        return rate;
    }

    /// <summary>Megabytes per second of SHA-256 on one core.</summary>
    public static double Hash()
    {
        var block = RandomNumberGenerator.GetBytes(1_000_000);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var clock = Stopwatch.StartNew();
        var count = 0;
        for (; clock.Elapsed < TimeSpan.FromSeconds(0.5); count++)
        {
            hash.AppendData(block);
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
