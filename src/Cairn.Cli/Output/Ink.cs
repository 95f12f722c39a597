namespace Cairn.Cli.Output;

/// <summary>Colours for text, or none.</summary>
internal sealed class Ink(bool enabled)
{
    public bool IsEnabled => enabled;

    public string Bold(string text) => Paint("1", text);

    public string Dim(string text) => Paint("2", text);

    public string Good(string text) => Paint("32", text);

    public string Bad(string text) => Paint("31", text);

    public string Warn(string text) => Paint("33", text);

    public string Accent(string text) => Paint("36", text);

    /// <summary>A run's status in its colour.</summary>
    public string Status(string status) => status switch
    {
        "finished" => Good(status),
        "running" or "scheduled" => Accent(status),
        "killed" => Warn(status),
        _ => Bad(status),
    };

    private string Paint(string code, string text) => enabled && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
