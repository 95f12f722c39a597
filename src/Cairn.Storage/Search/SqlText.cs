using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Search;

/// <summary>A statement being built, and its arguments: whatever came from outside is an argument, never text.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder text = new();
    private readonly List<object?> arguments = [];

    public object?[] Arguments => [.. arguments];

    public SqlText Add(string sql)
    {
        text.Append(sql);
        return this;
    }

    /// <summary>Adds a value as an argument and answers its placeholder.</summary>
    public string Argument(object? value)
    {
        arguments.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"@{arguments.Count}");
    }

    /// <summary>Adds numbers as one argument, however many they are, and answers the table that has them in its column <c>value</c>.</summary>
    public string Numbers(IEnumerable<long> numbers) =>
        $"json_each({Argument(JsonSerializer.Serialize([.. numbers], SqlJson.Default.ListInt64))})";

    public override string ToString() => text.ToString();
}
