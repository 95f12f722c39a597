using System.CommandLine;
using Cairn.Cli.Parsing;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Backends;
using Cairn.Projects.Pipelines.Running;
using Cairn.Projects.Running;

namespace Cairn.Cli.Commands.Running;

/// <summary><c>cairn runs end</c>: gives a run that nobody looks after any more its end.</summary>
internal sealed class EndCommand(CairnProgram program)
{
    private static readonly string[] Statuses = ["finished", "failed", "killed", "crashed"];
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly Argument<string> Run = new("run") { Description = "Id, beginning of an id, or name" };
    private static readonly Option<string> Status = new("--status") { Description = "finished, failed, killed or crashed (default: killed)", HelpName = "STATUS", DefaultValueFactory = _ => "killed" };

    /// <summary>Given by what closes the records of a runner that was killed: a run that another one has gone on with is left alone.</summary>
    private static readonly Option<string?> Runner = new("--runner") { Hidden = true };

    public Command Create()
    {
        var command = new CairnCommand(
            "end",
            "End a run: stops it where it goes on (killed), or closes one whose program is gone.",
            "cairn runs end 3f2a  # stops it",
            "cairn runs end 3f2a --status crashed")
        {
            Run, Status, Runner,
        };
        command.SetAction((line, _) => EndAsync(line));
        return command;
    }

    private async Task<int> EndAsync(ParseResult line)
    {
        var status = line.GetValue(Status)!;
        if (!Statuses.Contains(status))
        {
            throw new UsageException($"--status {status} is no end. Write one of {string.Join(", ", Statuses)}.");
        }

        await using var session = await program.ConnectAsync(line);
        var run = await RunFinder.FindAsync(session.Client, line.GetValue(Run)!, program.Interrupts.Stop);
        var goesOn = run.Run.Status is "running" or "scheduled";
        if (goesOn)
        {
            var update = new RunUpdate(Status: status);
            if (line.GetValue(Runner) is not { } killed)
            {
                await session.Client.UpdateRunAsync(run.Run.Id, update, program.Interrupts.Stop);
            }
            else if (RunnerMark.IsOfAnother(run, killed) || !await RunnerMark.TryUpdateAsync(session.Client, run, update, program.Interrupts.Stop))
            {
                program.Terminal.Say($"{run.Run.Name}  another process goes on with it");
                return ExitCodes.Ok;
            }

            await EndJobAsync(session.Client, run);
            if (status == "crashed")
            {
                // Whoever would have closed those below it is gone. They are those that were read before: what came
                // afterwards is of one that goes on with it.
                await OpenRuns.CloseBelowAsync(session.Client, run, status, run.Tags.GetValueOrDefault(RunnerMark.Tag), program.Interrupts.Stop);
            }
        }

        program.Terminal.Say(goesOn ? $"{run.Run.Name}  {status}" : $"{run.Run.Name} has ended already: {run.Run.Status}");
        return ExitCodes.Ok;
    }

    /// <summary>A job of a scheduler may have outlived the runner that would see the new status.</summary>
    private async Task EndJobAsync(CairnClient client, RunDetail run)
    {
        var kind = run.Tags.GetValueOrDefault(RunTags.Backend);
        if (kind is null || !BackendChoice.Names.Contains(kind))
        {
            return;
        }

        using var job = await BackendChoice.Make(kind, null, client.Options.CacheFolder).FindAsync(run, program.Terminal.Say, program.Interrupts.Stop);
        if (job is { Ended.IsCompleted: false })
        {
            await job.EndAsync(Grace, program.Interrupts.Force);
        }
    }
}
