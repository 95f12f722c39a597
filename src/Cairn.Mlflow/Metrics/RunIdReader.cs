using System.Text.Json;

namespace Cairn.Mlflow.Metrics;

/// <summary>Reads a run's id on the fast way.</summary>
internal static class RunIdReader
{
    /// <summary>The text behind the name the reader stands on; null where it is none.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }
}
