using System.Buffers;
using System.Text;
using System.Text.Json;
using Cairn.Core;

namespace Cairn.Wandb.Wire;

/// <summary>Reads what Python's json writes: NaN and the infinities stand there as bare words.</summary>
internal static class LenientJson
{
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>The document; a refusal that names <paramref name="field"/> where the text is none.</summary>
    public static JsonDocument Parse(string text, string field) => Parse(Encoding.UTF8.GetBytes(text), field);

    /// <summary>As above, over bytes that must stay while the document is used.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, string field)
    {
        try
        {
            return JsonDocument.Parse(utf8, Options);
        }
        catch (JsonException) when (MayHaveBareWords(utf8.Span))
        {
            // Once more, below.
        }
        catch (JsonException fault)
        {
            throw Refuse(field, fault);
        }

        try
        {
            return JsonDocument.Parse(QuoteBareWords(utf8.Span), Options);
        }
        catch (JsonException fault)
        {
            throw Refuse(field, fault);
        }
    }

    public static bool MayHaveBareWords(ReadOnlySpan<byte> bytes) => bytes.IndexOf("NaN"u8) >= 0 || bytes.IndexOf("Infinity"u8) >= 0;

    /// <summary>The same with its bare words in quotes: valid JSON.</summary>
    public static byte[] QuoteBareWords(ReadOnlySpan<byte> bytes)
    {
        var output = new ArrayBufferWriter<byte>(bytes.Length + 64);
        while (bytes.Length > 0)
        {
            var quote = bytes.IndexOf((byte)'"');
            var plain = quote < 0 ? bytes : bytes[..quote];
            WritePlain(output, plain);
            bytes = bytes[plain.Length..];
            if (bytes.Length > 0)
            {
                var length = StringLength(bytes);
                output.Write(bytes[..length]);
                bytes = bytes[length..];
            }
        }

        return output.WrittenSpan.ToArray();
    }

    private static int StringLength(ReadOnlySpan<byte> bytes)
    {
        for (var i = 1; i < bytes.Length; i++)
        {
            if (bytes[i] == '\\')
            {
                i++;
            }
            else if (bytes[i] == '"')
            {
                return i + 1;
            }
        }

        return bytes.Length;
    }

    private static void WritePlain(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length;)
        {
            var rest = bytes[i..];
            var length = rest.StartsWith("NaN"u8) ? 3 : rest.StartsWith("Infinity"u8) ? 8 : rest.StartsWith("-Infinity"u8) ? 9 : 0;
            if (length == 0)
            {
                output.Write(bytes.Slice(i++, 1));
                continue;
            }

            output.Write("\""u8);
            output.Write(rest[..length]);
            output.Write("\""u8);
            i += length;
        }
    }

    private static CairnException Refuse(string field, JsonException fault)
    {
        var end = fault.Message.IndexOf(" Path:", StringComparison.Ordinal);
        return CairnException.Invalid(field, $"'{field}' is not valid JSON: {(end > 0 ? fault.Message[..end] : fault.Message)}");
    }
}
