using Cairn.Projects.Pipelines.Values;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>What would be done, without doing it.</summary>
public sealed partial class PipelineRun
{
    /// <summary>Looks up every step; one whose inputs are not known yet would run.</summary>
    internal async Task<IReadOnlyList<StepReport>> PlanAsync(CancellationToken cancellation)
    {
        var known = new Dictionary<string, StepOutcome>(StringComparer.Ordinal);
        var reports = new List<StepReport>();
        foreach (var step in _graph.Ordered()!)
        {
            var outcome = await PlanAsync(step, known, cancellation);
            known[step.Name] = outcome;
            reports.Add(new StepReport(step.Name, outcome.State, outcome.Reason, outcome.Run?.Run.Id, TimeSpan.Zero, PipelineRecord.OutputsOf(outcome.Run)));
        }

        return reports;
    }

    private async Task<StepOutcome> PlanAsync(PipelineStep step, Dictionary<string, StepOutcome> known, CancellationToken cancellation)
    {
        if (!_wanted.Contains(step.Name))
        {
            return StepOutcome.Without(StepState.Skipped, "not asked for");
        }

        var open = _graph.NeedsOf(step.Name).Where(need => known[need].State == StepState.Waiting).ToArray();
        if (open.Length > 0)
        {
            return StepOutcome.Without(StepState.Waiting, $"runs after {string.Join(", ", open)}");
        }

        if (_graph.NeedsOf(step.Name).FirstOrDefault(need => !known[need].HasResult) is { } missing)
        {
            return StepOutcome.Without(StepState.Skipped, $"{missing} has no result");
        }

        PlainValue Find(IReadOnlyList<string> path) => Lookup(path, null, name => known[name]);
        if (step.When?.Evaluate(_pipeline.File, Find) is { IsTrue: false })
        {
            return StepOutcome.Without(StepState.Skipped, "its condition is false");
        }

        if (step.ForEach?.Evaluate(_pipeline.File, Find) is ListValue things)
        {
            var each = new List<StepOutcome>();
            for (var i = 0; i < things.Items.Count; i++)
            {
                var item = things.Items[i];
                each.Add(await PlanOneAsync(step, $"{step.Name}[{i}]", path => Lookup(path, item, name => known[name]), cancellation));
            }

            var first = each.FindIndex(outcome => outcome.State == StepState.Waiting);
            return first < 0
                ? new StepOutcome(StepState.Cached, $"all {each.Count} unchanged", null, each)
                : StepOutcome.Without(StepState.Waiting, $"{each.Count(outcome => outcome.State == StepState.Waiting)} of {each.Count}: [{first}] {each[first].Reason}");
        }

        return await PlanOneAsync(step, step.Name, Find, cancellation);
    }

    private async Task<StepOutcome> PlanOneAsync(PipelineStep step, string name, Func<IReadOnlyList<string>, PlainValue> find, CancellationToken cancellation)
    {
        var call = await _caller.MakeAsync(step, find, cancellation);
        var answer = await AnswerAsync(step, name, call, cancellation);
        return answer.Run is null ? StepOutcome.Without(StepState.Waiting, answer.Reason) : new StepOutcome(StepState.Cached, answer.Reason, answer.Run);
    }
}
