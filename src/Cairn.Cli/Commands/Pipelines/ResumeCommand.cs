using System.CommandLine;
using Cairn.Cli.Parsing;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>cairn resume</c>: goes on with a pipeline that failed, was stopped or was killed.</summary>
internal sealed class ResumeCommand(CairnProgram program)
{
    private static readonly Argument<string?> Run = new("run") { Description = "Run of a pipeline (default: the newest)", Arity = ArgumentArity.ZeroOrOne };

    public Command Create()
    {
        var command = new CairnCommand(
            "resume",
            "Go on with a pipeline that failed or was stopped: what succeeded is not run again.",
            "cairn resume  # the newest run of a pipeline",
            "cairn resume 3f2a")
        {
            Run, PipelineArguments.Verbose, PipelineArguments.Jobs, PipelineArguments.KeepGoing, PipelineArguments.EnvManager,
        };
        command.SetAction((line, _) => ResumeAsync(line));
        return command;
    }

    private async Task<int> ResumeAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var run = await PipelineStatusCommand.FindAsync(session.Client, line.GetValue(Run), program.Interrupts.Stop);
        if (run.Run.Status == "finished")
        {
            program.Terminal.Say($"{run.Run.Name} has finished already; there is nothing to go on with.");
            return ExitCodes.Ok;
        }

        var pipelines = new PipelineCommand(program);
        var pipeline = pipelines.Open(run.Tags[StepTags.PipelineFile]);
        return await pipelines.ExecuteAsync(
            line, session, pipeline, PipelineCommand.Options(line, session) with { ResumeId = run.Run.Id, Experiment = run.Run.ExperimentName, Changes = PipelineRunner.ChangesOf(run) });
    }
}
