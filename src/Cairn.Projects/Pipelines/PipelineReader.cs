using Cairn.Projects.Pipelines.Promotion;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>The tree of a pipeline file as a checked <see cref="Pipeline"/>.</summary>
internal sealed class PipelineReader(ProjectFindings findings, string file)
{
    private static readonly string[] Keys = ["name", "description", "experiment", "params", "groups", "defaults", "env", "code", "steps", "promote", "triggers"];
    private readonly FieldReader _fields = new(findings);

    public Pipeline Read(YamlNode? root)
    {
        if (root is not YamlMapping mapping)
        {
            findings.Fault(root?.Line ?? 1, root?.Column ?? 1, null, $"A pipeline is a mapping of keys, this is {root?.Kind ?? "nothing"}.", "Begin with 'steps:'.");
            throw findings.Exception();
        }

        _fields.RefuseUnknown(mapping, Keys, null);
        var groups = ReadGroups(mapping);
        var pipeline = new Pipeline(
            _fields.Text(mapping, "name", null) ?? Path.GetFileName(Path.GetDirectoryName(file)!),
            file,
            _fields.Text(mapping, "experiment", null),
            ReadParameters(mapping),
            groups,
            ReadChosen(mapping, groups),
            _fields.Variables(mapping, null),
            _fields.Texts(mapping, "code", null),
            ReadSteps(mapping),
            new GateReader(findings, _fields).Read(mapping),
            new TriggerReader(findings, _fields).Read(mapping),
            findings.Notes);
        if (!findings.HasFaults)
        {
            new GraphChecker(findings).Check(pipeline);
        }

        return findings.HasFaults ? throw findings.Exception() : pipeline;
    }

    private MapValue ReadParameters(YamlMapping root) => root.Find("params")?.Value switch
    {
        null or YamlScalar { IsNull: true } => new MapValue([]),
        YamlMapping mapping => (MapValue)PlainValue.Of(mapping),
        var other => Fault(other, "params", $"Parameters must be a mapping, this is {other.Kind}.", "Write one per line: 'depth: 5'."),
    };

    private MapValue Fault(YamlNode at, string field, string message, string? suggestion = null)
    {
        findings.Fault(at, field, message, suggestion);
        return new MapValue([]);
    }

    private List<ParameterGroup> ReadGroups(YamlMapping root)
    {
        var groups = new List<ParameterGroup>();
        foreach (var (key, value) in _fields.Pairs(root, "groups", null))
        {
            var options = new List<KeyValuePair<string, MapValue>>();
            if (value is YamlMapping mapping)
            {
                foreach (var option in mapping.Pairs)
                {
                    options.Add(new(option.Key.Text, option.Value is YamlMapping values
                        ? (MapValue)PlainValue.Of(values)
                        : Fault(option.Value, $"groups.{key.Text}.{option.Key.Text}", $"An option of a group is a mapping of parameters, this is {option.Value.Kind}.")));
                }
            }
            else
            {
                findings.Fault(value, $"groups.{key.Text}", $"A group is a mapping of options, this is {value.Kind}.", $"Write '{key.Text}: {{small: {{…}}, large: {{…}}}}'.");
            }

            groups.Add(new ParameterGroup(key.Text, options));
        }

        return groups;
    }

    private List<KeyValuePair<string, string>> ReadChosen(YamlMapping root, List<ParameterGroup> groups)
    {
        var chosen = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in _fields.Pairs(root, "defaults", null))
        {
            var group = groups.Find(group => group.Name == key.Text);
            if (group is null)
            {
                findings.Fault(key, $"defaults.{key.Text}", "There is no group of this name.",
                    groups.Count == 0 ? "Declare it under 'groups:'." : $"There are {string.Join(", ", groups.Select(g => $"'{g.Name}'"))}.");
            }
            else if (value is not YamlScalar { IsNull: false } option || group.Options.All(known => known.Key != option.Text))
            {
                findings.Fault(value, $"defaults.{key.Text}", $"The group has no such option; it has {string.Join(", ", group.Options.Select(o => $"'{o.Key}'"))}.");
            }
            else
            {
                chosen.Add(new(key.Text, option.Text));
            }
        }

        return chosen;
    }

    private PipelineStep[] ReadSteps(YamlMapping root)
    {
        if (root.Find("steps")?.Value is not YamlMapping { Pairs.Count: > 0 })
        {
            var at = root.Find("steps")?.Value ?? root;
            findings.Fault(at, "steps", at is YamlSequence ? "Steps are a mapping from names to steps, this is a list." : "A pipeline needs steps.",
                "Write 'steps:', below it a name such as 'clean:', below that 'component: src/clean'.");
            return [];
        }

        var reader = new StepReader(findings, _fields);
        return _fields.Pairs(root, "steps", null).Select(pair => reader.Read(pair.Key, pair.Value)).OfType<PipelineStep>().ToArray();
    }
}
