using System.Globalization;
using System.Text;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Keys;

/// <summary>
/// MLflow's rules for the names of metrics, params and tags, and for the length of what they hold. Its limits of values
/// are not Cairn's: MLflow silently cuts params at 6,000 characters and tags at 8,000, Cairn keeps them whole up to
/// <see cref="RunRules.ValueLength"/> and refuses longer ones.
/// </summary>
internal static class KeyRules
{
    private const string BadCharacters =
        "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).";

    public static void CheckMetric(string key, string path)
    {
        CheckName(key, path);
        CheckLength("Metric name", key, RunRules.KeyLength);
    }

    public static void CheckParam(string key, string value, string path)
    {
        CheckName(key, path);
        CheckLength("Param key", key, RunRules.KeyLength);
        CheckLength("Param value", value, RunRules.ValueLength);
    }

    /// <param name="key">The tag.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="prefix">Where the tag stands in the request, such as <c>tags[3].</c>, or "".</param>
    /// <param name="longestValue">Tags of experiments hold less than those of runs.</param>
    public static void CheckTag(string key, string value, string prefix = "", int longestValue = RunRules.ValueLength)
    {
        CheckName(key, prefix + "key");
        CheckLength(prefix + "key", key, RunRules.KeyLength);
        CheckLength(prefix + "value", value, longestValue);
    }

    public static void CheckLength(string name, string value, int longest)
    {
        if (value.Length > longest)
        {
            throw CairnException.Invalid(name, $"'{name}' exceeds the maximum length of {longest} characters");
        }
    }

    /// <summary>True where <see cref="CheckMetric"/> would let the key pass.</summary>
    public static bool IsMetric(string key) =>
        key.Length is > 0 and <= RunRules.KeyLength && HasGoodCharacters(key) && IsOwnPath(key, out _);

    private static void CheckName(string key, string path)
    {
        if (!HasGoodCharacters(key))
        {
            throw CairnException.Invalid(path, $"Invalid value {PythonText.Json(key)} for parameter '{path}' supplied: {BadCharacters}");
        }

        if (!IsOwnPath(key, out var normal))
        {
            throw CairnException.Invalid(
                path,
                $"Invalid value {PythonText.Json(key)} for parameter '{path}' supplied: Names may be treated as files in certain cases, "
                + $"and must not resolve to other names when treated as such. This name would resolve to {PythonText.Repr(normal)}");
        }
    }

    // Letters and digits of any script, as Python's \w has them.
    private static bool HasGoodCharacters(string key)
    {
        foreach (var rune in key.EnumerateRunes())
        {
            var good = rune.IsAscii
                ? char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '_' or '-' or '.' or ' ' or ':' or '/'
                : Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
            if (!good)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOwnPath(string key, out string normal)
    {
        normal = PosixPath.Normalize(key);
        return normal == key && normal != "." && !normal.StartsWith("..", StringComparison.Ordinal) && !normal.StartsWith('/');
    }
}
