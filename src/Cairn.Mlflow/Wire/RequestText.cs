using System.Text.Json;

namespace Cairn.Mlflow.Wire;

/// <summary>Texts of JSON values. What looks like one can still be none: half of a surrogate pair, or bytes that are not UTF-8.</summary>
internal static class RequestText
{
    /// <summary>The text of a JSON string, or null where it cannot be written as Unicode.</summary>
    public static string? Of(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
