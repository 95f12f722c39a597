using System.Text;
using Cairn.Cli.Output;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Pipelines;

/// <summary>For logs and CI: a line when a step begins and one when it ends; nothing is drawn over.</summary>
internal sealed class PlainPipelineView(Terminal terminal, int nameWidth, bool isVerbose, string prefix) : IPipelineView
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StringBuilder> _open = new(StringComparer.Ordinal);

    public void Changed(StepReport report)
    {
        if (report.State is StepState.Waiting or StepState.Preparing)
        {
            return;
        }

        lock (_gate)
        {
            var (mark, ink) = (StepText.Mark(report.State, terminal.ErrorInk), terminal.ErrorInk);
            terminal.Say(prefix + StepText.Of(report with { Duration = report.State == StepState.Running ? TimeSpan.Zero : report.Duration }, ink, nameWidth, mark));
            if (report.State == StepState.Failed)
            {
                foreach (var line in (report.Reason ?? "").Split('\n').Skip(1))
                {
                    terminal.Say($"{prefix}      {ink.Dim("│")} {line}");
                }
            }
        }
    }

    public void Print(string step, ReadOnlyMemory<byte> bytes)
    {
        if (!isVerbose)
        {
            return;
        }

        lock (_gate)
        {
            var open = _open.TryGetValue(step, out var found) ? found : _open[step] = new StringBuilder();
            open.Append(Encoding.UTF8.GetString(bytes.Span));
            var text = open.ToString();
            var end = text.LastIndexOf('\n');
            if (end >= 0)
            {
                foreach (var line in text[..end].Split('\n'))
                {
                    terminal.Say($"{prefix}{terminal.ErrorInk.Dim($"{step} │")} {line.TrimEnd('\r')}");
                }

                open.Clear().Append(text[(end + 1)..]);
            }
        }
    }

    public void Remark(string text)
    {
        lock (_gate)
        {
            terminal.Say($"{prefix}  {terminal.ErrorInk.Dim(TextWidth.Safe(text))}");
        }
    }

    public void Warn(string text)
    {
        lock (_gate)
        {
            terminal.Say($"{prefix}{terminal.ErrorInk.Warn("!")} {TextWidth.Safe(text)}");
        }
    }

    public void Dispose()
    {
    }
}
