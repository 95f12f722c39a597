using System.Diagnostics;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Backends;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Running;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Running;

/// <summary>One run of an entry point: its record exists, its command is to be carried out once.</summary>
public sealed class ProjectRun
{
    /// <summary>How long the end of a run waits for a server that is away.</summary>
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(60);

    private readonly CairnClient _client;
    private readonly BoundEntryPoint _bound;
    private readonly ProjectRunOptions _options;
    private readonly OutputLines[] _lines;
    private readonly RunLog _log;
    private long _lineCount = -1;
    private readonly IRunJob? _found;
    private readonly Lifeline? _guard;
    private volatile bool _over;
    private Func<Task>? _finished;
    private volatile SecretMask _mask;

    internal ProjectRun(CairnClient client, RunInfo run, BoundEntryPoint bound, ProjectRunOptions options, IRunJob? found = null, Lifeline? guard = null)
    {
        _guard = guard;
        _found = found;
        _client = client;
        _bound = bound;
        _options = options;
        Run = run;
        _mask = new SecretMask(options.Secrets.Concat(bound.Values.Where(pair => SecretNames.IsSecret(pair.Key)).Select(pair => pair.Value)));
        _log = new RunLog(client, run.Id, message => options.Remark?.Invoke(message));
        _lines = Array.ConvertAll(
            (string[])["stdout", "stderr"],
            stream => new OutputLines(stream, NextLine, line => _log.Add(line with { Text = _mask.Hide(line.Text) }), TimeProvider.System));
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
    /// <exception cref="IOException">A folder of ours cannot be had; the run is failed.</exception>
    public async Task<ProjectRunResult> ExecuteAsync(CancellationToken stop, CancellationToken force)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var (exit, end) = await CarryOutAsync(stop, force);
            var duration = watch.Elapsed;
            await _log.CompleteAsync(Delivery);
            var detail = await EndRecordAsync(Status(exit, end));
            await (_finished?.Invoke() ?? Task.CompletedTask);
            _guard?.Dispose();
            return new ProjectRunResult(detail, exit, end, duration);
        }
        catch (Exception fault) when (fault is ProjectException or IOException or UnauthorizedAccessException)
        {
            Remark(fault.Message);
            await _log.CompleteAsync(Delivery);
            await EndRecordAsync("failed");
            _guard?.Dispose();
            throw;
        }
        catch (OperationCanceledException)
        {
            // Stopped before the command had begun.
            await _log.CompleteAsync(Delivery);
            await ProjectRunner.TryEndAsync(_client, Run.Id, "killed");
            _guard?.Dispose();
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
        // In a container and on other machines there is no such desk.
        using var desk = _found is null && _options is { Backend: LocalBackend, CliPath: not null } && _options.Environment?.Container is null ? Chains.WatchDesk.Open(_client.Options.CacheFolder) : null;
        using var job = _found ?? await StartAsync(desk, stop);
        var reading = new OutputReading(job.Outputs, Take);
        var following = job.Handle is null ? Task.CompletedTask : FollowAsync(job);
        var end = await WaitAsync(job, stop);
        if (end != RunEnd.Exited)
        {
            Remark(end == RunEnd.TimedOut
                ? $"The time of {_options.Timeout:g} is up; ending the command."
                : "Stopped; ending the command.");
            await job.EndAsync(_options.Grace, force);
        }

        var ended = await job.Ended;
        await job.SettleAsync(reading, Remark, force);
        reading.Leave();
        _over = true;
        Array.ForEach(_lines, lines => lines.Complete());
        await following;
        if (ended.Remark is { } remark)
        {
            Remark(remark);
        }

        _finished = job.ForgetAsync;
        return (ended.Exit, end == RunEnd.Exited ? ended.End : end);
    }

