using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Cairn.Mlflow.Wire;

/// <summary>
/// Reads what Python's json reads: NaN and the infinities as bare words, and a document that an old client wrapped in a
/// JSON string once more. A body that is none of this counts as empty.
/// </summary>
internal static class LenientJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>The document, or null where the bytes are not one.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> bytes)
    {
        var document = ParseOnce(bytes);
        if (document?.RootElement.ValueKind != JsonValueKind.String)
        {
            return document;
        }

        using (document)
        {
            return RequestText.Of(document.RootElement) is { } inner ? ParseOnce(Encoding.UTF8.GetBytes(inner)) : null;
        }
    }

    private static JsonDocument? ParseOnce(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, Options);
        }
        catch (JsonException)
        {
            if (!HasBareWords(bytes.Span))
            {
                return null;
            }
        }

        try
        {
            return JsonDocument.Parse(QuoteBareWords(bytes.Span), Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasBareWords(ReadOnlySpan<byte> bytes) => bytes.IndexOf("NaN"u8) >= 0 || bytes.IndexOf("Infinity"u8) >= 0;

    private static byte[] QuoteBareWords(ReadOnlySpan<byte> bytes)
    {
        var output = new ArrayBufferWriter<byte>(bytes.Length + 64);
        var inString = false;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (inString)
            {
                output.Write(bytes.Slice(i, 1));
                if (bytes[i] == '\\' && i + 1 < bytes.Length)
                {
                    output.Write(bytes.Slice(++i, 1));
                }
                else if (bytes[i] == '"')
                {
                    inString = false;
                }
            }
            else if (BareWord(bytes[i..]) is var length and > 0)
            {
                output.Write("\""u8);
                output.Write(bytes.Slice(i, length));
                output.Write("\""u8);
                i += length - 1;
            }
            else
            {
                output.Write(bytes.Slice(i, 1));
                inString = bytes[i] == '"';
            }
        }

        return output.WrittenSpan.ToArray();
    }

    private static int BareWord(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("NaN"u8) ? 3
        : bytes.StartsWith("Infinity"u8) ? 8
        : bytes.StartsWith("-Infinity"u8) ? 9
        : 0;
}
