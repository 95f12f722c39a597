using System.CommandLine;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Jobs;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>cairn pipeline register</c>, <c>ls</c> and <c>unregister</c>: pipelines that the server may set going.</summary>
internal sealed class RegisterCommand(CairnProgram program)
{
    private static readonly Option<bool> InPlace = new("--in-place") { Description = "Workers run this very folder, on this machine, in place of a snapshot of it" };
    private static readonly Argument<string> Name = new("name") { Description = "Name of the pipeline" };

    public Command CreateRegister()
    {
        var command = new CairnCommand(
            "register",
            "Give a pipeline to the server: its gates hold, and its triggers set it going.",
            "cairn pipeline register  # the pipeline.yaml in this folder, as it is now",
            "cairn pipeline register samples/weather model.trees=200 --in-place",
            "cairn pipeline register https://github.com/me/weather.git#pipeline -v v1.2  # workers fetch this commit")
        {
            PipelineArguments.Words, RunOptions.Version, PipelineArguments.Settings, PipelineArguments.Experiment, InPlace,
        };
        command.SetAction((line, _) => RegisterAsync(line));
        return command;
    }

    public Command CreateList()
    {
        var command = new CairnCommand("ls", "List registered pipelines.", "cairn pipeline ls");
        command.SetAction((line, _) => ListAsync(line));
        return command;
    }

    public Command CreateRemove()
    {
        var command = new CairnCommand("unregister", "Forget a registered pipeline and its triggers; its runs and gates stay.", "cairn pipeline unregister weather") { Name };
        command.SetAction(async (line, _) =>
        {
            await using var session = await program.ConnectAsync(line);
            await session.Client.RemovePipelineAsync(line.GetValue(Name)!, program.Interrupts.Stop);
            return ExitCodes.Ok;
        });
        return command;
    }

    private async Task<int> RegisterAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var (path, changes) = PipelineArguments.Split(line);
        using var fetched = await PipelinePlace.FetchAsync(program, path, line.GetValue(RunOptions.Version));
        if (fetched is not null && line.GetValue(InPlace))
        {
            throw new UsageException("--in-place is for a folder of this machine; what is fetched from elsewhere is fetched by workers themselves.");
        }

        var pipeline = new PipelineCommand(program).Open(fetched?.Folder ?? path);
        await using var session = await program.ConnectAsync(line);
        var info = await new PipelineRegistration(session.Client).RegisterAsync(pipeline, line.GetValue(PipelineArguments.Experiment), changes, line.GetValue(InPlace), fetched, stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(info, CairnJson.Default.PipelineInfo);
            return ExitCodes.Ok;
        }

        var ink = program.Terminal.Ink;
        program.Terminal.WriteLine($"{ink.Good("✔")} {ink.Bold(TextWidth.Safe(info.Name))}  revision {info.Revision}, {info.Source.Kind} {info.Source.Location}");
        foreach (var trigger in (await session.Client.ListTriggersAsync(info.Name, stop)).Triggers)
        {
            program.Terminal.WriteLine($"  {ink.Accent(trigger.Name)}  {trigger.Kind} {trigger.Condition}{(trigger.Paused ? ink.Warn("  paused") : trigger.NextAt is { } next ? ink.Dim($"  next at {Shown.Time(next)}") : "")}");
        }

        return ExitCodes.Ok;
    }

    private async Task<int> ListAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var all = await session.Client.ListPipelinesAsync(program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new PipelineList(all), CairnJson.Default.PipelineList);
            return ExitCodes.Ok;
        }

        var table = new Table("NAME", "EXPERIMENT", "REVISION", "SOURCE", "COMMIT", "BY", "AT");
        foreach (var pipeline in all)
        {
            table.Add(
                Table.Painted(pipeline.Name, program.Terminal.Ink.Accent), pipeline.ExperimentName, Shown.Number(pipeline.Revision),
                $"{pipeline.Source.Kind} {pipeline.Source.Location}", pipeline.Source.Commit is { Length: > 10 } commit ? commit[..10] : pipeline.Source.Commit, pipeline.RegisteredBy, Shown.Time(pipeline.RegisteredAt));
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }
}
