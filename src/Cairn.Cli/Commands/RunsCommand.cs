using System.CommandLine;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn runs</c>.</summary>
internal sealed class RunsCommand(CairnProgram program)
{
    private const int MostMetrics = 3;
    private static readonly string[] Headings = ["RUN", "NAME", "JOB", "STATUS", "STARTED", "TOOK"];

    private static readonly Option<string[]> Experiments = new("--experiment", "--experiment-name") { Description = "Only of this experiment (name or number); may be repeated", HelpName = "NAME" };
    private static readonly Option<string?> Filter = new("--filter") { Description = "A condition, as in \"metrics.mae < 30 and params.lr = '0.1'\"", HelpName = "TEXT" };
    private static readonly Option<string[]> OrderBy = new("--order-by") { Description = "As in \"metrics.mae ASC\" (default: newest first)", HelpName = "KEY" };
    private static readonly Option<int> Limit = new("--limit", "-n") { Description = "How many at most (default: 20)", HelpName = "N", DefaultValueFactory = _ => 20 };
    private static readonly Option<bool> Tree = new("--tree") { Description = "Each below the run that started it, with why a step ran" };
    private static readonly Option<bool> Deleted = new("--deleted") { Description = "Those in the bin instead" };
    private static readonly Argument<string> Run = new("run") { Description = "Id, beginning of an id, or name" };
    private static readonly Option<bool> Logs = new("--logs") { Description = "What it printed, instead" };

    public Command Create()
    {
        var list = new CairnCommand(
            "ls",
            "List runs, newest first.",
            "cairn runs ls --experiment nightly -n 50",
            "cairn runs ls --filter \"metrics.mae < 30\" --order-by \"metrics.mae ASC\"  # the best first",
            "cairn runs ls --tree -n 100")
        {
            Experiments, Filter, OrderBy, Limit, Deleted, Tree,
        };
        list.SetAction((line, _) => ListAsync(line));
        var show = new CairnCommand("show", "Show everything about a run.", "cairn runs show 3f2a", "cairn runs show calm-river-12 --logs  # what it printed", "cairn runs show calm-river-12 --tree  # all runs below it") { Run, Logs, Tree };
        show.SetAction((line, _) => ShowAsync(line));
        return new CairnCommand("runs", "Look at runs.") { list, show, new EndCommand(program).Create() };
    }

    private async Task<int> ListAsync(ParseResult line)
    {
        var limit = line.GetValue(Limit);
        if (limit is < 1 or > 100_000)
        {
            throw new UsageException("--limit must be between 1 and 100000.");
        }

        await using var session = await program.ConnectAsync(line);
        var query = new RunQuery
        {
            Experiments = line.GetValue(Experiments) ?? [],
            Filter = line.GetValue(Filter),
            OrderBy = line.GetValue(OrderBy) ?? [],
            State = line.GetValue(Deleted) ? "deleted" : null,
            Limit = Math.Min(limit, 1000),
        };
        var rows = await session.Client.EnumerateRunsAsync(query, program.Interrupts.Stop).Take(limit).ToListAsync(program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new RunPage(rows, null), CairnJson.Default.RunPage);
            return ExitCodes.Ok;
        }

        if (rows.Count == 0)
        {
            program.Terminal.Say("No runs. Start one with: cairn run FOLDER");
            return ExitCodes.Ok;
        }

        if (line.GetValue(Tree))
        {
            program.Terminal.Write(RunTreeText.Of(rows, program.Terminal.Ink));
            return ExitCodes.Ok;
        }

        program.Terminal.WriteTable(TableOf(rows));
        return ExitCodes.Ok;
    }

    /// <summary>A run and all below it.</summary>
    private async Task<int> ShowTreeAsync(ServerSession session, RunDetail root, bool json)
    {
        var rows = new List<RunRow>();
        var open = new Queue<RunDetail>([root]);
        while (open.TryDequeue(out var run))
        {
            rows.Add(new RunRow(run.Run, run.Params, run.Tags, run.Metrics.ToDictionary(metric => metric.Key, metric => metric.Value, StringComparer.Ordinal)));
            foreach (var child in run.Children)
            {
                open.Enqueue(await session.Client.GetRunAsync(child.Id, program.Interrupts.Stop));
            }
        }

        if (json)
        {
            program.Terminal.WriteJson(new RunPage(rows, null), CairnJson.Default.RunPage);
        }
        else
        {
            program.Terminal.Write(RunTreeText.Of(rows, program.Terminal.Ink));
        }

        return ExitCodes.Ok;
    }

    private Table TableOf(List<RunRow> rows)
    {
        var ink = program.Terminal.Ink;
        var now = TimeProvider.System.GetUtcNow();
        var metrics = rows.SelectMany(row => row.Metrics.Keys).GroupBy(key => key, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(MostMetrics).Select(group => group.Key).ToArray();
        var experiments = rows.Select(row => row.Run.ExperimentId).Distinct().Count() > 1;
        var table = new Table([.. Headings, .. metrics, .. experiments ? ["EXPERIMENT"] : Array.Empty<string>()])
            .RightAlign([.. Enumerable.Range(5, metrics.Length + 1)]);
        foreach (var row in rows)
        {
            table.Add(
            [
                Table.Painted(row.Run.Id[..8], ink.Accent), row.Run.Name, row.Run.JobType, Table.Painted(row.Run.Status, ink.Status),
                Shown.Ago(row.Run.StartedAt, now), Took(row.Run),
                .. metrics.Select(key => (Table.Cell)(row.Metrics.TryGetValue(key, out var value) ? Shown.Number(value) : "")),
                .. experiments ? [(Table.Cell)row.Run.ExperimentName] : Array.Empty<Table.Cell>(),
            ]);
        }

        return table;
    }

    private async Task<int> ShowAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var run = await RunFinder.FindAsync(session.Client, line.GetValue(Run)!, program.Interrupts.Stop);
        var json = CairnProgram.WantsJson(line);
        if (line.GetValue(Tree))
        {
            return await ShowTreeAsync(session, run, json);
        }

        if (line.GetValue(Logs))
        {
            await new RunLogPrinter(program.Terminal, session.Client).PrintAsync(run.Run.Id, json, program.Interrupts.Stop);
        }
        else if (json)
        {
            program.Terminal.WriteJson(run, CairnJson.Default.RunDetail);
        }
        else
        {
            new RunPrinter(program.Terminal).Print(run, session.IsHosted ? null : session.Client.RunPage(run.Run.Id));
        }

        return ExitCodes.Ok;
    }

    /// <summary>How long it took; for one that goes on, how long so far.</summary>
    internal static string Took(RunInfo run) =>
        run.EndedAt is { } end ? Shown.Duration(TimeSpan.FromMilliseconds(end - run.StartedAt))
        : run.Status == "running" ? Shown.Duration(TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(run.StartedAt)) + " …"
        : "";
}
