using System.Globalization;
using System.Text.RegularExpressions;
using Cairn.Core;
using Cairn.Core.Models;
using Cairn.Mlflow.Keys;

namespace Cairn.Mlflow.Registry;

/// <summary>What MLflow says of the fields of its registry's requests, in its words.</summary>
internal static partial class RegistryFields
{
    /// <summary>MLflow 2 took 5,000 characters; since 3 the text, the answer's schema and the model of a prompt are tags too.</summary>
    private const int LongestTag = 100_000;

    private const int LongestAlias = 255;

    /// <summary>The number of a version, which MLflow sends as a text.</summary>
    public static int Version(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw CairnException.Invalid("version", $"Parameter 'version' must be an integer, got '{Shorten(text)}'.");

    public static ModelStage Stage(string text) =>
        Enum.GetValues<ModelStage>().Where(stage => text.Equals(stage.ToString(), StringComparison.OrdinalIgnoreCase)).Cast<ModelStage?>().FirstOrDefault()
        ?? throw CairnException.Invalid("stage", $"Invalid Model Version stage: {Shorten(text)}. Value must be one of {string.Join(", ", Enum.GetNames<ModelStage>())}.");

    /// <summary>The alias, if it may be asked for.</summary>
    public static string Alias(string text)
    {
        if (!AliasPattern().IsMatch(text))
        {
            throw CairnException.Invalid("alias", $"Invalid alias name: '{Shorten(text)}'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
        }

        KeyRules.CheckLength("Registered model alias name", text, LongestAlias);
        return text;
    }

    /// <summary>The alias, if it may be set.</summary>
    public static string SettableAlias(string text)
    {
        Alias(text);
        if (IsLatest(text))
        {
            throw CairnException.Invalid("alias", "'latest' alias name (case insensitive) is reserved.");
        }

        return VersionPattern().IsMatch(text)
            ? throw CairnException.Invalid("alias", $"Version alias name '{text}' is reserved.")
            : text;
    }

    /// <summary>True for aliases that nobody sets, so that none of them is ever to be removed.</summary>
    public static bool IsReservedAlias(string text) => IsLatest(text) || VersionPattern().IsMatch(text);

    public static void CheckTag(string key, string value) =>
        KeyRules.CheckTag(key, value, longestValue: LongestTag);

    public static void CheckTagKey(string key) => KeyRules.CheckTag(key, "");

    /// <summary>Tags as a map; the last of equal keys counts.</summary>
    public static Dictionary<string, string> Tags(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            CheckTag(key, value);
            tags[key] = value;
        }

        return tags;
    }

    private static bool IsLatest(string text) => text.Equals("latest", StringComparison.OrdinalIgnoreCase);

    private static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "...");

    [GeneratedRegex(@"^[\p{L}\p{N}_-]*\z")]
    private static partial Regex AliasPattern();

    [GeneratedRegex(@"^[vV]\d+\z")]
    private static partial Regex VersionPattern();
}
