using System.Security.Cryptography;

namespace Cairn.Server.Hosting;

/// <summary>
/// A key that is made anew at each start and lies in the data folder while the server runs, readable by its owner only:
/// whoever may read the folder is the operator, and commands on this machine show it. It is how the first user comes about
/// without a password that everybody knows.
/// </summary>
public static class OperatorKey
{
    public const string FileName = "operator.key";
    private const int Bytes = 32;

    /// <summary>The key of the server that runs on a folder; null where there is none, or it may not be read.</summary>
    public static string? Read(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, FileName)) is { Length: 2 * Bytes } key ? key : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static string Make(string folder)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        var path = Path.Combine(folder, FileName);
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(new FileStream(path, options));
        writer.Write(key);
        return key;
    }

    internal static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));
}
