namespace Cairn.Core.Accounts;

/// <summary>
/// What users may be called. Only letters that cannot be mistaken for others: a name stands beside decisions, and nobody
/// is to sign as somebody else with a letter of another alphabet.
/// </summary>
public static class UserNames
{
    public const int Longest = 64;

    /// <summary>Words that mean something else where names stand: in addresses, as W&amp;B's user of every key, as the server's own.</summary>
    private static readonly string[] Reserved = [Caller.OperatorName, "system", "me", "api", "anonymous"];

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>, naming the field.</exception>
    public static string Check(string? name, string field = "name")
    {
        if (string.IsNullOrEmpty(name) || name.Length > Longest || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '@' or '+'))
        {
            throw CairnException.Invalid(
                field, $"A user's name is 1 to {Longest} of the letters a-z and A-Z, digits and . _ - @ +, and begins with a letter or digit. Letters of other alphabets look alike and are refused.");
        }

        return Reserved.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? throw CairnException.Invalid(field, $"'{name}' means something else on this server. Choose another name.")
            : name;
    }
}
