using Cairn.Cli.Output;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands;

/// <summary>Prints what a run printed: its standard error to ours, the rest to standard output.</summary>
internal sealed class RunLogPrinter(Terminal terminal, CairnClient client)
{
    private const int PageSize = 5000;

    public async Task PrintAsync(string runId, bool json, CancellationToken cancellation)
    {
        var all = new List<LogLine>();
        long after = -1;
        while (true)
        {
            var page = await client.GetLogsAsync(runId, after, PageSize, cancellation: cancellation);
            if (page.Lines.Count == 0)
            {
                break;
            }

            after = page.Lines[^1].Line;
            if (json)
            {
                all.AddRange(page.Lines);
                continue;
            }

            foreach (var line in page.Lines)
            {
                Print(line);
            }
        }

        if (json)
        {
            terminal.WriteJson(new LogPage(all, after + 1), CairnJson.Default.LogPage);
        }
    }

    private void Print(LogLine line)
    {
        if (line.Stream == "stderr")
        {
            terminal.Say(line.Text);
        }
        else
        {
            terminal.WriteLine(line.Text);
        }
    }
}
