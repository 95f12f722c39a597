namespace Cairn.Storage.Promotion;

/// <summary>A list of one-line texts in one column.</summary>
internal static class NameList
{
    public static string Write(IReadOnlyList<string> names) => string.Join('\n', names);

    public static IReadOnlyList<string> Read(string text) => text.Length == 0 ? [] : text.Split('\n');
}
