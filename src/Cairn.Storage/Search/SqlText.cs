using System.Globalization;
using System.Text;

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

    public override string ToString() => text.ToString();
}
