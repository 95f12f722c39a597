using System.Globalization;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Metrics;

/// <summary>
/// A series of several runs at evenly spaced steps, the same for all runs, with the first and last step of each: what
/// MLflow's charts draw.
/// </summary>
internal sealed class BulkInterval(ISeriesStore series)
{
    private const int MostRuns = 100;
    private const int MostSteps = 2500;
    private const int MostPointsOfRun = 25_000;

    public async Task HandleAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var runs = fields.Texts("run_ids");
        if (runs.Count == 0)
        {
            throw RequestFields.Missing("run_ids");
        }

        if (runs.Count > MostRuns)
        {
            throw RequestFields.Refuse("run_ids", $"GetMetricHistoryBulkInterval request must specify at most {MostRuns} run_ids. Received {runs.Count} run_ids.");
        }

        var key = fields.RequiredText("metric_key");
        var (first, last) = (fields.Integer("start_step"), fields.Integer("end_step"));
        var most = fields.Integer("max_results") ?? MostSteps;
        if (most is < 1 or > MostSteps)
        {
            throw RequestFields.Refuse("max_results", $"max_results must be between 1 and {MostSteps}.");
        }

        var range = ReadRange(first, last);
        var histories = new List<(string Run, IReadOnlyList<MetricPoint> Points)>(runs.Count);
        foreach (var run in runs)
        {
            histories.Add((run, await ReadAsync(run, key, context.RequestAborted)));
        }

        var steps = StepSampling.Choose(histories.ConvertAll(history => history.Points), range, (int)most);
        var chosen = new List<RunPoint>();
        foreach (var (run, points) in histories)
        {
            chosen.AddRange(points.Where(point => steps.Contains(point.Step)).Take(MostPointsOfRun).Select(point => new RunPoint(run, point)));
        }

        await BulkHistory.WriteAsync(context, key, chosen, evenIfEmpty: false);
    }

    private static StepRange? ReadRange(long? first, long? last)
    {
        if (first is { } from && last is { } to)
        {
            return from <= to
                ? new StepRange(from, to)
                : throw CairnException.Invalid(
                    "end_step",
                    string.Create(CultureInfo.InvariantCulture, $"end_step must be greater than start_step. Found start_step={from} and end_step={to}."));
        }

        return first is null && last is null
            ? null
            : throw CairnException.Invalid("start_step", "If either start step or end step are specified, both must be specified.");
    }

    private async Task<IReadOnlyList<MetricPoint>> ReadAsync(string run, string key, CancellationToken cancellationToken)
    {
        if (!RunId.TryParse(run, out var id))
        {
            return [];
        }

        try
        {
            return (await series.ReadAsync(id, key, StepRange.All, cancellationToken)).Points;
        }
        catch (CairnException missing) when (missing.Code == ErrorCode.NotFound)
        {
            return [];
        }
    }
}
