using System.Text;
using System.Text.Json;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Streams;

/// <summary>
/// Rows that come once more under new numbers. A client that sends the file of a run a second time asks how many lines there
/// are and sends its rows after them, from its first step on; as on W&amp;B's server, those whose step was there before are
/// left out. Rows that come again under their own numbers are not of this kind: they are written over.
/// </summary>
internal static class ResentRows
{
    /// <summary>The number of rows, from the first, that are not to be kept.</summary>
    public static int Count(StreamState state, long offset, JsonElement content)
    {
        if (offset > 0 && offset == state.HistoryLines && state.HistoryTailStep is { } last && StepOf(content[0]) <= last)
        {
            state.Resent = new ResentMark(offset, last);
        }

        if (state.Resent is not { } mark)
        {
            return 0;
        }

        if (offset < mark.Line)
        {
            // A new start over the old lines: its steps are its own.
            state.Resent = null;
            return 0;
        }

        return content.EnumerateArray().TakeWhile(line => StepOf(line) <= mark.Step).Count();
    }

    /// <summary>The step a row says; null where it says none, or is no row.</summary>
    public static long? StepOf(string row)
    {
        var utf8 = Encoding.UTF8.GetBytes(row);
        try
        {
            var reader = new Utf8JsonReader(LenientJson.MayHaveBareWords(utf8) ? LenientJson.QuoteBareWords(utf8) : utf8);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isStep = reader.ValueTextEquals("_step"u8);
                reader.Read();
                if (isStep)
                {
                    return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var step) ? step : null;
                }

                reader.Skip();
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Whoever reads the row refuses it with its number.
        }

        return null;
    }

    private static long? StepOf(JsonElement line)
    {
        try
        {
            return line.ValueKind == JsonValueKind.String ? StepOf(line.GetString()!) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>From which line on rows came once more, and the last step that was there before.</summary>
internal sealed record ResentMark(long Line, long Step);
