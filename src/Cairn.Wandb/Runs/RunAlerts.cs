using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>Something a run wants people to know.</summary>
internal sealed record RunAlert(long At, string Severity, string Title, string Message)
{
    /// <summary>One line, as a list of runs shows it.</summary>
    public string Shown => $"{Severity}: {Title}{(Message.Length > 0 ? $" — {(Message.Length > 500 ? Message[..500] : Message)}" : "")}";
}

/// <summary>The alerts of a run: a document of it.</summary>
internal static class RunAlerts
{
    public const string Document = RunDocument.Alerts;
    private const int Most = 1000;

    /// <summary>Whether an alert of that title came less than so long ago: clients name a time in which one is enough.</summary>
    public static bool IsRepeated(string? document, RunAlert alert, TimeSpan wait)
    {
        using var known = JsonDocument.Parse(document ?? "[]");
        return known.RootElement.EnumerateArray().Any(old =>
            old.GetProperty("title"u8).ValueEquals(alert.Title) && alert.At - old.GetProperty("at"u8).GetInt64() < wait.TotalMilliseconds);
    }

    /// <summary>The document with one more alert; the oldest go where there are too many.</summary>
    public static string Add(string? document, RunAlert alert)
    {
        using var known = JsonDocument.Parse(document ?? "[]");
        return JsonText.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var old in known.RootElement.EnumerateArray().TakeLast(Most - 1))
            {
                old.WriteTo(writer);
            }

            writer.WriteStartObject();
            writer.WriteNumber("at"u8, alert.At);
            writer.WriteString("severity"u8, alert.Severity);
            writer.WriteString("title"u8, alert.Title);
            writer.WriteString("text"u8, alert.Message);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }
}
