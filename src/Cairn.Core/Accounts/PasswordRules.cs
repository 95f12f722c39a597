using System.Security.Cryptography;

namespace Cairn.Core.Accounts;

/// <summary>
/// What may be a password: long, and not what everybody tries first. Lists of leaked passwords are mostly a few words with
/// digits and marks around and between them, so it is the words that are listed here, and what can be made of them is
/// refused.
/// </summary>
public static class PasswordRules
{
    public const int Shortest = 12;

    /// <summary>Beyond this a password is no better, only dearer to compute.</summary>
    public const int Longest = 256;

    private const int FewestCharacters = 5;
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static readonly string[] CommonWords =
    [
        "password", "passwort", "passw0rd", "passwd", "pass", "word", "admin", "administrator", "root", "user", "username", "login", "guest", "test", "testing", "default",
        "secret", "changeme", "change", "letmein", "welcome", "qwertyuiop", "qwerty", "qwertz", "azerty", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "zxcvbn", "qazwsx", "iloveyou",
        "love", "you", "monkey", "dragon", "master", "football", "baseball", "basketball", "superman", "batman", "sunshine", "princess", "shadow", "michael", "jennifer", "jordan",
        "trustno", "starwars", "computer", "internet", "whatever", "freedom", "hello", "world", "summer", "winter", "spring", "autumn", "abc", "abcd", "abcdef", "xyz", "me", "my",
        "is", "the", "new", "old", "this", "a", "i", "in", "let", "cairn", "mlflow", "wandb", "server", "one", "two", "three", "correct", "horse", "battery", "staple", "correcthorsebatterystaple",
    ];

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>, never repeating the password.</exception>
    public static void Check(string? password, string name, string field = "password")
    {
        if (password is null || password.Length < Shortest)
        {
            throw CairnException.Invalid(field, $"A password needs at least {Shortest} characters. Four or five words that have nothing to do with each other make a good one.");
        }

        if (password.Length > Longest)
        {
            throw CairnException.Invalid(field, $"A password may have at most {Longest} characters.");
        }

        if (password.Contains('\0', StringComparison.Ordinal))
        {
            throw CairnException.Invalid(field, "A password cannot hold the character NUL.");
        }

        if (password.Contains(name, StringComparison.OrdinalIgnoreCase) && password.Length - name.Length < Shortest / 2)
        {
            throw CairnException.Invalid(field, "The password is the user's name with little else. Choose another.");
        }

        if (IsCommon(password))
        {
            throw CairnException.Invalid(field, "This password is one of those that are tried first. Choose another, for instance four or five words that have nothing to do with each other.");
        }
    }

    /// <summary>A good one, without letters that look alike. 20 of 56 letters are 116 bits.</summary>
    public static string Make() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 5)));

    private static bool IsCommon(string password)
    {
        // Counted with the digits: a word by chance in hexadecimal may hold few different letters.
        return password.ToLowerInvariant().Distinct().Count() < FewestCharacters || IsRow(password) || IsMadeOf(Plain(password));
    }

    /// <summary>Small letters, with the digits and marks that stand for letters read as these, and all others left out.</summary>
    private static string Plain(string password) => string.Concat(password.ToLowerInvariant().Select(letter => letter switch
    {
        '0' => "o",
        '1' or '!' => "i",
        '3' => "e",
        '4' or '@' => "a",
        '5' or '$' => "s",
        '7' => "t",
        _ => char.IsLetter(letter) ? letter.ToString() : "",
    }));

    /// <summary>1234…, abcd…, or the other way round.</summary>
    private static bool IsRow(string password)
    {
        var steps = password.Zip(password.Skip(1), (left, right) => right - left).ToList();
        return steps.Count(step => step is 1 or -1 or 0 or -9) >= steps.Count * 3 / 4;
    }

    /// <summary>True where the text is common words one after the other, with at most two other letters.</summary>
    private static bool IsMadeOf(string text)
    {
        // Of the shortest ones alone ("a", "is") much can be made that nobody tries.
        if (!CommonWords.Any(word => word.Length > 2 && text.Contains(word, StringComparison.Ordinal)))
        {
            return false;
        }

        // others[i]: fewest letters that are in no common word, among the first i.
        var others = new int[text.Length + 1];
        for (var end = 1; end <= text.Length; end++)
        {
            others[end] = others[end - 1] + 1;
            foreach (var word in CommonWords)
            {
                if (word.Length <= end && others[end - word.Length] < others[end] && text.AsSpan(end - word.Length, word.Length).SequenceEqual(word))
                {
                    others[end] = others[end - word.Length];
                }
            }
        }

        return others[text.Length] <= 2;
    }
}
