using System.Globalization;

namespace Cairn.Core.Promotion;

/// <summary>
/// Judges a version by a gate. Metrics are compared only where both versions were measured on the same data: a number
/// from other data says nothing about which version is better.
/// </summary>
public static class GateJudge
{
    public static GateVerdict Judge(Gate gate, GateFacts facts)
    {
        var conditions = new List<GateCondition>();
        var candidate = new JudgedVersion(facts.Candidate, null, NoMetrics, []);
        var holder = facts.Holder is { } held ? new JudgedVersion(held, null, NoMetrics, []) : null;
        if (gate.Policy.When is { } when)
        {
            conditions.Add(JudgeMetrics(gate, GateExpression.Parse(when, gate.Place.Alias), facts, ref candidate, ref holder));
        }

        conditions.AddRange(gate.Policy.Checks.Select(check => JudgeCheck(check, facts)));
        if (gate.Policy.Approvals > 0)
        {
            conditions.Add(JudgeApprovals(gate, facts));
        }

        return new GateVerdict(conditions, candidate, holder);
    }

    private static readonly Dictionary<string, double> NoMetrics = [];

    private static GateCondition JudgeMetrics(Gate gate, GateExpression expression, GateFacts facts, ref JudgedVersion candidate, ref JudgedVersion? holder)
    {
        GateCondition Failed(string detail) => new("when", expression.Text, false, detail);
        var comparesHolder = facts.Holder is not null && expression.HolderMetrics.Count > 0;
        var mine = facts.CandidateEvaluations.Where(evaluation => HasAll(evaluation, expression.CandidateMetrics)).ToList();
        if (mine.Count == 0 && (expression.CandidateMetrics.Count > 0 || comparesHolder))
        {
            return Failed(NotMeasured(facts.Candidate, facts.CandidateEvaluations, expression.CandidateMetrics, gate));
        }

        Evaluation? own = mine.FirstOrDefault();
        Evaluation? other = null;
        if (comparesHolder)
        {
            var theirs = facts.HolderEvaluations.Where(evaluation => HasAll(evaluation, expression.HolderMetrics)).ToList();
            if (theirs.Count == 0)
            {
                candidate = Judged(facts.Candidate, own!);
                return Failed(NotMeasured(facts.Holder!, facts.HolderEvaluations, expression.HolderMetrics, gate));
            }

            (own, other) = SameData(mine, theirs, gate.Policy.Data);
            if (own is null || other is null)
            {
                candidate = Judged(facts.Candidate, mine[0]);
                holder = Judged(facts.Holder!, theirs[0]);
                return Failed(OtherData(gate, facts, mine[0], theirs[0]));
            }

            holder = Judged(facts.Holder!, other);
        }

        if (own is not null)
        {
            candidate = Judged(facts.Candidate, own);
            if (expression.CandidateMetrics.FirstOrDefault(name => double.IsNaN(Find(own.Metrics, name)!.Value)) is { } hollow)
            {
                return Failed($"{hollow} of {facts.Candidate} is not a number, so it cannot be judged.");
            }
        }

        var passed = expression.Holds(
            name => Find(own!.Metrics, name)!.Value,
            other is null ? null : name => Find(other.Metrics, name)!.Value);
        return new GateCondition("when", expression.Text, passed, Numbers(expression, facts, own, other, passed));
    }

    private static GateCondition JudgeCheck(string name, GateFacts facts)
    {
        if (facts.Checks.FirstOrDefault(result => result.Name == name) is not { } found)
        {
            return new GateCondition("check", name, false, $"The check '{name}' was not made: no run of {facts.Candidate}, or of what it was made of, reported {CheckResult.Prefix}{name}.");
        }

        var detail = string.IsNullOrEmpty(found.Detail) ? "" : $": {found.Detail}";
        return new GateCondition("check", name, found.Passed, $"The check '{name}' {(found.Passed ? "passed" : "failed")} in run {Short(found.RunId)}{detail}{(detail.EndsWith('.') ? "" : ".")}");
    }

    private static GateCondition JudgeApprovals(Gate gate, GateFacts facts)
    {
        var wanted = gate.Policy.Approvals;
        var text = string.Create(CultureInfo.InvariantCulture, $"{wanted} approval{(wanted == 1 ? "" : "s")}{(gate.Policy.Approvers.Count > 0 ? $" of {string.Join(", ", gate.Policy.Approvers)}" : "")}");
        var counted = facts.Approvals.Where(approval => gate.Policy.Approvers.Count == 0 || gate.Policy.Approvers.Contains(approval.Who, StringComparer.Ordinal)).ToList();
        if (counted.FirstOrDefault(approval => !approval.IsGranted) is { } objection)
        {
            return new GateCondition("approval", text, false, $"{objection.Who} objects to {facts.Candidate}{(objection.Why is null ? "" : $": {objection.Why}")}.");
        }

        var granted = counted.Select(approval => approval.Who).ToList();
        return granted.Count >= wanted
            ? new GateCondition("approval", text, true, $"Approved by {string.Join(", ", granted)}.")
            : new GateCondition(
                "approval",
                text,
                false,
                string.Create(CultureInfo.InvariantCulture, $"{facts.Candidate} has {granted.Count} of {wanted} approvals. Approve it with: cairn approve {gate.Place.Key.Name}:{facts.Candidate} --alias {gate.Place.Alias}"));
    }

