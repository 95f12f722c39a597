namespace Cairn.Migration.Mlflow;

/// <summary>What the URI of a version's source says.</summary>
internal static class SourcePlace
{
    private const int IdLength = 32;

    /// <summary>The logged model, "m-" and 32 digits; null where it is none.</summary>
    public static string? ModelOf(string source) =>
        source.Split('/').FirstOrDefault(part => part.Length == IdLength + 2 && part.StartsWith("m-", StringComparison.Ordinal) && part[2..].All(char.IsAsciiHexDigitLower));

    /// <summary>The run whose files hold it, and the folder among them; null where it is elsewhere.</summary>
    public static (string Run, string Folder)? RunOf(string source)
    {
        var parts = source.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length == IdLength && parts[i].All(char.IsAsciiHexDigitLower))
            {
                var skip = i + 1 < parts.Length && parts[i + 1] == "artifacts" ? i + 2 : source.StartsWith("runs:", StringComparison.Ordinal) ? i + 1 : -1;
                return skip < 0 ? null : (parts[i], string.Join('/', parts.Skip(skip)).Trim('/'));
            }
        }

        return null;
    }
}
