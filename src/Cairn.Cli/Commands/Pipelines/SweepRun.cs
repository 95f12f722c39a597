using System.CommandLine;
using System.Globalization;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Pipelines;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>--multirun</c>: one run for each combination, below one run of the sweep, several at once.</summary>
internal sealed class SweepRun(CairnProgram program)
{
    public async Task<int> ExecuteAsync(
        ParseResult line, ServerSession session, Pipeline pipeline, PipelineOptions options, IReadOnlyList<IReadOnlyList<string>> combinations)
    {
        var (terminal, ink) = (program.Terminal, program.Terminal.ErrorInk);
        var sweep = await session.Client.CreateRunAsync(
            new CreateRunRequest(
                Experiment: options.Experiment ?? pipeline.Experiment ?? pipeline.Name,
                Name: options.RunName,
                Author: Environment.UserName,
                JobType: "sweep",
                ParentId: options.ParentId,
                Tags: new Dictionary<string, string>(StringComparer.Ordinal) { ["cairn.sweep.size"] = combinations.Count.ToString(CultureInfo.InvariantCulture) }),
            program.Interrupts.Stop);
        terminal.Say($"{ink.Accent("▶")} {ink.Bold(TextWidth.Safe(pipeline.Name))}  sweep of {combinations.Count}");
        terminal.Say(ink.Dim($"  {sweep.ExperimentName} / {sweep.Name}   {session.Client.RunPage(sweep.Id).AbsoluteUri}"));
        var atOnce = Math.Min(options.Jobs, combinations.Count);
        var each = options with { ParentId = sweep.Id, Experiment = sweep.ExperimentName, RunName = null, Jobs = Math.Max(1, options.Jobs / atOnce) };
        using var gate = new SemaphoreSlim(atOnce);
        var results = await Task.WhenAll(combinations.Select(changes => OneAsync(session, pipeline, each with { Changes = changes }, gate, line.GetValue(PipelineArguments.Verbose))));
        var failed = results.Count(result => result is not { IsSuccess: true });
        var status = program.Interrupts.Stop.IsCancellationRequested ? "killed" : failed > 0 ? "failed" : "finished";
        await session.Client.UpdateRunAsync(sweep.Id, new RunUpdate(Status: status), CancellationToken.None);
        terminal.Say($"{(failed == 0 ? ink.Good("✔") : ink.Bad("✘"))} {ink.Bold("sweep")}  {combinations.Count - failed} of {combinations.Count} finished");
        return status switch { "finished" => ExitCodes.Ok, "killed" => ExitCodes.Interrupted, _ => ExitCodes.RunFailed };
    }

    private async Task<PipelineResult?> OneAsync(ServerSession session, Pipeline pipeline, PipelineOptions options, SemaphoreSlim gate, bool isVerbose)
    {
        var (terminal, stop) = (program.Terminal, program.Interrupts.Stop);
        try
        {
            await gate.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        try
        {
            var title = string.Join(' ', options.Changes);
            using var view = new PlainPipelineView(terminal, pipeline.Steps.Max(step => step.Name.Length), isVerbose, terminal.ErrorInk.Dim($"[{TextWidth.Safe(title)}] "));
            using var run = await new PipelineRunner(session.Client).CreateAsync(
                pipeline,
                options with { Changed = view.Changed, Output = (step, _, bytes) => view.Print(step, bytes), Remark = view.Remark },
                stop);
            var result = await run.ExecuteAsync(stop, program.Interrupts.Force);
            terminal.Say($"{terminal.ErrorInk.Dim($"[{TextWidth.Safe(title)}]")} {PipelineCommand.Summary(result, pipeline, terminal.ErrorInk)}");
            return result;
        }
        finally
        {
            gate.Release();
        }
    }
}
