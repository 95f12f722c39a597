using Cairn.Projects.Environments;

namespace Cairn.Projects.Tests;

/// <summary>Environments of projects: what is read, what is refused, built once.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EnvironmentStore _store;

    public EnvironmentTests() => _store = new EnvironmentStore(_folder.Combine("store"));

    public void Dispose() => _folder.Dispose();

    private Project Project(string name, string key, string file, string text)
    {
        _folder.Write($"{name}/MLproject", $"{key}: {file}\nentry_points: {{main: {{command: python -c 'import sys; print(sys.prefix)'}}}}\n");
        _folder.Write($"{name}/{file}", text);
        return ProjectFile.Open(_folder.Combine(name));
    }

    private PythonNeeds Needs(string key, string text) => PythonNeedsReader.Read(Project("p", key, "env.yaml", text));

    [Fact]
    public void A_conda_file_is_read_with_its_pip_part_and_includes()
    {
        _folder.Write("p/requirements.txt", "# comment\nnumpy==1.26 # why\n-r more.txt\n");
        _folder.Write("p/more.txt", "scipy>=1\n");
        var needs = Needs("conda_env", """
            name: x
            channels: [conda-forge, defaults]
            dependencies:
              - python=3.9
              - pip
              - scikit-learn=1.2=py39_0
              - conda-forge::pandas=1.5.3
              - libopenblas=0.3
              - pip: [mlflow==2.0.1, "-r requirements.txt", "git+https://github.com/a/b.git@main", "wandb>=0.13,<0.14"]
            prefix: /x
            """);
        Assert.Equal("3.9", needs.Python);
        Assert.Equal(["mlflow==2.0.1", "numpy==1.26", "scipy>=1", "git+https://github.com/a/b.git@main", "wandb>=0.13,<0.14"], needs.Packages);
        Assert.Equal(["scikit-learn==1.2.*", "pandas==1.5.3"], needs.CondaAsPip);
    }

    [Fact]
    public void A_python_env_file_is_read()
    {
        var needs = Needs("python_env", "python: \"3.10\"\nbuild_dependencies: [pip==23.0]\ndependencies: [pandas]\n");
        Assert.Equal(("3.10", "pip==23.0", "pandas"), (needs.Python, needs.BuildPackages.Single(), needs.Packages.Single()));
    }

    /// <summary>What attackers put into package lists (a line break that becomes a line of a recipe, options that run something).</summary>
    [Theory]
    [InlineData("dependencies: [\"x\\nRUN id\"]", "conda_env")]
    [InlineData("dependencies: [\"x; touch /tmp/p\"]", "conda_env")]
    [InlineData("dependencies: [{pip: [\"; touch /tmp/p\"]}]", "conda_env")]
    [InlineData("dependencies: [{pip: [\"x\\nRUN id\"]}]", "conda_env")]
    [InlineData("dependencies: [\"; touch /tmp/p\"]", "python_env")]
    [InlineData("dependencies: [\"$(id)\"]", "python_env")]
    [InlineData("dependencies: [\"x && id\"]", "python_env")]
    [InlineData("dependencies: [\"--global-option=--x\"]", "python_env")]
    [InlineData("dependencies: [\"-r missing.txt\"]", "python_env")]
    [InlineData("dependencies: [[a]]", "python_env")]
    [InlineData("dependencies: a", "python_env")]
    public void Lines_that_are_no_packages_are_refused_with_their_place(string text, string key)
    {
        var e = Assert.Throws<ProjectException>(() => Needs(key, text + "\n"));
        Assert.Contains("env.yaml:1:", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.11.7", "3.11", true)]
    [InlineData("3.11.7", "3.11.2", true)]
    [InlineData("3.11.7", "3.1", false)]
    [InlineData("3.11.7", "3", true)]
    [InlineData("3.11.7", ">=3.8,<3.12", true)]
    [InlineData("3.12.0", ">=3.8,<3.12", false)]
    [InlineData("3.11.7", null, true)]
    public void A_condition_on_python_is_understood(string version, string? condition, bool fits) =>
        Assert.Equal(fits, Interpreter.Fits(version, condition));

    [Fact]
    public void Steps_that_start_at_once_put_the_same_small_files_in_place()
    {
        for (var round = 0; round < 50; round++)
        {
            var store = new EnvironmentStore(_folder.Combine($"round{round}/store"));
            Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => CondaStandIn.Install(store));
            Assert.Equal(["activate", "conda"], Directory.EnumerateFiles(_folder.Combine($"round{round}/conda-home/bin")).Select(Path.GetFileName).Order());
        }
    }

    [Fact]
    public async Task A_missing_python_says_how_to_get_it()
    {
        Assert.SkipWhen(Processes.Programs.Find("uv") is not null, "uv brings any Python");
        var e = await Assert.ThrowsAsync<ProjectException>(() => _store.PrepareAsync(
            new EnvironmentRequest(Project("p", "python_env", "e.yaml", "python: \"3.99\"\n"), EnvironmentChoice.Virtualenv), _ => { }, CancellationToken.None));
        Assert.Contains("--env-manager system", e.Message, StringComparison.Ordinal);
        Assert.Contains("3.99", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_want_the_same_at_once_build_it_once_and_a_third_finds_it()
    {
        Assert.SkipUnless(await Interpreter.AskAsync(null, [], CancellationToken.None) is not null, "python is not installed");
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var projects = new[] { "a", "b" }.Select(name => Project(name, "python_env", "e.yaml", "dependencies: []\n")).ToArray();
        var prepared = await Task.WhenAll(projects.Select(project => Task.Run(() => _store.PrepareAsync(
            new EnvironmentRequest(project, EnvironmentChoice.Virtualenv), told.Enqueue, CancellationToken.None))));
        Assert.Equal(prepared[0]!.Folder, prepared[1]!.Folder);
        Assert.Single(told, line => line.Contains("making a virtual environment", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(prepared[0]!.Folder!, "bin", "python")));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_store.Root) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        var stored = Assert.Single(_store.List());
        Assert.Contains("pip==", stored.Lock, StringComparison.Ordinal);

        // What a killed builder left is nobody's.
        Directory.CreateDirectory(Path.Combine(_store.Root, "0123-dead"));
        Assert.Equal(0, _store.Prune(DateTimeOffset.UtcNow.AddDays(-1)));
        Assert.False(Directory.Exists(Path.Combine(_store.Root, "0123-dead")));
        Assert.True(_store.Prune(DateTimeOffset.UtcNow.AddDays(1)) > 0);
        Assert.Empty(_store.List());
    }

    [Fact]
    public async Task A_failed_build_leaves_nothing_that_looks_finished()
    {
        Assert.SkipUnless(await Interpreter.AskAsync(null, [], CancellationToken.None) is not null, "python is not installed");
        var e = await Assert.ThrowsAsync<ProjectException>(() => _store.PrepareAsync(
            new EnvironmentRequest(Project("p", "python_env", "e.yaml", "dependencies: [./no-such-folder]\n"), EnvironmentChoice.Virtualenv), _ => { }, CancellationToken.None));
        Assert.Contains("no-such-folder", e.Message, StringComparison.Ordinal);
        Assert.Empty(_store.List());
        Assert.Empty(Directory.EnumerateDirectories(_store.Root));
    }

    [Fact]
    public async Task The_running_python_is_used_where_it_has_everything()
    {
        Assert.SkipUnless(await Interpreter.AskAsync(null, [], CancellationToken.None) is not null, "python is not installed");
        var prepared = await _store.PrepareAsync(
            new EnvironmentRequest(Project("p", "conda_env", "c.yml", "dependencies: [python>=3.6, pip]\n"), EnvironmentChoice.Auto), _ => { }, CancellationToken.None);
        Assert.Equal(("system", null), (prepared!.Kind, prepared.Folder));
        Assert.Contains("python==", prepared.Lock, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_no_image_is_refused()
    {
        Assert.SkipUnless(Processes.Programs.Find("docker") is not null || Processes.Programs.Find("podman") is not null, "no container engine");
        _folder.Write("p/MLproject", "docker_env: {image: '--privileged x'}\nentry_points: {main: {command: x}}\n");
        await Assert.ThrowsAsync<ProjectException>(() => _store.PrepareAsync(
            new EnvironmentRequest(ProjectFile.Open(_folder.Combine("p")), EnvironmentChoice.Auto), _ => { }, CancellationToken.None));
    }

    [Fact]
    public async Task Names_that_mlflow_gives_lead_to_environments_of_the_store()
    {
        Assert.SkipUnless(await Interpreter.AskAsync(null, [], CancellationToken.None) is not null, "python is not installed");
        var names = new CondaNames(_store);
        Assert.Equal("{\"envs\": []}", names.ListAsJson());
        var file = _folder.Write("c/conda.yml", "dependencies: [python>=3.6]\n");
        await names.CreateAsync("mlflow-abc", file, _ => { }, CancellationToken.None);
        Assert.Contains("mlflow-abc\"", names.ListAsJson(), StringComparison.Ordinal);
        Assert.Equal(":\n", names.ActivationOf("mlflow-abc"));
        Assert.Contains("false", names.ActivationOf("other"), StringComparison.Ordinal);

        // Whoever cleans up while a chain runs leaves it its names.
        _store.Prune(DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(":\n", names.ActivationOf("mlflow-abc"));
        Assert.StartsWith("echo ", names.ActivationOf("$(touch canary)"), StringComparison.Ordinal);
    }
}
