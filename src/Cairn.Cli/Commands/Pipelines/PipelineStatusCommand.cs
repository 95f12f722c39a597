using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Cli.Pipelines;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>cairn pipeline status</c> and <c>cairn pipeline logs</c>: runs of pipelines afterwards, or from elsewhere.</summary>
internal sealed class PipelineStatusCommand(CairnProgram program)
{
    private static readonly Argument<string?> Run = new("run") { Description = "Run of a pipeline: id, beginning of an id, or name (default: the newest)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Step = new("step") { Description = "The step" };
    private static readonly Option<string?> OfRun = new("--run") { Description = "Run of a pipeline (default: the newest)", HelpName = "RUN" };

    public Command CreateStatus()
    {
        var command = new CairnCommand("status", "Show where each step of a run stands.", "cairn pipeline status  # of the newest run", "cairn pipeline status 3f2a") { Run };
        command.SetAction((line, _) => StatusAsync(line));
        return command;
    }

    public Command CreateLogs()
    {
        var command = new CairnCommand("logs", "Show what a step printed.", "cairn pipeline logs train  # in the newest run", "cairn pipeline logs train --run 3f2a") { Step, OfRun };
        command.SetAction((line, _) => LogsAsync(line));
        return command;
    }

    /// <summary>The run that is named, else the newest of a pipeline, else an error.</summary>
    public static async Task<RunDetail> FindAsync(CairnClient client, string? named, CancellationToken cancellation)
    {
        if (named is not null)
        {
            var run = await RunFinder.FindAsync(client, named, cancellation);
            return run.Tags.ContainsKey(StepTags.PipelineFile)
                ? run
                : throw new UsageException($"Run {run.Run.Name} is not one of a pipeline. Those of pipelines are shown by: cairn pipeline status");
        }

        var newest = await client.ListRunsAsync(new RunQuery { Filter = $"tags.`{StepTags.PipelineFile}` LIKE '%'", Limit = 1 }, cancellation);
        return newest.Runs.Count > 0
            ? await client.GetRunAsync(newest.Runs[0].Run.Id, cancellation)
            : throw new CairnClientException(null, "not_found", "No pipeline has been run yet. Run one with: cairn pipeline run FOLDER");
    }

    /// <summary>Steps from the tags of the pipeline's run, and what runs from its children.</summary>
    internal static List<StepReport> StepsOf(RunDetail run)
    {
        var steps = run.Tags.Where(tag => tag.Key.StartsWith(PipelineRecord.TagPrefix, StringComparison.Ordinal)).Select(tag =>
        {
            var parts = tag.Value.Split('|', 4);
            return new StepReport(
                PipelineRecord.StepOf(tag.Key),
                Enum.TryParse<StepState>(parts[0], ignoreCase: true, out var state) ? state : StepState.Waiting,
                parts.ElementAtOrDefault(3),
                parts.ElementAtOrDefault(1) is { Length: > 0 } id ? id : null,
                TimeSpan.FromMilliseconds(double.TryParse(parts.ElementAtOrDefault(2), CultureInfo.InvariantCulture, out var ms) ? ms : 0),
                []);
        }).ToList();
        foreach (var child in run.Children.Where(child => child.Status == "running"))
        {
            steps.RemoveAll(step => step.Name == child.Name);
            steps.Add(new StepReport(child.Name, StepState.Running, null, child.Id, TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(child.StartedAt), []));
        }

        // As the file has them; one that ran for each of several things is followed by its parts.
        var order = OrderOf(run);
        return [.. steps.OrderBy(step => order.GetValueOrDefault(step.Name.Split('[')[0], int.MaxValue)).ThenBy(step => step.Name.Length).ThenBy(step => step.Name, StringComparer.Ordinal)];
    }

    private static Dictionary<string, int> OrderOf(RunDetail run)
    {
        using var graph = JsonDocument.Parse(run.Tags.GetValueOrDefault(StepTags.PipelineGraph, "{}"));
        return graph.RootElement.EnumerateObject().Select((step, index) => (step.Name, index)).ToDictionary(step => step.Name, step => step.index, StringComparer.Ordinal);
    }

    private async Task<int> StatusAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var run = await FindAsync(session.Client, line.GetValue(Run), program.Interrupts.Stop);
        var steps = StepsOf(run);
        var (terminal, ink) = (program.Terminal, program.Terminal.Ink);
        if (CairnProgram.WantsJson(line))
        {
            var took = (run.Run.EndedAt ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) - run.Run.StartedAt;
            terminal.WriteJson(
                new PipelineReport(run.Run.Id, session.Client.RunPage(run.Run.Id).AbsoluteUri, run.Run.Status, took, steps.Select(StepLine.Of).ToArray()),
                CliJson.Default.PipelineReport);
            return ExitCodes.Ok;
        }

        terminal.WriteLine($"{ink.Bold(TextWidth.Safe(run.Tags.GetValueOrDefault(StepTags.PipelineName, run.Run.JobType ?? "")))}  {ink.Status(run.Run.Status)}  {ink.Dim($"{run.Run.Name}  {run.Run.Id[..8]}")}");
        var width = steps.Count == 0 ? 0 : Math.Min(30, steps.Max(step => step.Name.Length));
        foreach (var step in steps)
        {
            terminal.WriteLine(StepText.Of(step, ink, width, StepText.Mark(step.State, ink)));
        }

        return ExitCodes.Ok;
    }

    private async Task<int> LogsAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var run = await FindAsync(session.Client, line.GetValue(OfRun), program.Interrupts.Stop);
        var name = line.GetValue(Step)!;
        var steps = StepsOf(run);
        var id = steps.Find(step => step.Name == name)?.RunId ?? run.Children.LastOrDefault(child => child.Name == name)?.Id
            ?? throw new UsageException($"Run {run.Run.Name} has no run of a step '{name}'; it has {string.Join(", ", steps.Where(step => step.RunId is not null).Select(step => $"'{step.Name}'"))}.");
        await new RunLogPrinter(program.Terminal, session.Client).PrintAsync(id, CairnProgram.WantsJson(line), program.Interrupts.Stop);
        return ExitCodes.Ok;
    }
}