    private async Task<IRunJob> StartAsync(Chains.WatchDesk? desk, CancellationToken stop)
    {
        var key = await LaunchKey.RequestAsync(_client, Run.Id, stop);
        _mask = _mask.With(key).With(_client.Options.ApiKey);
        var variables = ChildEnvironment.For(Run, _client, key, _options);
        if (desk is not null)
        {
            variables[Chains.WatchDesk.Variable] = desk.Address;
        }

        var container = _options.Environment?.Container;
        var command = container is null
            ? new ChildCommand(Programs.Find("bash") ?? "/bin/sh", ["-c", _bound.CommandLine], _bound.Project.Folder, variables)
            : ContainerCommand.Of(container, _bound, Run.Id, variables);
        if (_options.Backend is not LocalBackend)
        {
            // Before the job is handed over: afterwards its own client may have a say.
            await _client.UpdateRunAsync(Run.Id, new RunUpdate(Status: "scheduled"), stop);
        }

        var job = await _options.Backend.StartAsync(
            new JobOrder(
                Run.Id, _options.RunName ?? _bound.Project.Name, command with { AfterOurDeath = AfterOurDeath(container) },
                _options.Resources, _options.Timeout, message => _options.Remark?.Invoke(message))
            {
                Mark = ChildEnvironment.Mark(Run),
                Container = container,
                ShellLine = _bound.CommandLine,
                StopContainer = container is null ? null : (grace, force) => ContainerCommand.StopAsync(container, Run.Id, grace, force),
            },
            stop);

        if (_options.Backend is not LocalBackend)
        {
            // The job outlives us, and so does its record.
            _guard?.Dispose();
        }

        return job;
    }

    private IReadOnlyList<string>? AfterOurDeath(ContainerPlan? container)
    {
        var record = _options.AfterOurDeath?.Invoke(Run.Id);
        return container is null ? record : ContainerCommand.AfterOurDeath(container, Run.Id, record);
    }

    /// <summary>A job in a queue is "scheduled" until it begins, unless its own client says something first.</summary>
    private async Task FollowAsync(IRunJob job)
    {
        try
        {
            await _client.UpdateRunAsync(
                Run.Id,
                new RunUpdate(Tags: new Dictionary<string, string?>(StringComparer.Ordinal) { [RunTags.Job] = job.Handle }),
                CancellationToken.None);
            await job.Began;
            if ((await _client.GetRunAsync(Run.Id, CancellationToken.None)).Run.Status == "scheduled")
            {
                await _client.UpdateRunAsync(Run.Id, new RunUpdate(Status: "running"), CancellationToken.None);
            }
        }
        catch (CairnClientException fault)
        {
            _options.Remark?.Invoke($"Where the job stands could not be recorded. {fault.Message}");
        }
    }

    private async Task<RunEnd> WaitAsync(IRunJob job, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var asked = StopRequest.WaitAsync(_client, Run.Id, over.Token);
        var limit = LimitAsync(job, over.Token);
        try
        {
            var first = await Task.WhenAny(job.Ended, asked, limit).WaitAsync(stop);
            return first == job.Ended ? RunEnd.Exited : first == limit ? RunEnd.TimedOut : RunEnd.Cancelled;
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

    /// <summary>Ends when the time is up; waiting in a queue does not count.</summary>
    private async Task LimitAsync(IRunJob job, CancellationToken over)
    {
        await job.Began.WaitAsync(over);
        await Task.Delay(_options.Timeout ?? Timeout.InfiniteTimeSpan, over);
    }

    private void Take(int output, ReadOnlySpan<byte> bytes)
    {
        _options.Output?.Invoke(output == 1, bytes);
        _lines[output].Add(bytes);
        _log.Wake();
        _log.WaitForRoom();
    }

    private async Task<RunDetail> EndRecordAsync(string status)
    {
        var detail = await _client.GetRunAsync(Run.Id, CancellationToken.None);
        await OpenRuns.CloseBelowAsync(_client, detail, status == "killed" ? "killed" : "crashed", RunnerMark.Own, CancellationToken.None);
        if (detail.Run.Status is not ("running" or "scheduled"))
        {
            return detail;
        }

        await _client.UpdateRunAsync(Run.Id, new RunUpdate(Status: status), CancellationToken.None);
        return detail with { Run = detail.Run with { Status = status } };
    }

    private void Remark(string message)
    {
        _options.Remark?.Invoke(message);
        if (_options.Backend is not LocalBackend && !_over)
        {
            // Its lines are numbered as they stand in its output, so that a runner that takes it up numbers them alike.
            return;
        }

        _log.Add(new LogLine(NextLine(), $"cairn: {message}", "stderr", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private long NextLine() => Interlocked.Increment(ref _lineCount);
}
