using System.Text.RegularExpressions;

namespace Cairn.Projects.Running;

/// <summary>Values that by their names are secrets: handed to the command, but not recorded.</summary>
internal static partial class SecretNames
{
    /// <summary>What stands in the record in place of a secret.</summary>
    public const string Hidden = "(not recorded)";

    public static bool IsSecret(string name) => Secret().IsMatch(name);

    /// <summary>The same of a variable of the environment, whose names say more: a parameter "pad_token" is no secret.</summary>
    public static bool IsSecretVariable(string name) => SecretVariable().IsMatch(name);

    /// <summary>The value for the record; addresses lose their credentials.</summary>
    public static string Recorded(string name, string value) =>
        value.Length > 0 && IsSecret(name) ? Hidden : GitFacts.WithoutCredentials(value);

    [GeneratedRegex("password|passwd|passphrase|secret|token|credential|api_?key|access_?key|private_?key|(^|_)(key|pat|auth)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretVariable();

    [GeneratedRegex(@"(^|[_.-])(password|passwd|secret|api[_-]?key|access[_-]?(key|token)|auth[_-]?token|secret[_-]?key)$", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
