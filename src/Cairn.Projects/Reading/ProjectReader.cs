using Cairn.Projects.Binding;

namespace Cairn.Projects.Reading;

/// <summary>The tree of an MLproject file as a checked <see cref="Project"/>.</summary>
internal sealed class ProjectReader(ProjectFindings findings, string file, string folder)
{
    private static readonly string[] TopKeys = ["name", "entry_points", .. EnvironmentReader.Keys];
    private static readonly string[] EntryPointKeys = ["parameters", "command"];

    public Project Read(YamlNode? root)
    {
        var entryPoints = new List<EntryPoint>();
        var name = Path.GetFileName(folder);
        var environment = ProjectEnvironment.None;
        switch (root)
        {
            case null or YamlScalar { IsNull: true }:
                findings.Note(1, 1, null, "The file is empty: the project has no entry points.");
                break;
            case YamlMapping mapping:
                name = ReadName(mapping) ?? name;
                environment = new EnvironmentReader(findings, folder).Read(mapping);
                entryPoints = ReadEntryPoints(mapping);
                NoteUnknown(mapping, TopKeys, null);
                break;
            default:
                findings.Fault(root, null, $"A project file is a mapping of keys, this is {root.Kind}.", "Begin with 'name: …' and 'entry_points:'.");
                break;
        }

        return findings.HasFaults
            ? throw findings.Exception()
            : new Project(name, folder, file, environment, entryPoints, findings.Notes);
    }

    private string? ReadName(YamlMapping root)
    {
        switch (root.Find("name")?.Value)
        {
            case null or YamlScalar { IsNull: true } or YamlScalar { Text: "" }:
                return null;
            case YamlScalar scalar:
                return scalar.Text;
            case var other:
                findings.Fault(other, "name", $"The name must be text, this is {other.Kind}.");
                return null;
        }
    }

    private List<EntryPoint> ReadEntryPoints(YamlMapping root)
    {
        var node = root.Find("entry_points")?.Value;
        if (node is YamlMapping mapping)
        {
            return mapping.Pairs.Select(pair => ReadEntryPoint(pair.Key, pair.Value)).OfType<EntryPoint>().ToList();
        }

        var near = root.Pairs.FirstOrDefault(pair => Closest.To(pair.Key.Text, ["entry_points"]) is not null)?.Key;
        if (node is YamlScalar { IsNull: true } || (node is null && near is null))
        {
            findings.Note(node ?? root, "entry_points", "The project declares no entry points.");
        }
        else if (node is null)
        {
            findings.Fault(near!, near!.Text, "The key is not known.", "Did you mean 'entry_points'?");
        }
        else
        {
            findings.Fault(node, "entry_points", $"Entry points must be a mapping, this is {node.Kind}.",
                "Write their names as keys: 'entry_points:', below it 'main:', below that 'command: …'.");
        }

        return [];
    }

    private EntryPoint? ReadEntryPoint(YamlScalar key, YamlNode value)
    {
        var field = $"entry_points.{key.Text}";
        if (key.Text.Length == 0)
        {
            findings.Fault(key, field, "An entry point needs a name.");
            return null;
        }

        if (value is not YamlMapping mapping)
        {
            findings.Fault(value, field, $"An entry point is a mapping with a command, this is {value.Kind}.",
                $"Write '{key.Text}:', below it 'command: …'.");
            return null;
        }

        var parameters = new ParameterReader(findings).Read(mapping.Find("parameters")?.Value, $"{field}.parameters");
        NoteUnknown(mapping, EntryPointKeys, field);
        if (ReadCommand(key, mapping, $"{field}.command") is not { } command)
        {
            return null;
        }

        // A faulty command must not keep the other entry points from running: told now, refused when it is asked for.
        if (CommandTemplate.Check(command.Text, parameters.Select(parameter => parameter.Name)) is { } fault)
        {
            findings.Stop(command, $"{field}.command", fault);
        }

        if (!command.Plain && command.Text.Contains("\\ -", StringComparison.Ordinal))
        {
            findings.Note(command, $"{field}.command",
                "'\\' followed by a blank is a literal blank for the shell, not a continued line.",
                "In a '>' block, leave the backslashes out.");
        }

        return new EntryPoint(key.Text, parameters, command.Text);
    }

    private YamlScalar? ReadCommand(YamlScalar entryPoint, YamlMapping mapping, string field)
    {
        switch (mapping.Find("command")?.Value)
        {
            case YamlScalar { IsNull: false } command when !string.IsNullOrWhiteSpace(command.Text):
                return command;
            case null:
                var near = mapping.Pairs.FirstOrDefault(pair => pair.Key.Text is "cmd" or "run" || Closest.To(pair.Key.Text, ["command"]) is not null)?.Key;
                findings.Fault(near ?? entryPoint, field, "The entry point has no command.",
                    near is null ? "Add 'command: …'." : $"Did you mean 'command' where it says '{near.Text}'?");
                return null;
            case YamlScalar empty:
                findings.Fault(empty, field, "The command is empty.");
                return null;
            case var other:
                findings.Fault(other, field, $"The command must be text, this is {other.Kind}.",
                    other is YamlMapping ? "Text that begins with '{' needs quotes." : "Write it as one line, or as a block after '>-'.");
                return null;
        }
    }

    private void NoteUnknown(YamlMapping mapping, string[] known, string? field)
    {
        foreach (var key in mapping.Pairs.Select(pair => pair.Key).Where(key => !known.Contains(key.Text)))
        {
            var near = Closest.To(key.Text, known);
            if (near == "entry_points" && mapping.Find(near) is null)
            {
                continue;
            }

            findings.Note(key, field is null ? key.Text : $"{field}.{key.Text}", "The key is not part of the format and is ignored.",
                near is null ? null : $"Did you mean '{near}'?");
        }
    }
}
