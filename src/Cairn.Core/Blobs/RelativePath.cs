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

        if (!IsSafe(path))
        {
            throw CairnException.Invalid(field, "Invalid path");
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
        var normal = string.Join('/', parts);
        return normal.Length > 0
            ? normal
            : throw CairnException.Invalid(field, "Invalid path");
    }

    /// <summary>True where the path, however often it is percent-decoded, stays inside the folder it is put in.</summary>
    public static bool IsSafe(string path)
    {
        if (path.Length > GreatestLength)
        {
            return false;
        }

        // Decoding repeatedly is what finds %252e%252e; control characters between the digits ("%2%0a52e") are an old
        // way around it, so they go first.
        var text = path;
        for (var round = 0; round < 8; round++)
        {
            if (!IsPlainlySafe(text))
            {
                return false;
            }

            var decoded = Uri.UnescapeDataString(ControlCharacters().Replace(text, ""));
            if (decoded == text)
            {
                return true;
            }

            text = decoded;
        }

        return false;
    }

    private static bool IsPlainlySafe(string path) =>
        path.AsSpan().IndexOfAny("\\#\0") < 0
        && !path.StartsWith('/')
        && !path.AsSpan().ContainsAnyInRange('\u0001', '\u001f')
        && !DrivePrefix().IsMatch(path)
        && !path.Split('/').Contains("..")
        && !path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
        && UnicodeText.IsWellFormed(path);

    [GeneratedRegex(@"^([A-Za-z]:|::)")]
    private static partial Regex DrivePrefix();

    [GeneratedRegex(@"[\u0000-\u001f]|%0[0-9aAdD]")]
    private static partial Regex ControlCharacters();
}
