using System.Text.RegularExpressions;

namespace Cairn.Projects.Reading;

/// <summary>The environment keys: at most one of <c>conda_env</c>, <c>python_env</c>, <c>docker_env</c>.</summary>
internal sealed partial class EnvironmentReader(ProjectFindings findings, string folder)
{
    public static readonly string[] Keys = ["conda_env", "python_env", "docker_env"];

    public ProjectEnvironment Read(YamlMapping root)
    {
        var given = root.Pairs.Where(pair => Keys.Contains(pair.Key.Text) && pair.Value is not YamlScalar { IsNull: true }).ToArray();
        if (given.Length > 1)
        {
            findings.Fault(given[1].Key, given[1].Key.Text,
                $"A project has one environment; '{given[0].Key.Text}' and '{given[1].Key.Text}' are both set.", "Remove one of them.");
            return ProjectEnvironment.None;
        }

        return given switch
        {
            [] => Unnamed(),
            [{ Key.Text: "docker_env" } pair] => ReadDocker(pair.Value),
            [var pair] => ReadFile(pair.Key.Text, pair.Value),
            _ => ProjectEnvironment.None,
        };
    }

    /// <summary>Without a key, a file of the usual name beside the project file counts.</summary>
    private ProjectEnvironment Unnamed() => Unnamed(folder);

    public static ProjectEnvironment Unnamed(string folder) =>
        File.Exists(Path.Combine(folder, "python_env.yaml")) ? new ProjectEnvironment(EnvironmentKind.Python, "python_env.yaml")
        : File.Exists(Path.Combine(folder, "conda.yaml")) ? new ProjectEnvironment(EnvironmentKind.Conda, "conda.yaml")
        : ProjectEnvironment.None;

    private ProjectEnvironment ReadFile(string key, YamlNode value)
    {
        if (value is not YamlScalar { Text.Length: > 0 } path)
        {
            findings.Fault(value, key, $"The environment is the name of a file, this is {value.Kind}.", $"Write '{key}: FILE.yaml'.");
            return ProjectEnvironment.None;
        }

        if (!File.Exists(Path.Combine(folder, path.Text)))
        {
            findings.Stop(value, key, $"There is no file '{path.Text}' in the project.");
        }

        return new ProjectEnvironment(key == "conda_env" ? EnvironmentKind.Conda : EnvironmentKind.Python, path.Text);
    }

    private ProjectEnvironment ReadDocker(YamlNode value)
    {
        if (value is not YamlMapping mapping || (mapping.Find("image")?.Value as YamlScalar ?? Dockerfile(mapping)) is not { IsNull: false, Text.Length: > 0 } image)
        {
            findings.Fault(value, "docker_env.image", "A container environment needs an image.", "Write 'docker_env: {image: NAME}'.");
            return ProjectEnvironment.None;
        }

        foreach (var key in mapping.Pairs.Select(pair => pair.Key).Where(key => key.Text is not ("image" or "volumes" or "environment" or "build")))
        {
            findings.Note(key, $"docker_env.{key.Text}", "The key is not known here and is ignored.");
        }

        var volumes = new List<string>();
        foreach (var item in Items(mapping, "volumes"))
        {
            if (item is YamlScalar { IsNull: false } volume && Volume().IsMatch(volume.Text))
            {
                volumes.Add(volume.Text);
            }
            else
            {
                findings.Fault(item, "docker_env.volumes", item is YamlScalar ? "This is no volume." : $"A volume is text, this is {item.Kind}.", "Write '/host/folder:/container/folder'.");
            }
        }

        var variables = new List<KeyValuePair<string, string?>>();
        foreach (var item in Items(mapping, "environment"))
        {
            switch (item)
            {
                case YamlScalar { IsNull: false } name when Variable().IsMatch(name.Text):
                    variables.Add(new(name.Text, null));
                    break;
                case YamlSequence { Items: [YamlScalar name, var text] } when Variable().IsMatch(name.Text):
                    variables.Add(new(name.Text, PythonText.Of(text, out _) ?? ""));
                    break;
                default:
                    findings.Fault(item, "docker_env.environment", $"A variable is NAME (copied from here) or [NAME, VALUE], this is {(item is YamlScalar or YamlSequence ? "neither" : item.Kind)}.");
                    break;
            }
        }

        var (isBuilt, folder) = ReadBuild(mapping);
        return new ProjectEnvironment(EnvironmentKind.Docker, null, new DockerEnvironment(image.Text, volumes, variables) { IsBuilt = isBuilt, BuildFolder = folder });
    }

    /// <summary>With <c>build: FOLDER</c> an image needs no name.</summary>
    private static YamlScalar? Dockerfile(YamlMapping mapping) =>
        mapping.Find("build")?.Value is YamlScalar { IsNull: false, Text: not ("true" or "True" or "false" or "False") } folder ? folder : null;

    /// <summary><c>build: true</c> puts the code into an image; <c>build: FOLDER</c> makes the image from the Dockerfile there.</summary>
    private (bool IsBuilt, string? Folder) ReadBuild(YamlMapping mapping)
    {
        switch (mapping.Find("build")?.Value)
        {
            case null or YamlScalar { IsNull: true }:
                return (false, null);
            case YamlScalar { Plain: true, Text: "true" or "True" or "false" or "False" } word:
                return (word.Text is "true" or "True", null);
            case YamlScalar place when !Path.IsPathRooted(place.Text) && !place.Text.Split('/').Contains(".."):
                if (!File.Exists(Path.Combine(folder, place.Text, "Dockerfile")))
                {
                    findings.Stop(place, "docker_env.build", $"There is no Dockerfile in the folder '{place.Text}' of the project.");
                }

                return (false, place.Text);
            case var other:
                findings.Fault(other, "docker_env.build", "This must be true, false or a folder of the project that holds a Dockerfile.");
                return (false, null);
        }
    }

    private IReadOnlyList<YamlNode> Items(YamlMapping mapping, string key)
    {
        switch (mapping.Find(key)?.Value)
        {
            case null or YamlScalar { IsNull: true }:
                return [];
            case YamlSequence sequence:
                return sequence.Items;
            case var other:
                findings.Fault(other, $"docker_env.{key}", $"This must be a list, it is {other.Kind}.", $"Write '{key}: [ … ]'.");
                return [];
        }
    }

    /// <summary>Names only: an engine takes "AWS*" for all that begin so.</summary>
    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();

    /// <summary>HOST:CONTAINER[:OPTIONS], NAME:CONTAINER or CONTAINER.</summary>
    [GeneratedRegex(@"^(?:[^-:\s\p{C}][^:\p{C}]*:)?/[^:\p{C}]*(?::[A-Za-z,]+)?\z")]
    private static partial Regex Volume();
}
