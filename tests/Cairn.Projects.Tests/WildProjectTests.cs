using System.Text;

namespace Cairn.Projects.Tests;

/// <summary>Forms of project files that exist in public repositories, and what they mean.</summary>
public sealed class WildProjectTests
{
    [Theory]
    [InlineData("alpha: float", "Number", null)]
    [InlineData("alpha: int", "WholeNumber", null)]
    [InlineData("alpha: str", "Text", null)]
    [InlineData("alpha: path", "Path", null)]
    [InlineData("alpha: uri", "Uri", null)]
    [InlineData("alpha: {type: float, default: 0.5}", "Number", "0.5")]
    [InlineData("alpha: {type: float, default: 1e-3}", "Number", "1e-3")]
    [InlineData("alpha: {type: float, default: .5}", "Number", ".5")]
    [InlineData("alpha: {type: str, default: 3.10}", "Text", "3.10")]
    [InlineData("alpha: {type: int, default: 10_000}", "WholeNumber", "10000")]
    [InlineData("alpha: {type: integer, default: -1}", "WholeNumber", "-1")]
    [InlineData("alpha: {type: number, default: 1}", "Number", "1")]
    [InlineData("alpha: {default: x}", "Text", "x")]
    [InlineData("alpha: {type: str, default: ''}", "Text", "")]
    [InlineData("alpha: {type: str, default: \"\"}", "Text", "")]
    [InlineData("alpha: {type: str, default: }", "Text", null)]
    [InlineData("alpha: {type: str, default: null}", "Text", null)]
    [InlineData("alpha: {type: str, default: ~}", "Text", null)]
    [InlineData("alpha: {type: int, default: None}", "WholeNumber", "None")]
    [InlineData("alpha: {type: str, default: 'null'}", "Text", "null")]
    [InlineData("alpha: {type: boolean, default: true}", "Text", "True")]
    [InlineData("alpha: {type: str, default: no}", "Text", "False")]
    [InlineData("alpha: {type: str, default: 'no'}", "Text", "no")]
    [InlineData("alpha: {type: str, default: 2020-01-31}", "Text", "2020-01-31")]
    [InlineData("alpha: {type: str, default: [1, two, true, null, \"it's\"]}", "Text", "[1, 'two', True, None, \"it's\"]")]
    [InlineData("alpha: {type: str, default: {a: 1}}", "Text", "{'a': 1}")]
    [InlineData("alpha: {type: str, description: 'what: it is', default: a b}", "Text", "a b")]
    [InlineData("alpha: {type:int, default: 3}", "WholeNumber", "3")]
    [InlineData("alpha: {type str, default: x}", "Text", "x")]
    [InlineData("alpha: 256", "Text", null)]
    [InlineData("alpha:", "Text", null)]
    [InlineData("alpha: {type: 'float '}", "Number", null)]
    [InlineData("alpha: {type: Float, default: 1}", "Number", "1")]
    [InlineData("alpha: {type: [float], default: 1}", "Text", "1")]
    [InlineData("alpha: {type: str, required: true, default: x}", "Text", "x")]
    [InlineData("'alpha': {\"type\": \"string\", \"default\": \"tab\\there\"}", "Text", "tab\there")]
    public void Parameters_are_read_in_every_form_found(string yaml, string type, string? text)
    {
        var project = Commands.Read($"entry_points:\n  main:\n    parameters:\n      {yaml}\n    command: run {{alpha}}\n");
        var parameter = Assert.Single(project.EntryPoints[0].Parameters);
        Assert.Equal("alpha", parameter.Name);
        Assert.Equal(type, parameter.Type.ToString());
        Assert.Equal(text, parameter.Default);
    }

