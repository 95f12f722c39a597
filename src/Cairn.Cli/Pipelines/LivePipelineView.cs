using System.Text;
using Cairn.Cli.Output;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Pipelines;

/// <summary>
/// On a terminal: all steps, drawn over ten times a second, each running one with its time and the last line it printed.
/// Where there are more steps than lines, those that are over scroll away first.
/// </summary>
internal sealed class LivePipelineView : IPipelineView
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Wheel = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly Terminal _terminal;
    private readonly List<string> _order;
    private readonly Dictionary<string, StepReport> _steps;
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);
    private readonly HashSet<string> _printed = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private readonly List<string> _warnings = [];
    private int _drawn;
    private int _turn;
    private string _remark = "";

    public LivePipelineView(Terminal terminal, IEnumerable<string> steps)
    {
        _terminal = terminal;
        _order = steps.ToList();
        _steps = _order.ToDictionary(name => name, name => new StepReport(name, StepState.Waiting, null, null, TimeSpan.Zero, []), StringComparer.Ordinal);
        terminal.SayPart("\u001b[?25l");
        _timer = new Timer(_ => Beaten(), null, Beat, Beat);
        Draw();
    }

    public void Changed(StepReport report)
    {
        lock (_gate)
        {
            if (!_steps.ContainsKey(report.Name))
            {
                var parent = _order.IndexOf(report.Name.Split('[')[0]);
                var after = _order.FindLastIndex(name => name.Split('[')[0] == report.Name.Split('[')[0]);
                _order.Insert(Math.Max(parent, after) + 1, report.Name);
            }

            _steps[report.Name] = report;
            _since[report.Name] = TimeProvider.System.GetTimestamp();
            if (report.IsOver)
            {
                _last.Remove(report.Name);
            }

            Draw();
        }
    }

    public void Print(string step, ReadOnlyMemory<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes.Span).TrimEnd('\n', '\r', ' ');
        var line = text[(text.LastIndexOfAny(['\n', '\r']) + 1)..];
        if (line.Length > 0)
        {
            lock (_gate)
            {
                _last[step] = TextWidth.Safe(line);
            }
        }
    }

    public void Remark(string text)
    {
        lock (_gate)
        {
            _remark = TextWidth.Safe(text);
        }
    }

    public void Warn(string text)
    {
        lock (_gate)
        {
            _warnings.Add(TextWidth.Safe(text));
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _remark = "";
            Draw();
            _terminal.SayPart("\u001b[?25h");
            foreach (var warning in _warnings)
            {
                _terminal.Say($"{_terminal.ErrorInk.Warn("!")} {warning}");
            }

            foreach (var step in _order.Select(name => _steps[name]).Where(step => step.State == StepState.Failed && step.Reason is not null))
            {
                var lines = step.Reason!.Split('\n');
                _terminal.Say($"\n  {_terminal.ErrorInk.Bad(step.Name)}  {lines[0]}");
                foreach (var line in lines.Skip(1))
                {
                    _terminal.Say($"  {_terminal.ErrorInk.Dim("│")} {TextWidth.Safe(line)}");
                }
            }
        }
    }

    private void Beaten()
    {
        lock (_gate)
        {
            _turn++;
            Draw();
        }
    }

    /// <summary>Called under the lock. One write for the whole picture, so that it does not flicker.</summary>
    private void Draw()
    {
        var (width, ink) = (_terminal.ErrorWidth ?? 100, _terminal.ErrorInk);
        var nameWidth = Math.Min(30, _order.Max(name => name.Length));
        var lines = new List<string>();
        foreach (var name in _order.Where(name => !_printed.Contains(name)))
        {
            var step = _steps[name];
            var busy = step.State is StepState.Running or StepState.Preparing;
            if (busy && _since.TryGetValue(name, out var since))
            {
                step = step with { Duration = TimeProvider.System.GetElapsedTime(since), Reason = _last.GetValueOrDefault(name, step.Reason ?? "") };
            }

            lines.Add(StepText.Of(step with { Reason = Room(step, nameWidth, width) }, ink, nameWidth, busy ? ink.Accent(Wheel[_turn % Wheel.Length]) : StepText.Mark(step.State, ink)));
        }

        if (_remark.Length > 0)
        {
            lines.Add("  " + ink.Dim(TextWidth.Cut(_remark, width - 3)));
        }

        var text = new StringBuilder(_drawn > 0 ? $"\u001b[{_drawn}A\r" : "");
        foreach (var line in lines)
        {
            text.Append("\u001b[2K").Append(line).Append('\n');
        }

        for (var gone = lines.Count; gone < _drawn; gone++)
        {
            text.Append("\u001b[2K\n");
        }

        if (_drawn > lines.Count)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\u001b[{_drawn - lines.Count}A");
        }

        _terminal.SayPart(text.ToString());
        _drawn = lines.Count;
        SettleTop(lines.Count);
    }

    /// <summary>A picture higher than the window cannot be drawn over: lines at its top that are over stay where they are.</summary>
    private void SettleTop(int height)
    {
        var room = Math.Max(5, WindowHeight() - 4);
        foreach (var name in _order.Where(name => !_printed.Contains(name)).ToArray())
        {
            if (height <= room || !_steps[name].IsOver)
            {
                return;
            }

            _printed.Add(name);
            _drawn--;
            height--;
        }
    }

    private static int WindowHeight()
    {
        try
        {
            return Console.WindowHeight is > 0 and var height ? height : 24;
        }
        catch (IOException)
        {
            return 24;
        }
    }

    private static string Room(StepReport step, int nameWidth, int width)
    {
        var outputs = step.Outputs.Take(3).Sum(output => output.Length + 2) + (step.Outputs.Count > 0 ? 6 : 0);
        var room = width - nameWidth - outputs - 18;
        var text = TextWidth.Safe(step.Reason?.Split('\n')[0] ?? "");
        return room > 8 ? TextWidth.Cut(text, room) : "";
    }
}
