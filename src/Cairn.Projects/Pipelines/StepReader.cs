using System.Text.RegularExpressions;
using Cairn.Projects.Backends;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>Steps of a pipeline file.</summary>
internal sealed partial class StepReader(ProjectFindings findings, FieldReader fields)
{
    private static readonly string[] Keys =
    [
        "component", "version", "entry_point", "env_manager", "params", "inputs", "outputs", "needs", "when", "foreach",
        "retry", "timeout", "resources", "env", "code", "cache", "description",
    ];

    private static readonly string[] ResourceKeys = ["cpus", "memory", "gpus"];
    private static readonly string[] RetryKeys = ["times", "delay"];

    public PipelineStep? Read(YamlScalar key, YamlNode value)
    {
        var field = $"steps.{key.Text}";
        if (!Name().IsMatch(key.Text))
        {
            findings.Fault(key, field, "A step's name is made of letters, digits, dashes and underscores, and begins with a letter.");
            return null;
        }

        if (value is not YamlMapping mapping)
        {
            findings.Fault(value, field, $"A step is a mapping, this is {value.Kind}.", "Write 'component: FOLDER' below its name.");
            return null;
        }

        fields.RefuseUnknown(mapping, Keys, field);
        if (fields.Text(mapping, "component", field) is not { Length: > 0 } component)
        {
            findings.Fault(key, $"{field}.component", "The step names no component.", "Add 'component: FOLDER' (a folder with an MLproject) or a git address.");
            return null;
        }

        var (times, delay) = ReadRetry(mapping, field);
        return new PipelineStep(key.Text, key.Line, key.Column)
        {
            Places = mapping.Pairs.ToDictionary(pair => pair.Key.Text, pair => (pair.Value.Line, pair.Value.Column), StringComparer.Ordinal),
            Component = component,
            Version = fields.Text(mapping, "version", field),
            EntryPoint = fields.Text(mapping, "entry_point", field) ?? "main",
            EnvironmentManager = ReadManager(mapping, field),
            Parameters = fields.Templates(mapping, "params", field),
            Inputs = ReadInputs(mapping, field),
            Outputs = ReadOutputs(mapping, field),
            Needs = fields.Texts(mapping, "needs", field),
            When = mapping.Find("when")?.Value is { } when ? fields.Template(Whole(when), $"{field}.when") : null,
            ForEach = ReadForEach(mapping, field),
            Retries = times,
            RetryDelay = delay,
            Timeout = fields.Time(mapping, "timeout", field),
            Resources = ReadResources(mapping, field),
            Variables = fields.Variables(mapping, field),
            Code = fields.Texts(mapping, "code", field),
            IsCached = fields.Truth(mapping, "cache", field) ?? true,
        };
    }

    private string? ReadManager(YamlMapping step, string field)
    {
        var word = fields.Text(step, "env_manager", field);
        if (word is not null && EnvironmentChoices.Parse(word) is null)
        {
            findings.Fault(step.Find("env_manager")!.Value, $"{field}.env_manager", $"'{word}' is not known.", "Known are auto, system, conda, virtualenv, uv, docker and podman.");
        }

        return word;
    }

    /// <summary>A list, or one expression that gives one.</summary>
    private Template? ReadForEach(YamlMapping step, string field)
    {
        if (step.Find("foreach")?.Value is not { } each)
        {
            return null;
        }

        if (each is YamlSequence || (each is YamlScalar { IsNull: false } scalar && scalar.Text.Contains("${{", StringComparison.Ordinal)))
        {
            return fields.Template(each, $"{field}.foreach");
        }

        findings.Fault(each, $"{field}.foreach", $"This must be a list, it is {each.Kind}.", "Write [a, b] or '${{ params.things }}'.");
        return null;
    }

    /// <summary><c>when: params.full</c> may leave the braces out: it is always an expression.</summary>
    private static YamlNode Whole(YamlNode node) =>
        node is YamlScalar scalar && !scalar.Text.Contains("${{", StringComparison.Ordinal)
            ? scalar with { Text = $"${{{{ {scalar.Text} }}}}" }
            : node;

    private IReadOnlyList<KeyValuePair<string, Template>> ReadInputs(YamlMapping step, string field)
    {
        if (step.Find("inputs")?.Value is YamlSequence list)
        {
            return list.Items
                .Select((item, index) => (Item: item, Template: fields.Template(item, $"{field}.inputs[{index}]")))
                .Where(pair => pair.Template is not null)
                .Select(pair => new KeyValuePair<string, Template>("", pair.Template!)).ToArray();
        }

        return fields.Templates(step, "inputs", field);
    }

    private IReadOnlyList<KeyValuePair<string, string>> ReadOutputs(YamlMapping step, string field)
    {
        if (step.Find("outputs")?.Value is not YamlMapping mapping)
        {
            return fields.Texts(step, "outputs", field).Select(name => new KeyValuePair<string, string>(name, name)).ToArray();
        }

        var outputs = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in mapping.Pairs)
        {
            if (value is YamlScalar { IsNull: false } name)
            {
                outputs.Add(new(key.Text, name.Text));
            }
            else
            {
                findings.Fault(value, $"{field}.outputs.{key.Text}", $"An output is the name of an artifact, this is {value.Kind}.");
            }
        }

        return outputs;
    }

    private (int Times, TimeSpan Delay) ReadRetry(YamlMapping step, string field)
    {
        if (step.Find("retry")?.Value is not YamlMapping mapping)
        {
            return (fields.Whole(step, "retry", field, 0, 100) ?? 0, TimeSpan.Zero);
        }

        fields.RefuseUnknown(mapping, RetryKeys, $"{field}.retry");
        return (fields.Whole(mapping, "times", $"{field}.retry", 0, 100) ?? 0, fields.Time(mapping, "delay", $"{field}.retry", mayBeZero: true) ?? TimeSpan.Zero);
    }

    private JobResources ReadResources(YamlMapping step, string field)
    {
        if (step.Find("resources")?.Value is not YamlMapping mapping)
        {
            _ = fields.Pairs(step, "resources", field);
            return new JobResources();
        }

        fields.RefuseUnknown(mapping, ResourceKeys, $"{field}.resources");
        return new ResourceReader(findings, fields).Read(mapping, $"{field}.resources");
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,99}\z")]
    private static partial Regex Name();
}
