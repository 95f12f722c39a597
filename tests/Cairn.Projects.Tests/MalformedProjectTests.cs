using System.Text;

namespace Cairn.Projects.Tests;

/// <summary>Files and parameters that cannot be used: each says where, which field, and what to do.</summary>
public sealed class MalformedProjectTests
{
    /// <summary>Text of the file, and what the message must hold ("line:column", field, words of the remedy).</summary>
    public static readonly TheoryData<string, string[]> Files = new()
    {
        { "- a\n- b\n", ["MLproject:1:1", "a list", "entry_points"] },
        { "just text\n", ["1:1", "is text"] },
        { "name: [a]\nentry_points: {main: {command: x}}\n", ["1:7", "name", "a list"] },
        { "name: a: b\nentry_points: {}\n", ["1:8", "quotes"] },
        { "entry_points:\n\tmain: {command: x}\n", ["2:", "tab"] },
        { "entry_points:\n  main:\n    command: \"python x\n", ["3:", "not valid YAML"] },
        { "entry_points: {main: {command: x}\n", ["not valid YAML"] },
        { "entry_points: [a, b]\n", ["1:15", "entry_points", "a list", "'main:'"] },
        { "entry_points: main\n", ["1:15", "entry_points", "text"] },
        { "entrypoints: {main: {command: x}}\n", ["1:1", "Did you mean 'entry_points'?"] },
        { "entry-points: {main: {command: x}}\n", ["1:1", "Did you mean 'entry_points'?"] },
        { "entry_points: {main: python x.py}\n", ["1:22", "entry_points.main", "command: …"] },
        { "entry_points:\n  main:\n", ["2:8", "entry_points.main", "nothing"] },
        { "entry_points: {main: [python]}\n", ["entry_points.main", "a list"] },
        { "entry_points:\n  main:\n    parameters: {a: int}\n", ["2:3", "entry_points.main.command", "no command"] },
        { "entry_points:\n  main:\n    comand: x\n", ["3:5", "Did you mean 'command' where it says 'comand'?"] },
        { "entry_points:\n  main:\n    cmd: x\n", ["3:5", "'cmd'"] },
        { "entry_points: {main: {command: ''}}\n", ["1:32", "command is empty"] },
        { "entry_points: {main: {command: }}\n", ["command is empty"] },
        { "entry_points: {main: {command: [python, x.py]}}\n", ["1:32", "must be text", "a list"] },
        { "entry_points:\n  main:\n    command: {x}\n", ["3:14", "a mapping", "quotes"] },
        { "entry_points: {main: {command: x, parameters: [a, b]}}\n", ["1:47", "entry_points.main.parameters", "a list", "alpha:"] },
        { "entry_points: {main: {command: x, parameters: a}}\n", ["parameters", "text"] },
        { "entry_points: {main: {command: x, parameters: {a: [float]}}}\n", ["entry_points.main.parameters.a", "a list"] },
        { "entry_points: {main: {command: x, parameters: {'': float}}}\n", ["needs a name"] },
        { "entry_points: {'': {command: x}}\n", ["needs a name"] },
        { "entry_points: {[a]: {command: x}}\n", ["key must be text"] },
        { "conda_env: a.yml\npython_env: b.yaml\nentry_points: {main: {command: x}}\n", ["2:1", "python_env", "one environment"] },
        { "conda_env: [a]\nentry_points: {main: {command: x}}\n", ["1:12", "conda_env", "name of a file"] },
        { "conda_env: {dependencies: []}\nentry_points: {main: {command: x}}\n", ["conda_env", "a mapping"] },
        { "docker_env: python:3\nentry_points: {main: {command: x}}\n", ["1:13", "docker_env.image"] },
        { "docker_env: {volumes: []}\nentry_points: {main: {command: x}}\n", ["docker_env.image"] },
        { "docker_env: {image: x, volumes: a}\nentry_points: {main: {command: x}}\n", ["1:33", "docker_env.volumes", "must be a list"] },
        { "docker_env: {image: x, volumes: [[a]]}\nentry_points: {main: {command: x}}\n", ["docker_env.volumes", "a list"] },
        { "docker_env: {image: x, environment: [[A, b, c]]}\nentry_points: {main: {command: x}}\n", ["docker_env.environment", "[NAME, VALUE]"] },
        { "docker_env: {image: x, environment: ['AWS*']}\nentry_points: {main: {command: x}}\n", ["1:38", "docker_env.environment"] },
        { "docker_env: {image: x, environment: ['A=B']}\nentry_points: {main: {command: x}}\n", ["1:38", "docker_env.environment"] },
        { "docker_env: {image: x, environment: [['--privileged', x]]}\nentry_points: {main: {command: x}}\n", ["docker_env.environment"] },
        { "docker_env: {image: x, volumes: ['--privileged']}\nentry_points: {main: {command: x}}\n", ["1:34", "docker_env.volumes"] },
        { "docker_env: {image: x, volumes: [\"/a:/b\\n--privileged\"]}\nentry_points: {main: {command: x}}\n", ["1:34", "docker_env.volumes"] },
        { "docker_env: {image: x, build: [a]}\nentry_points: {main: {command: x}}\n", ["1:31", "docker_env.build", "Dockerfile"] },
        { "docker_env: {image: x, build: ../other}\nentry_points: {main: {command: x}}\n", ["docker_env.build", "folder of the project"] },
        { "name: {{ cookiecutter.name }}\nentry_points: {main: {command: x}}\n", ["1:", "template"] },
        { "entry_points: {main: *missing}\n", ["no anchor"] },
        { "a: &x [*x]\nentry_points: {main: {command: x}}\n", ["alias"] },
        { "entry_points:\n  main:\n    command: x\n   other:\n    command: y\n", ["4:", "indentation"] },
        { "entry_points: {main: 1}\nname: {}\n", ["entry_points.main", "2:7"] },
        { "\u0000\u0001\u0002", ["MLproject"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_faulty_file_is_refused_with_place_field_and_remedy(string text, string[] expected)
    {
        var e = Assert.Throws<ProjectFileException>(() => ProjectFile.Parse(Encoding.UTF8.GetBytes(text), "/p/MLproject"));
        Assert.All(expected, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.All(e.Faults, fault => Assert.DoesNotContain("Exception", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Deep_nesting_is_refused_and_not_a_crash()
    {
        var e = Assert.Throws<ProjectFileException>(() => Commands.Read("a: " + new string('[', 5000)));
        Assert.Contains("deep", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_of_aliases_do_not_blow_up()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 8))}]\n");
        }

        text.Append("entry_points: {main: {command: x, parameters: {p: {default: *a29}}}}\n");
        Assert.Single(Commands.Read(text.ToString()).EntryPoints);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var e = Assert.Throws<ProjectFileException>(() => Commands.Read("entry_points:\n  a: 1\n  b: {}\n  c: {command: x}\nname: []\n"));
        Assert.Equal([2, 3, 5], e.Faults.Select(fault => fault.Line));
    }

    [Theory]
    [InlineData("run {x}", "'{x}'", "'{{x}}'")]
    [InlineData("run {}", "'{}'", "'{{}}'")]
    [InlineData("run {p:.2f}", "format", "'{p}'")]
    [InlineData("run {p", "not closed", "'{{'")]
    [InlineData("run }", "without", "'}}'")]
    [InlineData("run ${HOME}", "HOME", "'{{HOME}}'")]
    [InlineData("run ${p}", "'${p}'", "'${{p}}'")]
    [InlineData("awk '{print $1}'", "print $1", "'{{print $1}}'")]
    [InlineData("run \"x", "double quote", "open")]
    [InlineData("run 'x", "single quote", "open")]
    [InlineData("run $(x", "parenthesis", "open")]
    public void A_faulty_command_is_refused_with_the_remedy(string command, params string[] expected)
    {
        var e = Assert.Throws<ProjectException>(() => Commands.Line(command, ["p"], "p=1"));
        Assert.All(expected, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run # nothing", "--x")]
    [InlineData("run &", "--x")]
    [InlineData("(run)", "--x")]
    [InlineData("cat <<EOF\nx\nEOF", "--x")]
    public void Undeclared_parameters_need_a_command_that_takes_arguments(string command, string name)
    {
        var e = Assert.Throws<ProjectException>(() => Commands.Line(command, [], $"{name}=1"));
        Assert.Contains("not declared", e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run\n", "run --x 1")]
    [InlineData("run a \\\n", "run a --x 1")]
    [InlineData("a && run  ", "a && run --x 1")]
    [InlineData("$(echo run)", "$(echo run) --x 1")]
    public void Undeclared_parameters_are_appended_to_the_last_command(string command, string line) =>
        Assert.Equal(line, Commands.Line(command, [], "x=1"));
}
