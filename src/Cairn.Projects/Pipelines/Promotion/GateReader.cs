using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines.Promotion;

/// <summary><c>promote:</c> of a pipeline file: from the name of an artifact to its gate, or to a list of them.</summary>
internal sealed class GateReader(ProjectFindings findings, FieldReader fields)
{
    private static readonly string[] Keys = ["alias", "when", "checks", "approvals", "approvers", "data", "stage", "description"];
    private static readonly string[] Stages = ["Production", "Staging", "none"];

    public IReadOnlyList<DeclaredGate> Read(YamlMapping root)
    {
        var gates = new List<DeclaredGate>();
        foreach (var (key, value) in fields.Pairs(root, "promote", null))
        {
            var field = $"promote.{key.Text}";
            var items = value is YamlSequence list ? list.Items : [value];
            for (var i = 0; i < items.Count; i++)
            {
                var at = value is YamlSequence ? $"{field}[{i}]" : field;
                if (items[i] is not YamlMapping mapping)
                {
                    findings.Fault(items[i], at, $"A gate is a mapping, this is {items[i].Kind}.", "Write 'when: metrics.mae < prod.metrics.mae' below the artifact's name.");
                    continue;
                }

                var gate = Read(key.Text, mapping, at);
                if (gates.Any(other => other.Artifact == gate.Artifact && other.Alias == gate.Alias))
                {
                    findings.Fault(mapping, $"{at}.alias", $"'{gate.Artifact}:{gate.Alias}' has two gates.");
                }

                gates.Add(gate);
            }
        }

        return gates;
    }

    private DeclaredGate Read(string artifact, YamlMapping mapping, string field)
    {
        fields.RefuseUnknown(mapping, Keys, field);
        var alias = fields.Text(mapping, "alias", field) ?? "prod";
        if (alias is "latest" or "")
        {
            findings.Fault(mapping.Find("alias")!.Value, $"{field}.alias", "'latest' moves by itself and can have no gate.", "Use a name such as prod.");
        }

        var when = fields.Text(mapping, "when", field);
        if (when is not null)
        {
            CheckCondition(mapping.Find("when")!.Value, when, alias, field);
        }

        var checks = fields.Texts(mapping, "checks", field);
        var approvers = fields.Texts(mapping, "approvers", field);
        var approvals = fields.Whole(mapping, "approvals", field, 0, 100);
        if (when is null && checks.Count == 0 && approvers.Count == 0 && approvals is null or 0)
        {
            findings.Fault(mapping, field, "The gate asks for nothing.", "Add 'when', 'checks' or 'approvals'.");
        }

        if (approvers.Count > 0 && approvals > approvers.Count)
        {
            findings.Fault(mapping, $"{field}.approvers", $"{approvals} approvals are asked for of {approvers.Count} people: no version could ever pass.");
        }

        var stage = fields.Text(mapping, "stage", field);
        if (stage is not null && !Stages.Contains(stage, StringComparer.OrdinalIgnoreCase))
        {
            findings.Fault(mapping.Find("stage")!.Value, $"{field}.stage", "This must be Production, Staging or none.");
        }

        return new DeclaredGate(
            artifact,
            alias,
            new SetGateRequest(when?.Trim(), checks, approvals ?? 0, approvers, fields.Text(mapping, "data", field), stage),
            mapping.Line,
            mapping.Column);
    }

    /// <summary>Finds here, with its place in the file, what the server would refuse later: its grammar is a part of the expressions'.</summary>
    private void CheckCondition(YamlNode node, string when, string alias, string field)
    {
        if (when.Contains("${{", StringComparison.Ordinal))
        {
            findings.Fault(node, $"{field}.when", "A gate is policy that the server keeps: it holds no expressions of the pipeline.", "Write the number itself.");
            return;
        }

        try
        {
            var expression = Expression.Parse(when.Replace(" and ", " && ", StringComparison.Ordinal).Replace(" or ", " || ", StringComparison.Ordinal));
            foreach (var path in expression.Paths.Where(path => !IsMetric(path, alias)))
            {
                findings.Fault(node, $"{field}.when", $"'{string.Join('.', path)}' is not known.", $"Write metrics.NAME for the candidate's and {alias}.metrics.NAME for the holder's.");
            }
        }
        catch (ExpressionException fault)
        {
            findings.Fault(node, $"{field}.when", fault.Message);
        }
    }

    private static bool IsMetric(IReadOnlyList<string> path, string alias) =>
        path is ["metrics", _, ..] || (path is [var owner, "metrics", _, ..] && (owner == alias || owner is "holder" or "candidate"));
}
