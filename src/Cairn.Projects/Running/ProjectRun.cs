using System.Diagnostics;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Environments;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Running;

/// <summary>One run of an entry point: its record exists, its command is to be carried out once.</summary>
public sealed class ProjectRun
{
    /// <summary>How long the end of a run waits for a server that is away.</summary>
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(60);

    /// <summary>How long processes that outlive the command may take to end when asked.</summary>
    private static readonly TimeSpan LeftoverGrace = TimeSpan.FromSeconds(2);

    private readonly CairnClient _client;
    private readonly BoundEntryPoint _bound;
    private readonly ProjectRunOptions _options;
    private readonly OutputLines[] _lines;
    private readonly RunLog _log;
    private long _lineCount = -1;
    private volatile bool _over;

    internal ProjectRun(CairnClient client, RunInfo run, BoundEntryPoint bound, ProjectRunOptions options)
    {
        _client = client;
        _bound = bound;
        _options = options;
        Run = run;
        _log = new RunLog(client, run.Id, message => options.Remark?.Invoke(message));
        _lines = Array.ConvertAll(
            (string[])["stdout", "stderr"],
            stream => new OutputLines(stream, NextLine, _log.Add, TimeProvider.System));
        _log.BeforeBatch = () => Array.ForEach(_lines, lines => lines.EmitUnfinished());
    }

    /// <summary>The run as it was created.</summary>
    public RunInfo Run { get; }

    /// <summary>The page of the run in the web interface.</summary>
    public Uri Url => _client.RunPage(Run.Id);

    /// <summary>
    /// Starts the command, waits for its end and gives the run its final status, unless the command did that itself.
    /// </summary>
    /// <param name="stop">Ends the whole process tree, giving it time to clean up.</param>
    /// <param name="force">Ends it at once.</param>
    /// <exception cref="ProjectException">The command could not be started; the run is failed.</exception>
    public async Task<ProjectRunResult> ExecuteAsync(CancellationToken stop, CancellationToken force)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var (exit, end) = await CarryOutAsync(stop, force);
            var duration = watch.Elapsed;
            await _log.CompleteAsync(Delivery);
            return new ProjectRunResult(await EndRecordAsync(Status(exit, end)), exit, end, duration);
        }
        catch (ProjectException fault)
        {
            Remark(fault.Message);
            await _log.CompleteAsync(Delivery);
            await EndRecordAsync("failed");
            throw;
        }
    }

    private static string Status(ChildExit exit, RunEnd end) => end switch
    {
        RunEnd.Cancelled => "killed",
        RunEnd.Exited when exit.IsSuccess => "finished",
        _ => "failed",
    };

    private async Task<(ChildExit Exit, RunEnd End)> CarryOutAsync(CancellationToken stop, CancellationToken force)
    {
        var variables = ChildEnvironment.For(Run, _client, await LaunchKey.RequestAsync(_client, Run.Id, stop), _options);
        using var child = ChildProcess.Start(Command(variables) with { AfterOurDeath = _options.AfterOurDeath?.Invoke(Run.Id) });
        var reading = Task.WhenAll(ReadAsync(child.Output, 0), ReadAsync(child.Error, 1));
        var family = new ProcessFamily(child.Id, ChildEnvironment.Mark(Run));
        var end = await WaitAsync(child, stop);
        if (_options.Environment?.Container is not null && end != RunEnd.Exited)
        {
            await ContainerCommand.StopAsync(_options.Environment.Container, Run.Id);
        }

        if (end != RunEnd.Exited)
        {
            Remark(end == RunEnd.TimedOut
                ? $"The time of {_options.Timeout:g} is up; ending the command."
                : "Stopped; ending the command.");
            await family.EndAsync(_options.Grace, force);
        }

        var exit = await child.Exited;
        await EndLeftoversAsync(family, reading, force);
        return (exit, end);
    }

    private ChildCommand Command(Dictionary<string, string> variables) => _options.Environment?.Container is { } container
        ? ContainerCommand.Of(container, _bound, Run.Id, variables)
        : new ChildCommand(Programs.Find("bash") ?? "/bin/sh", ["-c", _bound.CommandLine], _bound.Project.Folder, variables);

    private async Task<RunEnd> WaitAsync(ChildProcess child, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var asked = StopRequest.WaitAsync(_client, Run.Id, over.Token);
        try
        {
            var first = await Task.WhenAny(child.Exited, asked).WaitAsync(_options.Timeout ?? Timeout.InfiniteTimeSpan, stop);
            return first == asked ? RunEnd.Cancelled : RunEnd.Exited;
        }
        catch (TimeoutException)
        {
            return RunEnd.TimedOut;
        }
        catch (OperationCanceledException)
        {
            return RunEnd.Cancelled;
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    /// <summary>
    /// A run ends with its command: what the command left running in the background is ended too. Only what made itself
    /// a daemon (a session of its own) is let be; it may hold the pipes open, so the reading is not waited for endlessly.
    /// </summary>
    private async Task EndLeftoversAsync(ProcessFamily family, Task reading, CancellationToken force)
    {
        // The common case costs nothing: all outputs are closed when nobody is left.
        if (await Task.WhenAny(reading, Task.Delay(50, CancellationToken.None)) != reading || family.HasGroup)
        {
            if (family.HasGroup)
            {
                Remark("The command left processes behind; they are ended.");
                await family.EndAsync(LeftoverGrace, force);
            }

            await Task.WhenAny(reading, Task.Delay(1000, CancellationToken.None));
        }

        _over = true;
        Array.ForEach(_lines, lines => lines.Complete());
    }

    private Task ReadAsync(Stream stream, int index) =>
        Task.Factory.StartNew(() => Read(stream, index), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Read(Stream stream, int index)
    {
        var buffer = new byte[32 * 1024];
        using (stream)
        {
            while (stream.Read(buffer) is > 0 and var count && !_over)
            {
                _options.Output?.Invoke(index == 1, buffer.AsSpan(0, count));
                _lines[index].Add(buffer.AsSpan(0, count));
                _log.Wake();
                _log.WaitForRoom();
            }
        }
    }

    private async Task<RunDetail> EndRecordAsync(string status)
    {
        var detail = await _client.GetRunAsync(Run.Id, CancellationToken.None);
        await CloseChildrenAsync(detail, status);
        if (detail.Run.Status is not ("running" or "scheduled"))
        {
            return detail;
        }

        await _client.UpdateRunAsync(Run.Id, new RunUpdate(Status: status), CancellationToken.None);
        return detail with { Run = detail.Run with { Status = status } };
    }

    /// <summary>
    /// What the command started is ended with it, so a run below it that says it goes on has lost its program: MLflow's
    /// client leaves such behind when it fails between creating a run and starting it. One that was started with
    /// --no-wait does go on.
    /// </summary>
    private async Task CloseChildrenAsync(RunDetail detail, string status)
    {
        foreach (var child in detail.Children.Where(child => child.Status is "running" or "scheduled"))
        {
            var tags = (await _client.GetRunAsync(child.Id, CancellationToken.None)).Tags;
            if (!tags.ContainsKey(RunTags.Detached))
            {
                await _client.UpdateRunAsync(child.Id, new RunUpdate(Status: status == "killed" ? "killed" : "crashed"), CancellationToken.None);
            }
        }
    }

    private void Remark(string message)
    {
        _options.Remark?.Invoke(message);
        _log.Add(new LogLine(NextLine(), $"cairn: {message}", "stderr", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private long NextLine() => Interlocked.Increment(ref _lineCount);
}
