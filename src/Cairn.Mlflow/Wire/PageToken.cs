using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Search;

namespace Cairn.Mlflow.Wire;

/// <summary>
/// Where the next page begins: base64 of <c>{"offset": 4}</c>, as MLflow writes it. Searches over runs say beside it
/// behind which run the page begins, which is found without counting the runs before it.
/// </summary>
internal static class PageToken
{
    private const string Field = "page_token";

    public static string Write(int offset) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"offset": {{offset}}}""")));

    public static string Write(int offset, RunPosition? after)
    {
        if (after is null)
        {
            return Write(offset);
        }

        var text = string.Create(CultureInfo.InvariantCulture, $$"""{"offset": {{offset}}, "after": "{{JsonEncodedText.Encode(after.ToString())}}"}""");
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The offset; 0 for no token.</summary>
    public static int Read(string? token) => ReadPosition(token).Offset;

    /// <summary>What else a token says, of those that say more than an offset; null where it does not.</summary>
    public static string? Said(string? token, string field)
    {
        using var document = LenientJson.Parse(Decode(token ?? "") ?? []);
        return document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String
            ? RequestText.Of(text)
            : null;
    }

    /// <summary>The offset, and the position where the token has one.</summary>
    public static (int Offset, RunPosition? After) ReadPosition(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return (0, null);
        }

        var bytes = Decode(token) ?? throw CairnException.Invalid(Field, "Invalid page token, could not base64-decode");
        using var document = LenientJson.Parse(bytes)
            ?? throw CairnException.Invalid(Field, $"Invalid page token, decoded value=b{PythonText.Repr(Encoding.Latin1.GetString(bytes))}");
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("offset"u8, out var offset)
            && new FieldValue(offset).Integer is > 0 and <= int.MaxValue and var value
            ? ((int)value, After(root))
            : throw CairnException.Invalid(Field, $"Invalid page token, parsed value={PythonText.Json(root)}");
    }

    private static RunPosition? After(JsonElement root) =>
        root.TryGetProperty("after"u8, out var after) && after.ValueKind == JsonValueKind.String && RunPosition.TryParse(after.GetString()!, out var position)
            ? position
            : null;

    // Python passes over characters that are not base64; only the padding must be right.
    private static byte[]? Decode(string token)
    {
        var clean = string.Concat(token.Where(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '/' or '='));
        return Base64.IsValid(clean) ? Convert.FromBase64String(clean) : null;
    }
}
