using System.CommandLine;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Triggers;

/// <summary><c>cairn trigger</c>: what sets registered pipelines going.</summary>
internal sealed class TriggerCommand(CairnProgram program)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);
    private static readonly Argument<string> Trigger = new("trigger") { Description = "Its id, its name, or pipeline/name" };
    private static readonly Argument<string> Job = new("job") { Description = "Its id" };
    private static readonly Option<string?> Pipeline = new("--pipeline") { Description = "Only of this pipeline", HelpName = "NAME" };
    private static readonly Option<string?> State = new("--state") { Description = "waiting, running, finished, failed or cancelled", HelpName = "STATE" };

    public Command Create()
    {
        var list = new CairnCommand("ls", "List triggers.", "cairn trigger ls") { Pipeline };
        list.SetAction((line, _) => ListAsync(line));
        var jobs = new CairnCommand("jobs", "List what triggers set going, newest first.", "cairn trigger jobs", "cairn trigger jobs --state waiting") { Pipeline, State };
        jobs.SetAction((line, _) => JobsAsync(line));
        var cancel = new CairnCommand("cancel", "End a job.", "cairn trigger cancel 3f2a…") { Job };
        cancel.SetAction((line, _) => CancelAsync(line));
        return new CairnCommand("trigger", "Set registered pipelines going by the clock, by new data, by webhooks.")
        {
            list,
            Change("fire", "Set a trigger off now.", async (session, id, stop) => Say(await session.Client.FireTriggerAsync(id, null, stop))),
            Change("pause", "Let a trigger listen to nothing for now.", async (session, id, stop) => Say(await session.Client.PauseTriggerAsync(id, stop))),
            Change("resume", "Let a trigger listen again.", async (session, id, stop) => Say(await session.Client.ResumeTriggerAsync(id, stop))),
            Change("rm", "Remove a trigger, until its pipeline is registered again.", (session, id, stop) => session.Client.RemoveTriggerAsync(id, stop)),
            jobs,
            cancel,
        };
    }

    private CairnCommand Change(string name, string description, Func<ServerSession, string, CancellationToken, Task> change)
    {
        var command = new CairnCommand(name, description, $"cairn trigger {name} nightly") { Trigger };
        command.SetAction(async (line, _) =>
        {
            var stop = program.Interrupts.Stop;
            await using var session = await program.ConnectAsync(line);
            await change(session, await FindAsync(session, line.GetValue(Trigger)!, stop), stop);
            return ExitCodes.Ok;
        });
        return command;
    }

    private void Say(JobInfo job) => program.Terminal.WriteLine($"{program.Terminal.Ink.Accent(job.Pipeline)}  job {job.Id} is {job.State}; its run will be {job.RunId[..8]}");

    private void Say(TriggerInfo trigger) => program.Terminal.WriteLine(
        $"{program.Terminal.Ink.Accent(trigger.Name)}  {(trigger.Paused ? "paused" : trigger.NextAt is { } next ? $"next at {Shown.Time(next)}" : "listens")}");

    private async Task<int> ListAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var list = await session.Client.ListTriggersAsync(line.GetValue(Pipeline), program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(list, CairnJson.Default.TriggerList);
            return ExitCodes.Ok;
        }

        var table = new Table("ID", "PIPELINE", "NAME", "KIND", "LISTENS TO", "LAST", "NEXT");
        foreach (var trigger in list.Triggers)
        {
            table.Add(
                trigger.Id[..Math.Min(8, trigger.Id.Length)],
                trigger.Pipeline,
                Table.Painted(trigger.Name, program.Terminal.Ink.Accent),
                trigger.Kind,
                trigger.Condition,
                trigger.LastAt is { } last ? Shown.Time(last) : "–",
                trigger.Paused ? "paused" : trigger.NextAt is { } next ? Shown.Time(next) : "–");
        }

        program.Terminal.WriteTable(table);
        if (list.Triggers.Count > 0 && (list.WorkerSeenAt is not { } seen || DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(seen) > Quiet))
        {
            program.Terminal.Say(program.Terminal.ErrorInk.Warn("No worker asks for work: start one with 'cairn worker', or the server with --worker."));
        }

        return ExitCodes.Ok;
    }

    private async Task<int> JobsAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var jobs = await session.Client.ListJobsAsync(line.GetValue(Pipeline), null, line.GetValue(State), null, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new JobList(jobs), CairnJson.Default.JobList);
            return ExitCodes.Ok;
        }

        var ink = program.Terminal.Ink;
        var table = new Table("JOB", "AT", "PIPELINE", "TRIGGER", "CAUSE", "STATE", "RUN", "WORKER", "END");
        foreach (var job in jobs)
        {
            table.Add(
                job.Id[..8],
                Shown.Time(job.At),
                job.Pipeline,
                job.TriggerName,
                job.Cause,
                Table.Painted(job.State, job.State switch { "finished" => ink.Good, "failed" => ink.Bad, "running" => ink.Accent, _ => ink.Dim }),
                job.RunId[..8],
                job.Worker ?? "–",
                job.Message);
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> CancelAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        await using var session = await program.ConnectAsync(line);
        var text = line.GetValue(Job)!;
        var found = (await session.Client.ListJobsAsync(limit: 1000, cancellation: stop)).Where(job => job.Id.StartsWith(text, StringComparison.Ordinal)).ToArray();
        Say(await session.Client.CancelJobAsync(found is [var single] ? single.Id : text, stop));
        return ExitCodes.Ok;
    }

    private static async Task<string> FindAsync(ServerSession session, string text, CancellationToken stop)
    {
        var found = (await session.Client.ListTriggersAsync(null, stop)).Triggers
            .Where(trigger => trigger.Name == text || $"{trigger.Pipeline}/{trigger.Name}" == text || (text.Length >= 4 && trigger.Id.StartsWith(text, StringComparison.Ordinal)))
            .ToArray();
        return found switch
        {
            [var single] => single.Id,
            [] => text,
            _ => throw new UsageException($"'{text}' could be any of {string.Join(", ", found.Select(trigger => $"{trigger.Pipeline}/{trigger.Name}"))}. Say which."),
        };
    }
}