    [Fact]
    public void A_typical_component_is_read_without_a_note()
    {
        using var folder = new TemporaryFolder();
        folder.Write("conda.yml", "dependencies: []\n");
        folder.Write("MLproject",
            """
            name: download_file
            conda_env: conda.yml

            entry_points:
              main:
                parameters:

                  file_url:
                    description: URL of the file to download
                    type: uri

                  artifact-name:
                    description: Name for the artifact
                    type: str
                    default: raw_data.csv

                command: >-
                  python run.py --file_url {file_url} \
                                --artifact_name {artifact-name}
            """);
        var project = ProjectFile.Open(folder.Path);
        Assert.Empty(project.Notes);
        Assert.Equal("download_file", project.Name);
        Assert.Equal(new ProjectEnvironment(EnvironmentKind.Conda, "conda.yml"), project.Environment);
        var entry = project.EntryPoint("main");
        Assert.Equal(["file_url", "artifact-name"], entry.Parameters.Select(p => p.Name));
        Assert.Equal("URL of the file to download", entry.Parameters[0].Description);
        Assert.Equal("python run.py --file_url {file_url} \\\n              --artifact_name {artifact-name}", entry.Command);
    }

    [Theory]
    [InlineData("MLproject", null)]
    [InlineData("MLProject", null)]
    [InlineData("mlproject", null)]
    [InlineData("MLproject.yaml", "should be called 'MLproject'")]
    [InlineData("mlproject.yml", "should be called 'MLproject'")]
    public void The_file_is_found_under_the_names_people_use(string name, string? note)
    {
        using var folder = new TemporaryFolder();
        folder.Write(name, "entry_points: {main: {command: run}}\n");
        var project = ProjectFile.Open(folder.Path);
        Assert.Equal(folder.Combine(name), project.File);
        Assert.Equal(Path.GetFileName(folder.Path), project.Name);
        Assert.Equal(note is null ? 0 : 1, project.Notes.Count(n => note is null || n.Message.Contains(note, StringComparison.Ordinal)));
        Assert.Equal(project.File, ProjectFile.Open(folder.Combine(name)).File);
    }

    [Fact]
    public void The_plain_name_wins_over_others()
    {
        using var folder = new TemporaryFolder();
        folder.Write("MLproject.yaml", "name: other\nentry_points: {main: {command: run}}\n");
        folder.Write("MLproject", "name: right\nentry_points: {main: {command: run}}\n");
        Assert.Equal("right", ProjectFile.Open(folder.Path).Name);
    }

