using System.Diagnostics;
using System.Globalization;
using Cairn.Client;

namespace Cairn.Cli.Output;

/// <summary>A line that shows how far a transfer is; only where standard error is a terminal, and gone when it is done.</summary>
internal sealed class TransferBar(Terminal terminal, string what) : IProgress<TransferProgress>, IDisposable
{
    private const int Cells = 24;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(80);

    private readonly Lock _gate = new();
    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();
    private readonly Stopwatch _inPhase = Stopwatch.StartNew();
    private TransferPhase? _phase;
    private bool _drawn;
    private bool _done;

    public void Report(TransferProgress value)
    {
        if (terminal.ErrorWidth is not { } width)
        {
            return;
        }

        lock (_gate)
        {
            if (_phase != value.Phase)
            {
                _phase = value.Phase;
                _inPhase.Restart();
            }

            // The first beat passes in silence: short transfers show nothing.
            if (!_done && _sinceDrawn.Elapsed >= Beat)
            {
                Draw(value, width);
                _sinceDrawn.Restart();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _done = true;
            if (_drawn)
            {
                terminal.SayPart("\r\u001b[K");
            }
        }
    }

    private void Draw(TransferProgress value, int width)
    {
        var part = value.BytesTotal > 0 ? Math.Clamp((double)value.BytesDone / value.BytesTotal, 0, 1) : 0;
        var full = (int)(part * Cells);
        var rate = value.BytesDone / Math.Max(0.001, _inPhase.Elapsed.TotalSeconds);
        var verb = value.Phase switch
        {
            TransferPhase.Hashing => "reading",
            TransferPhase.Uploading => "sending",
            _ => "fetching",
        };
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{part * 100,3:0} %  {Shown.Size(value.BytesDone)} of {Shown.Size(value.BytesTotal)}  {Shown.Size((long)rate)}/s{(value.FilesTotal > 1 ? $"  {value.FilesDone}/{value.FilesTotal} files" : "")}");
        var room = width - Cells - facts.Length - verb.Length - 6;
        var name = room > 8 ? TextWidth.Cut(what, room) + "  " : "";
        var ink = terminal.ErrorInk;
        terminal.SayPart($"\r\u001b[K{ink.Dim(verb)} {name}{ink.Accent(new string('━', full))}{ink.Dim(new string('━', Cells - full))}  {ink.Dim(facts)}");
        _drawn = true;
    }
}