    private static (Evaluation?, Evaluation?) SameData(List<Evaluation> mine, List<Evaluation> theirs, string? data)
    {
        foreach (var own in mine)
        {
            var key = DataKey(own, data);
            if (key.Length > 0 && theirs.FirstOrDefault(other => DataKey(other, data) == key) is { } other)
            {
                return (own, other);
            }
        }

        return (null, null);
    }

    private static string DataKey(Evaluation evaluation, string? data) =>
        string.Join('\n', Relevant(evaluation, data).Select(used => used.Identity).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static IEnumerable<DataUsed> Relevant(Evaluation evaluation, string? data) => evaluation.Data.Where(used => data is null || used.Name == data);

    private static string OtherData(Gate gate, GateFacts facts, Evaluation own, Evaluation other)
    {
        var data = gate.Policy.Data;
        var mine = DataText(own, data);
        var theirs = DataText(other, data);
        if (mine.Length == 0)
        {
            return $"Run {Short(own.RunId)}, which measured {facts.Candidate}, tells no {data ?? "data"} that it used, so its metrics cannot be compared. Let it use the data as an artifact or dataset.";
        }

        var advice = $"Measure {gate.Place.Key.Name}:{facts.Holder} on {mine} too, in a run that uses both, then ask again.";
        return theirs.Length == 0
            ? $"Run {Short(other.RunId)}, which measured {facts.Holder}, tells no {data ?? "data"} that it used, so its metrics cannot be compared. {advice}"
            : $"{facts.Candidate} was measured on {mine} (run {Short(own.RunId)}), {facts.Holder} on {theirs} (run {Short(other.RunId)}): not the same data. {advice}";
    }

    private static string NotMeasured(string version, IReadOnlyList<Evaluation> evaluations, IReadOnlyCollection<string> metrics, Gate gate)
    {
        var names = string.Join(", ", metrics);
        var run = $"a run that uses {gate.Place.Key.Name}:{version} and its test data, and logs {(names.Length > 0 ? names : "its metrics")}";
        return evaluations.Count == 0
            ? $"{version} has not been measured. Start {run}."
            : $"No run that measured {version} logged {names} (run {Short(evaluations[0].RunId)} logged {Logged(evaluations[0])}). Start {run}.";
    }

    private static string Logged(Evaluation evaluation) =>
        evaluation.Metrics.Count == 0 ? "nothing" : string.Join(", ", evaluation.Metrics.Keys.Order(StringComparer.Ordinal).Take(8));

    private static string Numbers(GateExpression expression, GateFacts facts, Evaluation? own, Evaluation? other, bool passed)
    {
        var parts = new List<string>();
        if (own is not null && expression.CandidateMetrics.Count > 0)
        {
            parts.Add($"{string.Join(", ", expression.CandidateMetrics.Select(name => $"{name} {Show(Find(own.Metrics, name)!.Value)}"))} of {facts.Candidate}");
        }

        if (other is not null && expression.HolderMetrics.Count > 0)
        {
            parts.Add($"{string.Join(", ", expression.HolderMetrics.Select(name => $"{name} {Show(Find(other.Metrics, name)!.Value)}"))} of {facts.Holder}");
        }

        var measured = own ?? other;
        var where = measured is { Data.Count: > 0 } ? $" on {DataText(measured, null)}" : "";
        var first = facts.Holder is null && expression.HolderMetrics.Count > 0 ? " No other version has held the alias yet." : "";
        return $"{expression.Text} is {(passed ? "true" : "false")}: {string.Join(" against ", parts)}{where}.{first}";
    }

    private static string DataText(Evaluation evaluation, string? data) =>
        string.Join(", ", Relevant(evaluation, data).Select(used => used.Label).Distinct(StringComparer.Ordinal));

    private static bool HasAll(Evaluation evaluation, IReadOnlyCollection<string> names) => names.All(name => Find(evaluation.Metrics, name) is not null);

    /// <summary>A dot in an expression is also the slash by which clients group metrics.</summary>
    private static double? Find(IReadOnlyDictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(name, out var value) || metrics.TryGetValue(name.Replace('.', '/'), out value) ? value : null;

    private static JudgedVersion Judged(string version, Evaluation evaluation) =>
        new(version, evaluation.RunId, evaluation.Metrics, [.. evaluation.Data.Select(used => used.Label).Distinct(StringComparer.Ordinal)]);

    private static string Show(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Short(Runs.RunId id) => id.Value[..8];
}
