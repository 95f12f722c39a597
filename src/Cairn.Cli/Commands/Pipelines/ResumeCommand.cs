using System.CommandLine;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Parsing;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Running;
using Cairn.Projects.Running;
using RunOptions = Cairn.Cli.Commands.Running.RunOptions;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>cairn resume</c>: goes on with a pipeline that failed, was stopped or was killed.</summary>
internal sealed class ResumeCommand(CairnProgram program)
{
    private static readonly Argument<string?> Run = new("run") { Description = "Run of a pipeline (default: the newest)", Arity = ArgumentArity.ZeroOrOne };

    public Command Create()
    {
        var command = new CairnCommand(
            "resume",
            "Go on with a pipeline, or a run that starts its components itself, that failed or was stopped: what succeeded is not run again.",
            "cairn resume  # the newest run of a pipeline",
            "cairn resume 3f2a")
        {
            Run, PipelineArguments.Verbose, PipelineArguments.Jobs, PipelineArguments.KeepGoing, PipelineArguments.EnvManager,
            PipelineArguments.Backend, PipelineArguments.BackendConfig, RunOptions.StorageDir,
        };
        command.SetAction((line, _) => ResumeAsync(line));
        return command;
    }

    private async Task<int> ResumeAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var run = await FindAsync(session.Client, line.GetValue(Run));
        if (!run.Tags.ContainsKey(StepTags.PipelineFile))
        {
            if (run.Tags.GetValueOrDefault(RunTags.Backend, "local") == "local")
            {
                // The job of a scheduler may be watched from anywhere.
                RunnerMark.RefuseWhereItGoesOn(run);
            }

            return run.Run.Status == "finished" ? Finished(run) : await program.AgainAsync(line, ChainResume.Arguments(run));
        }

        if (line.GetValue(Run) is null && run.Parent is { } parent && await session.Client.GetRunAsync(parent.Id, program.Interrupts.Stop) is var above && SweepRun.IsSweep(above))
        {
            run = above;
        }

        if (run.Run.Status == "finished")
        {
            return Finished(run);
        }

        var file = run.Tags[StepTags.PipelineFile];
        if (Path.IsPathRooted(file) && !File.Exists(file))
        {
            throw new UsageException($"The pipeline of run {run.Run.Name} was '{file}', which is not there any more. Put it back to go on with this run; elsewhere, 'cairn pipeline run FOLDER' begins a new one, in which what is unchanged is not run again.");
        }

        var pipelines = new PipelineCommand(program);
        using var fetched = await PipelinePlace.FetchAsync(program, run, line.GetValue(RunOptions.StorageDir));
        var pipeline = pipelines.Open(fetched?.Folder ?? run.Tags[StepTags.PipelineFile]);
        var options = PipelineCommand.Options(program, line, session, fetched, run);
        return SweepRun.IsSweep(run)
            ? await new SweepRun(program).ResumeAsync(line, session, pipeline, options with { Experiment = run.Run.ExperimentName }, run)
            : await pipelines.ExecuteAsync(line, session, pipeline, options with { ResumeId = run.Run.Id, Experiment = run.Run.ExperimentName, Changes = PipelineRunner.ChangesOf(run) });
    }

    private int Finished(RunDetail run)
    {
        program.Terminal.Say($"{run.Run.Name} has finished already; there is nothing to go on with.");
        return ExitCodes.Ok;
    }

    /// <summary>The run that is named, else the newest of a pipeline or of a chain.</summary>
    private async Task<RunDetail> FindAsync(CairnClient client, string? named)
    {
        var stop = program.Interrupts.Stop;
        if (named is not null)
        {
            var run = await RunFinder.FindAsync(client, named, stop);
            return run.Tags.ContainsKey(StepTags.PipelineFile) || ChainResume.IsPossible(run)
                ? run
                : throw new UsageException($"Run {run.Run.Name} is neither a pipeline's nor one of 'cairn run': there is nothing to go on with.");
        }

        var chains = await client.ListRunsAsync(new RunQuery { Filter = ChainResume.Filter, Limit = 100 }, stop);
        var chain = chains.Runs.FirstOrDefault(row => row.Run.ParentId is null)?.Run;
        var pipelines = await client.ListRunsAsync(new RunQuery { Filter = $"tags.`{StepTags.PipelineFile}` LIKE '%'", Limit = 1 }, stop);
        var newest = new[] { chain, pipelines.Runs.Select(row => row.Run).FirstOrDefault() }.OfType<RunInfo>().MaxBy(run => run.StartedAt);
        return newest is null
            ? throw new CairnClientException(null, "not_found", "No pipeline has been run yet. Run one with: cairn pipeline run FOLDER")
            : await client.GetRunAsync(newest.Id, stop);
    }
}
