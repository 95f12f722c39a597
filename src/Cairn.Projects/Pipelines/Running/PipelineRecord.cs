using System.Diagnostics;
using System.Globalization;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>Where every step stands: told to whoever watches, and kept on the pipeline's run as tags and log lines.</summary>
internal sealed class PipelineRecord
{
    /// <summary>Tag of a step: "state|run|milliseconds|reason".</summary>
    public const string TagPrefix = "cairn.steps.";

    private readonly CairnClient _client;
    private readonly string _runId;
    private readonly PipelineOptions _options;
    private readonly List<string> _order;
    private readonly Dictionary<string, StepReport> _reports;
    private readonly Dictionary<string, long> _began = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _line;

    public PipelineRecord(CairnClient client, Pipeline pipeline, string runId, long logLines, PipelineOptions options)
    {
        _client = client;
        _runId = runId;
        _options = options;
        _order = pipeline.Steps.Select(step => step.Name).ToList();
        _reports = _order.ToDictionary(name => name, name => new StepReport(name, StepState.Waiting, null, null, TimeSpan.Zero, []), StringComparer.Ordinal);
        // A pipeline that goes on writes after what it wrote before.
        _line = logLines - 1;
    }

    public IReadOnlyList<StepReport> Reports()
    {
        lock (_gate)
        {
            return _order.Select(name => _reports[name]).ToArray();
        }
    }

    /// <summary>A step turns out to be several.</summary>
    public void Expand(string step, int count)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                var name = $"{step}[{i}]";
                _order.Insert(_order.IndexOf(step) + 1 + i, name);
                _reports[name] = new StepReport(name, StepState.Waiting, null, null, TimeSpan.Zero, []);
            }
        }
    }

    /// <summary>A step stands elsewhere now. The end of one is on the server's disk when this returns.</summary>
    public async Task ShowAsync(string step, StepState state, string? reason, RunDetail? run, string? runId = null)
    {
        StepReport report;
        lock (_gate)
        {
            var before = _reports[step];
            if (state == StepState.Running || (state == StepState.Preparing && !_began.ContainsKey(step)))
            {
                _began[step] = Stopwatch.GetTimestamp();
            }

            var duration = _began.TryGetValue(step, out var began) ? Stopwatch.GetElapsedTime(began) : TimeSpan.Zero;
            report = new StepReport(step, state, reason ?? before.Reason, run?.Run.Id ?? runId ?? before.RunId, duration, OutputsOf(run));
            _reports[step] = report;
            _options.Changed?.Invoke(report);
        }

        if (report.IsOver)
        {
            await WriteAsync(report);
        }
    }

    public Task EndAsync(string status) => _client.UpdateRunAsync(_runId, new RunUpdate(Status: status), CancellationToken.None);

    public static IReadOnlyList<string> OutputsOf(RunDetail? run) =>
        run?.Outputs.Select(use => $"{use.Version.Name}:{use.Version.Version}").Distinct().ToArray() ?? [];

    /// <summary>The tag of a step: names hold brackets where it ran for each of several things.</summary>
    public static string TagOf(string step) => TagPrefix + step.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    /// <summary>The step of a tag.</summary>
    public static string StepOf(string tag)
    {
        var name = tag[TagPrefix.Length..];
        var dot = name.LastIndexOf('.');
        return dot > 0 && dot < name.Length - 1 && name.AsSpan(dot + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? $"{name[..dot]}[{name[(dot + 1)..]}]" : name;
    }

    private Task WriteAsync(StepReport report)
    {
        var word = report.State.ToString().ToLowerInvariant();
        var reason = report.Reason is { Length: > 400 } long_ ? long_[..400] : report.Reason;
        var text = string.Create(CultureInfo.InvariantCulture, $"{word}|{report.RunId}|{report.Duration.TotalMilliseconds:0}|{reason}");
        var line = string.Create(CultureInfo.InvariantCulture, $"{report.Name}: {word}{(report.Reason is null ? "" : $" ({report.Reason})")}{(report.Outputs.Count == 0 ? "" : $" → {string.Join(", ", report.Outputs)}")}");
        return _client.UpdateRunAsync(
            _runId,
            new RunUpdate(
                Tags: new Dictionary<string, string?>(StringComparer.Ordinal) { [TagOf(report.Name)] = text },
                Logs: [new LogLine(Interlocked.Increment(ref _line), line)]),
            CancellationToken.None);
    }
}
