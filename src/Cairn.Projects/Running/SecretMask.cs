namespace Cairn.Projects.Running;

/// <summary>Puts stars in place of secrets in what is recorded of a command's output.</summary>
internal sealed class SecretMask
{
    private const string Stars = "***";

    /// <summary>Shorter ones are found in any text by chance.</summary>
    private const int LeastLength = 4;

    private readonly string[] _secrets;

    /// <summary>Of a value of several lines each line counts: output is recorded by lines.</summary>
    public SecretMask(IEnumerable<string> values) => _secrets = values
        .SelectMany(value => value.Split('\n', StringSplitOptions.TrimEntries))
        .Where(line => line.Length >= LeastLength)
        .Distinct(StringComparer.Ordinal)
        .OrderByDescending(line => line.Length)
        .ToArray();

    /// <summary>The text without them.</summary>
    public string Hide(string text) => _secrets.Aggregate(text, (hidden, secret) => hidden.Replace(secret, Stars, StringComparison.Ordinal));

    /// <summary>The same and one more.</summary>
    public SecretMask With(string? value) => value is null ? this : new SecretMask([.. _secrets, value]);
}
