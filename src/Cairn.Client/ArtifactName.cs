namespace Cairn.Client;

/// <summary>
/// The server's rule for names of artifacts, types and aliases, asked before gigabytes are sent under a name that it
/// would refuse.
/// </summary>
internal static class ArtifactName
{
    private const int MaxLength = 128;

    public static string Check(string field, string? name) =>
        name is { Length: > 0 and <= MaxLength } and not ("." or "..") && name.All(IsAllowed)
            ? name
            : throw CairnClientException.Invalid(
                field, $"The {field} \"{name}\" must be 1 to {MaxLength} letters, digits, dots, dashes or underscores, such as raw_data.csv.");

    public static string CheckAlias(string? alias) =>
        Check("alias", alias) is ['v', .. var digits] && digits.Length > 0 && digits.All(char.IsAsciiDigit)
            ? throw CairnClientException.Invalid("alias", $"The alias \"{alias}\" looks like a version. Use a word such as prod.")
            : alias!;

    private static bool IsAllowed(char c) => char.IsLetter(c) || char.IsDigit(c) || c is '.' or '-' or '_';
}
