using Cairn.Client.Queue;
using Cairn.Client.Values;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnRun
{
    /// <summary>Logs one value of a metric, with the time of the call. Queued; see the remarks of the class.</summary>
    /// <param name="key">Name of the metric, at most 250 characters.</param>
    /// <param name="value">Any double, NaN and the infinities included.</param>
    /// <param name="step">
    /// Position on the metric axis; null means one more than the greatest step this run has logged for the metric, or 0.
    /// </param>
    /// <exception cref="InvalidOperationException">The run has been finished.</exception>
    public void LogMetric(string key, double value, long? step = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Enqueue(new Entry.Point(new MetricPoint(key, value, _steps.Next(key, step), Now())));
    }

    /// <summary>Logs one value of several metrics with the same time. Queued, each for itself.</summary>
    /// <param name="values">Names and values.</param>
    /// <param name="step">As for <see cref="LogMetric"/>; null counts for each metric by itself.</param>
    /// <exception cref="InvalidOperationException">The run has been finished.</exception>
    public void LogMetrics(IReadOnlyDictionary<string, double> values, long? step = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        var time = Now();
        foreach (var (key, value) in values)
        {
            Enqueue(new Entry.Point(new MetricPoint(key, value, _steps.Next(key, step), time)));
        }
    }

    /// <summary>Logs a parameter. Queued. A parameter keeps its first value: another one is refused by the server.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">As for <see cref="LogParams"/>.</param>
    /// <exception cref="CairnClientException">The value has no form in JSON.</exception>
    /// <exception cref="InvalidOperationException">The run has been finished.</exception>
    public void LogParam(string key, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Enqueue(new Entry.Param(key, LoggedValue.From($"params.{key}", value)));
    }

    /// <summary>Logs parameters. Queued, each for itself. Their values are read during the call.</summary>
    /// <param name="values">
    /// Names and values: text, numbers, true and false, null, enums, dates, lists, dictionaries with text keys (shown flat,
    /// with dotted names) and <see cref="System.Text.Json.JsonElement"/>.
    /// </param>
    /// <exception cref="CairnClientException">A value has no form in JSON; none is logged then.</exception>
    /// <exception cref="InvalidOperationException">The run has been finished.</exception>
    public void LogParams(IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var entries = values.Select(pair => new Entry.Param(pair.Key, LoggedValue.From($"params.{pair.Key}", pair.Value))).ToList();
        entries.ForEach(Enqueue);
    }

    /// <summary>Sets a tag, or removes it where the value is null. Queued; the last value counts.</summary>
    /// <exception cref="InvalidOperationException">The run has been finished.</exception>
    public void SetTag(string key, string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Enqueue(new Entry.Tag(key, value));
    }

    /// <summary>
    /// Sets the value that stands for a metric (or for nothing else) in tables, in place of its newest value; null removes
    /// it. Queued; the last value counts.
    /// </summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">As for <see cref="LogParams"/>.</param>
    /// <exception cref="CairnClientException">The value has no form in JSON.</exception>
    /// <exception cref="InvalidOperationException">The run has been finished.</exception>
    public void SetSummary(string key, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Enqueue(new Entry.Summary(key, LoggedValue.From($"summary.{key}", value)));
    }

    /// <summary>
    /// Appends text to the log of the run, line by line and in the order of the calls. Queued. Under <c>cairn run</c>, which
    /// captures what the process prints, an adopted run prints the text to the console instead.
    /// </summary>
    /// <param name="text">One line or several.</param>
    /// <param name="stream">"stdout" or "stderr".</param>
    /// <exception cref="ArgumentException">It is another stream.</exception>
    /// <exception cref="InvalidOperationException">The run has been finished.</exception>
    public void Log(string text, string stream = "stdout")
    {
        ArgumentNullException.ThrowIfNull(text);
        if (stream is not ("stdout" or "stderr"))
        {
            throw new ArgumentException($"\"{stream}\" is no stream of a console: use stdout or stderr.", nameof(stream));
        }

        if (_adopted)
        {
            (stream == "stderr" ? Console.Error : Console.Out).WriteLine(text);
            return;
        }

        var time = Now();
        foreach (var line in text.TrimEnd('\r', '\n').Split('\n'))
        {
            var number = Interlocked.Increment(ref _nextLine) - 1;
            Enqueue(new Entry.Log(new LogLine(number, line.TrimEnd('\r'), stream, time)));
        }
    }

    private void Enqueue(Entry entry)
    {
        if (!_queue.TryAdd(entry))
        {
            throw new InvalidOperationException($"The run {Id} has been finished: {entry.Title} cannot be logged any more.");
        }
    }
}
