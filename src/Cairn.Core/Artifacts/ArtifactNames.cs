namespace Cairn.Core.Artifacts;

/// <summary>
/// What artifacts, aliases and labels may be called where a protocol allows more than the house's own: anything that is
/// one line, and none of what separates names in references.
/// </summary>
public static class ArtifactNames
{
    public const int GreatestLength = 128;

    public static void Check(string field, string name)
    {
        if (name.Length is 0 or > GreatestLength || !IsPlain(name) || name is "." or "..")
        {
            throw CairnException.Invalid(field, $"'{field}' must be 1 to {GreatestLength} characters without slashes, colons and control characters (such as 'raw_data.csv').");
        }
    }

    public static void CheckAlias(string alias)
    {
        Check("alias", alias);
        if (VersionReference.Parse(alias).Index is not null)
        {
            throw CairnException.Invalid("alias", $"'{alias}' looks like a version and cannot be an alias. Use a name of your own.");
        }
    }

    public static void CheckLabel(string label) => Check("tag", label);

    private static bool IsPlain(string name) =>
        UnicodeText.IsWellFormed(name)
        && name.Trim().Length == name.Length
        && !name.AsSpan().ContainsAny('/', ':', '\\')
        && !name.AsSpan().ContainsAnyInRange('\0', '\u001f')
        && !name.Contains('\u007f', StringComparison.Ordinal);
}
