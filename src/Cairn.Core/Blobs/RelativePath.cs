using System.Text.RegularExpressions;

namespace Cairn.Core.Blobs;

/// <summary>
/// The rule for names of files inside runs and artifact versions. Names never become paths on our disk, but they do on the
/// disk of whoever downloads them, so everything that could leave a folder is refused here, percent-encoded or not.
/// </summary>
public static partial class RelativePath
{
    public const int GreatestLength = 4096;

    /// <summary>
    /// <paramref name="path"/> with doubled and trailing slashes removed, or an <see cref="ErrorCode.InvalidArgument"/>.
    /// </summary>
    public static string Normalize(string? path, string field = "path")
    {
        if (string.IsNullOrEmpty(path))
        {
            throw CairnException.Invalid(field, $"'{field}' is empty. Give a relative path such as 'plots/roc.png'.");
        }

        var normal = NormalizeFolder(path, field);
        return normal.Length > 0 ? normal : throw CairnException.Invalid(field, "Invalid path");
    }

    /// <summary>As <see cref="Normalize"/>, but nothing, "." and "./" are the root: "".</summary>
    public static string NormalizeFolder(string? path, string field = "path")
    {
        if (string.IsNullOrEmpty(path))
        {
            return "";
        }

        return IsSafe(path)
            ? string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
            : throw CairnException.Invalid(field, "Invalid path");
    }

    /// <summary>True where the path, however often it is percent-decoded, stays inside the folder it is put in.</summary>
    public static bool IsSafe(string path)
    {
        if (path.Length > GreatestLength || path.AsSpan().ContainsAnyInRange('\0', '\u001f') || !UnicodeText.IsWellFormed(path))
        {
            return false;
        }

        // Decoding again and again is what finds %252e%252e. Control characters between the digits ("%2%0952e") are an
        // old way around that, so they go first; for the rest they are innocent: "%10" is part of many a file's name.
        var text = path;
        for (var round = 0; round < 10; round++)
        {
            if (!IsPlainlySafe(text))
            {
                return false;
            }

            var decoded = ControlCharacters().Replace(Uri.UnescapeDataString(text), "");
            if (decoded == text)
            {
                return true;
            }

            text = decoded;
        }

        return false;
    }

    private static bool IsPlainlySafe(string path) =>
        path.AsSpan().IndexOfAny('\\', '#', '\0') < 0
        && !path.StartsWith('/')
        && !DrivePrefix().IsMatch(path)
        && !path.Split('/').Contains("..")
        && !path.StartsWith("file:", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^([A-Za-z]:|::)")]
    private static partial Regex DrivePrefix();

    [GeneratedRegex(@"[\u0001-\u001f\u007f]")]
    private static partial Regex ControlCharacters();
}