    public static readonly TheoryData<string> Encodings = ["utf-8", "utf-8-bom", "utf-16le", "utf-16be", "utf-16le-bare", "crlf", "latin-1"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Text_is_read_in_every_encoding_found(string encoding)
    {
        const string text = "name: café\nentry_points:\n  main:\n    command: >-\n      run \\\n        --x 1\n";
        byte[] bytes = encoding switch
        {
            "utf-8-bom" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
            "utf-16le" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
            "utf-16be" => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
            "utf-16le-bare" => Encoding.Unicode.GetBytes(text),
            "crlf" => Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)),
            "latin-1" => Encoding.Latin1.GetBytes(text),
            _ => Encoding.UTF8.GetBytes(text),
        };
        var project = ProjectFile.Parse(bytes, "/p/MLproject");
        Assert.Equal("café", project.Name);
        Assert.Equal("run \\\n  --x 1", project.EntryPoint("main").Command);
    }

    [Theory]
    [InlineData("docker_env: {image: img}", "img")]
    [InlineData("docker_env:\n  image: img\n  volumes: ['/a:/b']\n  environment: [[NEW, v], COPIED]", "img")]
    public void Containers_are_read(string yaml, string image)
    {
        var docker = Commands.Read($"{yaml}\nentry_points: {{main: {{command: run}}}}\n").Environment.Docker!;
        Assert.Equal(image, docker.Image);
        Assert.True(docker.Variables.Count is 0 || (docker.Variables[0].Value == "v" && docker.Variables[1].Value is null && docker.Volumes[0] == "/a:/b"));
    }

    [Theory]
    [InlineData("python_env.yaml", EnvironmentKind.Python)]
    [InlineData("conda.yaml", EnvironmentKind.Conda)]
    [InlineData("conda.yml", EnvironmentKind.None)]
    public void Without_a_key_an_environment_file_of_the_usual_name_counts(string file, EnvironmentKind kind)
    {
        using var folder = new TemporaryFolder();
        folder.Write("MLproject", "entry_points: {main: {command: run}}\n");
        folder.Write(file, "");
        Assert.Equal(kind, ProjectFile.Open(folder.Path).Environment.Kind);
    }

    [Theory]
    [InlineData("env_manager: local", "env_manager", null)]
    [InlineData("uv_env: pyproject.toml", "uv_env", null)]
    [InlineData("docker-env: {image: x}", "docker-env", "Did you mean 'docker_env'?")]
    [InlineData("entrypoints: {}", null, null)]
    public void Unknown_keys_are_noted_and_ignored(string yaml, string? field, string? suggestion)
    {
        var project = Commands.Read($"{yaml}\nentry_points: {{main: {{command: run}}}}\n");
        Assert.Single(project.EntryPoints);
        Assert.True(field is null || project.Notes.Any(note => note.Field == field && note.Suggestion == suggestion), string.Join('\n', project.Notes));
    }

    [Theory]
    [InlineData("entry_points: {main: {command: run, parameters: {a: boolean}}}", "no such type")]
    [InlineData("entry_points: {main: {command: run, parameters: {a: {type: floot}}}}", "Did you mean 'float'?")]
    [InlineData("entry_points: {main: {command: run, parameters: {a: {defualt: 1}}}}", "Did you mean 'default'?")]
    [InlineData("entry_points: {main: {command: run, parameters: {a: '0.5'}}}", "{type: float, default: 0.5}")]
    [InlineData("entry_points: {main: {command: run, parameters: {a: {type: str, default: yes}}}}", "'True'")]
    [InlineData("entry_points: {main: {command: run, paramters: {}}}", "Did you mean 'parameters'?")]
    [InlineData("entry_points: {main: {command: 'run {aplha}', parameters: {alpha: float}}}", "Did you mean '{alpha}'?")]
    [InlineData("entry_points: {main: {command: run}, main: {command: other}}", "twice")]
    [InlineData("entry_points: {main: {command: run}}\n---\nx: 1", "only the first is read")]
    [InlineData("entry_points: {main: {command: >-\n  run \\\n  --x}}", null)]
    [InlineData("entry_points:\n  main:\n    command: >-\n      run \\\n      --x", "literal blank")]
    [InlineData("conda_env: missing.yml\nentry_points: {main: {command: run}}", "no file 'missing.yml'")]
    [InlineData("name: x", "declares no entry points")]
    [InlineData("", "file is empty")]
    public void What_was_tolerated_is_noted(string yaml, string? note)
    {
        if (note is null)
        {
            Assert.Throws<ProjectFileException>(() => Commands.Read(yaml));
            return;
        }

        var notes = Commands.Read(yaml).Notes;
        Assert.True(notes.Any(n => n.ToString().Contains(note, StringComparison.Ordinal)), string.Join('\n', notes));
    }

    [Fact]
    public void A_faulty_command_keeps_only_its_own_entry_point_from_running()
    {
        var project = Commands.Read("entry_points:\n  main: {command: run}\n  broken: {command: 'awk {print $1}'}\n");
        Assert.Contains(project.Notes, note => note.Field == "entry_points.broken.command");
        Assert.Equal("run", Binding.ParameterBinder.Bind(project, "main", [], "/").CommandLine);
        Assert.Throws<ProjectException>(() => Binding.ParameterBinder.Bind(project, "broken", [], "/"));
    }

    [Fact]
    public void Anchors_and_merge_keys_are_followed()
    {
        var project = Commands.Read(
            """
            entry_points:
              main: &base
                parameters: {a: float}
                command: run {a}
              again:
                <<: *base
                command: other {a}
              same: *base
            """);
        Assert.Equal(["run {a}", "other {a}", "run {a}"], project.EntryPoints.Select(entry => entry.Command));
        Assert.All(project.EntryPoints, entry => Assert.Single(entry.Parameters));
    }
}
