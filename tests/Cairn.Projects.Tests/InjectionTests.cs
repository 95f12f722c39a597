using System.Text;
using Cairn.Projects.Binding;
using Cairn.Projects.Running;

namespace Cairn.Projects.Tests;

/// <summary>
/// What attackers put into parameters of runners of this format (the command injections known from MLflow: values with
/// substitutions, and names, which MLflow does not quote), sent through whole runs.
/// </summary>
public sealed class InjectionTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>Commands that print their arguments one to a line, with the places a value can have.</summary>
    private static readonly string[] Templates =
    [
        "printf '%s\\n' {x}",
        "printf '%s\\n' \"{x}\"",
        "printf '%s\\n' '{x}'",
        "printf '%s\\n' \"$(printf %s {x})\"",
        "printf '%s\\n'",
    ];

    public static readonly TheoryData<string, string> Attacks = new()
    {
        { "x", "$(touch canary); ' \"" },
        { "x", "`touch canary`" },
        { "x", "a'b" },
        { "x", "'; touch canary; '" },
        { "x", "\"; touch canary; \"" },
        { "x", "\n touch canary \n#" },
        { "x", "| touch canary" },
        { "x", "&& touch canary" },
        { "x", "> canary" },
        { "x", "--flag" },
        { "x", "-rf /" },
        { "x", "~/../{x}%s\\" },
        { "$(touch canary); ' \"", "v" },
        { "x;touch canary;", "1" },
        { "`touch canary`", "$(touch canary)" },
        { "--upload-pack", "touch canary" },
        { "-", "" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Values_and_names_arrive_as_plain_text_and_are_recorded_so(string name, string value)
    {
        foreach (var template in name == "x" ? Templates : [Templates[^1]])
        {
            using var folder = new TemporaryFolder();
            var declared = template.Contains("{x}", StringComparison.Ordinal);
            var parameters = declared ? "\n    parameters: {x: string}" : "";
            folder.Write("MLproject", $"entry_points:\n  main:{parameters}\n    command: >-\n      {template}\n");
            var bound = ParameterBinder.Bind(ProjectFile.Open(folder.Path), "main", [new(name, value)], folder.Path);
            var output = new StringBuilder();
            var run = await new ProjectRunner(server.Client).CreateAsync(
                bound,
                new ProjectRunOptions { Output = (_, bytes) => output.Append(Encoding.UTF8.GetString(bytes)) },
                CancellationToken.None);
            var result = await run.ExecuteAsync(CancellationToken.None, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True(result.IsSuccess, output.ToString());
            Assert.Equal(declared ? $"{value}\n" : $"--{name}\n{value}\n", output.ToString());
            Assert.Equal(value, result.Run.Params[name].GetString());
            Assert.Equal(["MLproject"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
        }
    }

    /// <summary>Constructors that some YAML readers call.</summary>
    [Theory]
    [InlineData("name: !!python/object/apply:os.system [touch canary]\nentry_points: {main: {command: x}}\n")]
    [InlineData("entry_points: {main: {command: !!python/object/apply:os.system touch canary}}\n")]
    [InlineData("entry_points: {main: {command: x, parameters: {p: {default: !!python/name:os.system }}}}\n")]
    [InlineData("entry_points: !!map {main: !<tag:yaml.org,2002:python/module:os> {command: x}}\n")]
    public void Tags_of_yaml_call_nothing(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write("MLproject", text);
        folder.Write("pipeline.yaml", text);
        folder.Write("conda.yaml", text);
        foreach (var read in new Action[] { () => ProjectFile.Open(folder.Path), () => Cairn.Projects.Pipelines.PipelineFile.Open(folder.Path) })
        {
            try
            {
                read();
            }
            catch (ProjectException)
            {
                // Refused is as good as read as plain text.
            }
        }

        Assert.Equal(["MLproject", "conda.yaml", "pipeline.yaml"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>What a component of a chain is called goes into lines that a shell evaluates.</summary>
    [Theory]
    [InlineData("$(touch canary)")]
    [InlineData("a'; touch canary; '")]
    [InlineData("a\ntouch canary\n")]
    public void Names_and_commands_of_components_are_words(string name)
    {
        Assert.Equal([name], Cairn.Projects.Chains.ShellWords.Split(ShellText.Word(name)));
    }
}
