using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Pipelines;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Running;
using Cairn.Projects.Processes;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>--multirun</c>: one run for each combination, below one run of the sweep, several at once.</summary>
internal sealed class SweepRun(CairnProgram program)
{
    /// <summary>Tag of a sweep's run: its combinations, as a list of lists of changes.</summary>
    private const string CombinationsTag = "cairn.sweep.combinations";
    private const string SizeTag = "cairn.sweep.size";

    public static bool IsSweep(RunDetail run) => run.Tags.ContainsKey(CombinationsTag);

    public async Task<int> ExecuteAsync(
        ParseResult line, ServerSession session, Pipeline pipeline, PipelineOptions options, IReadOnlyList<IReadOnlyList<string>> combinations)
    {
        PipelineRunner.Check(pipeline, options, combinations);

        var sweep = await session.Client.CreateRunAsync(
            new CreateRunRequest(
                Experiment: options.Experiment ?? pipeline.Experiment ?? pipeline.Name,
                Name: options.RunName,
                Author: Environment.UserName,
                JobType: "sweep",
                ParentId: options.ParentId,
                Tags: new Dictionary<string, string>(options.Tags, StringComparer.Ordinal)
                {
                    [SizeTag] = combinations.Count.ToString(CultureInfo.InvariantCulture),
                    [CombinationsTag] = $"[{string.Join(',', combinations.Select(PipelineRunner.ChangesText))}]",
                    [StepTags.PipelineFile] = PipelineRunner.FileOf(pipeline, options),
                    [RunnerMark.Tag] = RunnerMark.Own,
                }),
            program.Interrupts.Stop);
        return await ExecuteAsync(line, session, pipeline, options, sweep, combinations.Select(changes => (changes, (string?)null)).ToArray());
    }

    /// <summary>Goes on with those that have not finished, and begins those that never began.</summary>
    public async Task<int> ResumeAsync(ParseResult line, ServerSession session, Pipeline pipeline, PipelineOptions options, RunDetail sweep)
    {
        var known = new Dictionary<string, RunInfo>(StringComparer.Ordinal);
        foreach (var child in sweep.Children)
        {
            var tags = (await session.Client.GetRunAsync(child.Id, program.Interrupts.Stop)).Tags;
            known[tags.GetValueOrDefault(StepTags.PipelineChanges, "")] = child;
        }

        using var document = JsonDocument.Parse(sweep.Tags[CombinationsTag]);
        var open = document.RootElement.EnumerateArray()
            .Select(changes => (IReadOnlyList<string>)changes.EnumerateArray().Select(change => change.GetString()!).ToArray())
            .Select(changes => (Changes: changes, Run: known.GetValueOrDefault(PipelineRunner.ChangesText(changes))))
            .Where(one => one.Run?.Status != "finished")
            .Select(one => (one.Changes, one.Run?.Id)).ToArray();
        await RunnerMark.TakeAsync(session.Client, sweep, program.Interrupts.Stop);
        return await ExecuteAsync(line, session, pipeline, options, sweep.Run, open);
    }

    private async Task<int> ExecuteAsync(
        ParseResult line, ServerSession session, Pipeline pipeline, PipelineOptions options, RunInfo sweep, IReadOnlyList<(IReadOnlyList<string> Changes, string? ResumeId)> open)
    {
        var (terminal, ink) = (program.Terminal, program.Terminal.ErrorInk);
        terminal.Say($"{ink.Accent("▶")} {ink.Bold(TextWidth.Safe(pipeline.Name))}  sweep of {open.Count}");
        terminal.Say(ink.Dim($"  {sweep.ExperimentName} / {sweep.Name}   {session.Client.RunPage(sweep.Id).AbsoluteUri}"));
        using var guard = options.AfterOurDeath is { } command ? Lifeline.ForRecord(command(sweep.Id)) : null;
        var atOnce = Math.Clamp(open.Count, 1, options.Jobs);
        var each = options with { ParentId = sweep.Id, Experiment = sweep.ExperimentName, RunName = null, Jobs = Math.Max(1, options.Jobs / atOnce) };
        using var gate = new SemaphoreSlim(atOnce);
        PipelineResult?[] results;
        try
        {
            results = await Task.WhenAll(open.Select(one =>
                OneAsync(session, pipeline, each with { Changes = one.Changes, ResumeId = one.ResumeId }, gate, line.GetValue(PipelineArguments.Verbose))));
        }
        catch (Exception)
        {
            await EndAsync(session, sweep, program.Interrupts.Stop.IsCancellationRequested ? "killed" : "failed");
            throw;
        }

        var failed = results.Count(result => result is not { IsSuccess: true });
        var status = program.Interrupts.Stop.IsCancellationRequested ? "killed" : failed > 0 ? "failed" : "finished";
        await session.Client.UpdateRunAsync(sweep.Id, new RunUpdate(Status: status), CancellationToken.None);
        terminal.Say($"{(failed == 0 ? ink.Good("✔") : ink.Bad("✘"))} {ink.Bold("sweep")}  {open.Count - failed} of {open.Count} finished");
        if (failed > 0)
        {
            terminal.Say(ink.Dim($"  to go on: cairn resume {sweep.Id[..8]}"));
        }

        return status switch { "finished" => ExitCodes.Ok, "killed" => ExitCodes.Interrupted, _ => ExitCodes.RunFailed };
    }

    /// <summary>After a fault that is told by itself: the server may be what is the matter.</summary>
    private static async Task EndAsync(ServerSession session, RunInfo sweep, string status)
    {
        try
        {
            await session.Client.UpdateRunAsync(sweep.Id, new RunUpdate(Status: status), CancellationToken.None);
        }
        catch (CairnClientException)
        {
        }
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
                options with { Changed = view.Changed, Output = (step, _, bytes) => view.Print(step, bytes), Remark = view.Remark, Warning = view.Warn },
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
