using System.Diagnostics;
using System.Globalization;
using Cairn.Migration;

namespace Cairn.Cli.Output;

/// <summary>A line that shows how many runs have moved; only where standard error is a terminal, and gone when it is done.</summary>
internal sealed class CountBar(Terminal terminal, string what) : IProgress<ImportProgress>, IDisposable
{
    private const int Cells = 24;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch sinceDrawn = Stopwatch.StartNew();
    private bool drawn;

    public void Report(ImportProgress value)
    {
        if (terminal.ErrorWidth is { } width && sinceDrawn.Elapsed >= Beat)
        {
            var full = value.Total > 0 ? value.Done * Cells / value.Total : 0;
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{what} [{new string('#', full)}{new string('.', Cells - full)}] {value.Done:#,0}/{value.Total:#,0} runs{(value.Points is { } points ? string.Create(CultureInfo.InvariantCulture, $", {points:#,0} points") : "")}");
            terminal.SayPart($"\r\u001b[K{(text.Length < width ? text : text[..Math.Max(0, width - 1)])}");
            drawn = true;
            sinceDrawn.Restart();
        }
    }

    public void Dispose()
    {
        if (drawn)
        {
            terminal.SayPart("\r\u001b[K");
        }
    }
}
