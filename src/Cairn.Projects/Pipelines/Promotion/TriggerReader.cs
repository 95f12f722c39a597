using Cairn.Client.Wire;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines.Promotion;

/// <summary><c>triggers:</c> of a pipeline file: from a name to what is listened to.</summary>
internal sealed class TriggerReader(ProjectFindings findings, FieldReader fields)
{
    private static readonly string[] Kinds = ["schedule", "artifact", "alias", "webhook", "check"];
    private static readonly string[] Keys = [.. Kinds, "timezone", "missed", "experiment", "set", "paused", "description"];
    private static readonly string[] OfSchedule = ["timezone", "missed"];
    private static readonly string[] Missed = ["one", "all", "skip"];

    public IReadOnlyList<DeclaredTrigger> Read(YamlMapping root)
    {
        var triggers = new List<DeclaredTrigger>();
        foreach (var (key, value) in fields.Pairs(root, "triggers", null))
        {
            var field = $"triggers.{key.Text}";
            if (value is not YamlMapping mapping)
            {
                findings.Fault(value, field, $"A trigger is a mapping, this is {value.Kind}.", "Write 'schedule: \"0 3 * * *\"' below its name.");
            }
            else if (Read(key, mapping, field) is { } trigger)
            {
                triggers.Add(trigger);
            }
        }

        return triggers;
    }

    private DeclaredTrigger? Read(YamlScalar name, YamlMapping mapping, string field)
    {
        fields.RefuseUnknown(mapping, Keys, field);
        var given = Kinds.Where(kind => mapping.Find(kind) is not null).ToArray();
        if (given is not [var kind])
        {
            findings.Fault(name, field, given.Length == 0 ? "The trigger listens to nothing." : $"The trigger listens to {string.Join(" and ", given)}; one trigger listens to one thing.", $"Give one of {string.Join(", ", Kinds)}.");
            return null;
        }

        var missed = Choice(mapping, "missed", field, Missed);
        if (kind != "schedule")
        {
            foreach (var odd in OfSchedule.Where(odd => mapping.Find(odd) is not null))
            {
                findings.Fault(mapping.Find(odd)!.Key, $"{field}.{odd}", $"Only a schedule has '{odd}'.");
            }
        }

        var at = mapping.Find(kind)!.Value;
        string? secret = null;
        if (kind == "webhook")
        {
            secret = ReadSecret(at, $"{field}.webhook");
        }
        else if (at is not YamlScalar { IsNull: false, Text.Length: > 0 })
        {
            findings.Fault(at, $"{field}.{kind}", $"This must be text, it is {at.Kind}.");
            return null;
        }

        var word = (at as YamlScalar)?.Text ?? "";
        var (experiment, artifact, alias) = kind is "artifact" or "alias" ? ReadReference(at, word, kind, field) : (null, null, null);
        return new DeclaredTrigger(
            new TriggerRequest(
                name.Text,
                kind,
                kind == "schedule" ? word : null,
                fields.Text(mapping, "timezone", field),
                missed,
                experiment ?? fields.Text(mapping, "experiment", field),
                artifact,
                alias,
                kind == "check" ? word : null,
                Secret: null,
                fields.Texts(mapping, "set", field),
                fields.Truth(mapping, "paused", field) ?? false),
            secret,
            name.Line,
            name.Column);
    }

    /// <summary>A secret is named, never written: <c>webhook: {secret: "${{ env.NAME }}"}</c>.</summary>
    private string? ReadSecret(YamlNode node, string field)
    {
        if (node is YamlMapping mapping)
        {
            fields.RefuseUnknown(mapping, ["secret"], field);
            if (mapping.Find("secret")?.Value is { } value && fields.Template(value, $"{field}.secret") is { } template && template.Paths.ToArray() is [["env", var name]])
            {
                return name;
            }
        }

        findings.Fault(node, $"{field}.secret", "A webhook names the variable of the environment that holds its secret; secrets are not written into files.", "Write 'webhook: {secret: \"${{ env.HOOK_SECRET }}\"}'.");
        return null;
    }

    private (string? Experiment, string? Artifact, string? Alias) ReadReference(YamlNode node, string text, string kind, string field)
    {
        var slash = text.LastIndexOf('/');
        var (experiment, rest) = slash > 0 ? (text[..slash], text[(slash + 1)..]) : (null, text);
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (kind == "artifact" ? colon >= 0 || rest.Length == 0 : colon <= 0 || colon == rest.Length - 1)
        {
            findings.Fault(node, $"{field}.{kind}", kind == "artifact" ? $"'{text}' is no name of an artifact." : $"'{text}' names no alias.", kind == "artifact" ? "Write raw_data.csv, or experiment/raw_data.csv." : "Write clean_data.csv:reference.");
            return (null, null, null);
        }

        return colon < 0 ? (experiment, rest, null) : (experiment, rest[..colon], rest[(colon + 1)..]);
    }

    private string? Choice(YamlMapping mapping, string key, string field, string[] known)
    {
        var word = fields.Text(mapping, key, field);
        if (word is not null && !known.Contains(word))
        {
            findings.Fault(mapping.Find(key)!.Value, $"{field}.{key}", $"This must be {string.Join(", ", known)}.");
        }

        return word;
    }
}
