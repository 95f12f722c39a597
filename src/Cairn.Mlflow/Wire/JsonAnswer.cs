using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Wire;

/// <summary>Writes answers straight into the response's pipe.</summary>
internal static class JsonAnswer
{
    private const string ContentType = "application/json";

    // What is written is well-formed by construction. The relaxed encoder leaves quotes and letters readable; its caution
    // is for JSON inside of HTML, and these answers are neither that nor sniffed.
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    /// <summary>The answer of a write: nothing to say.</summary>
    public static ValueTask EmptyAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = EmptyObject.Length;
        return context.Response.Body.WriteAsync(EmptyObject, context.RequestAborted);
    }

    /// <summary>A small answer, written at once.</summary>
    public static async Task WriteAsync<T>(HttpContext context, T state, Action<Utf8JsonWriter, T> write)
    {
        context.Response.ContentType = ContentType;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, Options);
        write(writer, state);
    }

    /// <summary>JSON that goes into another answer as a text.</summary>
    public static byte[] ToBytes<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            write(writer, state);
        }

        return bytes.ToArray();
    }

    /// <summary>A long answer: the list <paramref name="name"/> of an object, sent while it is written, then the other members.</summary>
    public static async Task StreamAsync<T>(
        HttpContext context,
        string name,
        IReadOnlyList<T> items,
        Action<Utf8JsonWriter, T> write,
        Action<Utf8JsonWriter>? writeRest = null)
    {
        const int chunk = 32 * 1024;
        context.Response.ContentType = ContentType;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, Options);
        writer.WriteStartObject();
        if (items.Count > 0)
        {
            writer.WriteStartArray(name);
            var sent = 0L;
            for (var i = 0; i < items.Count; i++)
            {
                write(writer, items[i]);
                if (writer.BytesCommitted + writer.BytesPending - sent > chunk)
                {
                    await writer.FlushAsync(context.RequestAborted);
                    await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
                    sent = writer.BytesCommitted;
                }
            }

            writer.WriteEndArray();
        }

        writeRest?.Invoke(writer);
        writer.WriteEndObject();
    }

    /// <summary>
    /// A double as MLflow's server shows it: NaN in quotes, and the infinities as the greatest numbers there are, because
    /// its databases keep them so and its clients compare with that.
    /// </summary>
    public static void WriteDouble(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsNaN(value))
        {
            writer.WriteString(name, "NaN"u8);
            return;
        }

        writer.WriteNumber(name, Math.Clamp(value, double.MinValue, double.MaxValue));
    }
}
