using System.Security.Cryptography;
using Cairn.Core.Security;

namespace Cairn.Server.Hosting;

/// <summary>The key of the server's seal, in a file of the data folder that only its owner reads. Made at the first start.</summary>
internal static class SealKey
{
    private const string FileName = "seal.key";

    public static async Task<byte[]> LoadAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path) && await File.ReadAllBytesAsync(path, cancellationToken) is { Length: Seal.KeyLength } known)
        {
            return known;
        }

        // Written aside and renamed: a key that is cut off would be another one after the next start.
        var made = RandomNumberGenerator.GetBytes(Seal.KeyLength);
        var aside = $"{path}.new";
        File.Delete(aside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new FileStream(aside, options))
        {
            await file.WriteAsync(made, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        return made;
    }
}
