using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Cairn.Core.Runs;

/// <summary>Identity of a run in every dialect: 32 lower-case hexadecimal digits.</summary>
public readonly record struct RunId
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private RunId(string value) => Value = value;

    public string Value { get; }

    public static RunId New() => new(RandomNumberGenerator.GetHexString(32, lowercase: true));

    public static bool TryParse([NotNullWhen(true)] string? text, out RunId id)
    {
        id = default;
        if (text is not { Length: 32 } || text.AsSpan().ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        id = new RunId(text);
        return true;
    }

    /// <summary>The id in <paramref name="text"/>; a text that cannot be one is a run that does not exist.</summary>
    public static RunId Parse(string? text) =>
        TryParse(text, out var id) ? id : throw CairnException.NotFound($"Run with id={text} not found");

    public override string ToString() => Value;
}
