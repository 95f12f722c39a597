using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>Environments of projects through the program itself, by Python's own venv.</summary>
public sealed class EnvironmentCommandTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private string Store => Path.Combine(Path.GetDirectoryName(_cli.Work)!, "cache", "cairn", "environments");

    private static void RequirePython() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))), "python3 is not installed");

    private void Component(string folder, string command)
    {
        _cli.Write($"{folder}/python_env.yaml", "dependencies: []\n");
        _cli.Write($"{folder}/MLproject", $"python_env: python_env.yaml\nentry_points: {{main: {{command: \"{command}\"}}}}\n");
    }

    [Fact]
    public async Task Components_with_the_same_file_share_an_environment_that_a_killed_builder_did_not_spoil()
    {
        RequirePython();
        Component("p/a", "python -c 'import sys; print(sys.prefix)' > ../a.txt");
        Component("p/b", "python -c 'import sys; print(sys.prefix)' > ../b.txt");
        _cli.Write("p/pipeline.yaml", "name: shared\nsteps: {a: {component: a}, b: {component: b}}\n");
        string[] run = ["pipeline", "run", "p", "--env-manager", "virtualenv"];

        using var server = _cli.Start(CliFixture.Executable, ["server", "--listen", "127.0.0.1:0", "--json"], []);
        using var http = new HttpClient { BaseAddress = new Uri(JsonDocument.Parse((await server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit))!).RootElement.GetProperty("url").GetString()!) };

        using (var killed = _cli.Start(CliFixture.Executable, run, []))
        {
            while (!Directory.Exists(Store) || !Directory.EnumerateDirectories(Store).Any())
            {
                await Task.Delay(10);
                Assert.False(killed.HasExited, "It was not seen building.");
            }

            // At once: a shell that sends the signal takes its time, and the environment would be ready.
            killed.Kill();
            await CliFixture.EndAsync(killed);
        }

        Assert.Empty(Directory.EnumerateFiles(Store, "*.ready"));
        // Two runs that want it at once, both with two components.
        var both = await Task.WhenAll(_cli.CairnAsync(run), _cli.CairnAsync(run));
        Assert.All(both, answer => Assert.True(answer.ExitCode == 0, answer.ToString()));
        var prefix = await _cli.FileAsync("p/a.txt");
        Assert.Equal(prefix, await _cli.FileAsync("p/b.txt"));
        Assert.StartsWith(Store, prefix, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(Store, "*.ready"));

        var runs = (await _cli.CairnAsync("runs", "ls", "--json")).Json.GetProperty("runs").EnumerateArray();
        var step = runs.First(row => row.GetProperty("tags").TryGetProperty("cairn.step.name", out _)).GetProperty("run").GetProperty("id").GetString()!;
        Assert.Contains("pip==", await http.GetStringAsync($"/api/v1/runs/{step}/files/cairn/environment.lock"), StringComparison.Ordinal);
        CliFixture.Signal(server, "TERM");
        await CliFixture.EndAsync(server);

        var listed = await _cli.CairnAsync("env", "ls");
        Assert.Contains("virtualenv", listed.Out, StringComparison.Ordinal);
        Assert.Equal(2, Directory.EnumerateDirectories(Store).Count());
        Assert.Equal(0, (await _cli.CairnAsync("env", "prune")).ExitCode);
        // What the killed one left is gone, the other is not.
        Assert.Equal(prefix, Assert.Single(Directory.EnumerateDirectories(Store)));
        await _cli.CairnAsync("env", "prune", "--older-than", "0");
        Assert.Empty(Directory.EnumerateDirectories(Store));
    }

    [Theory]
    [InlineData("conda", "conda_env: env.yaml", "micromamba")]
    [InlineData("uv", "python_env: env.yaml", "uv is not installed")]
    [InlineData("podman", "docker_env: {image: x}", "podman is not installed")]
    [InlineData("docker", "docker_env: {image: x}", "neither docker nor podman")]
    public async Task A_missing_tool_is_named_with_where_to_get_it_and_what_would_do(string manager, string key, string expected)
    {
        _cli.Write("p/env.yaml", "dependencies: []\n");
        _cli.Write("p/MLproject", $"{key}\nentry_points: {{main: {{command: 'true'}}}}\n");
        var answer = await _cli.RunAsync(CliFixture.Executable, ["run", "p", "--env-manager", manager], new() { ["PATH"] = "/nowhere", ["CONDA_EXE"] = "", ["MAMBA_EXE"] = "" });
        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        Assert.Contains("system", answer.Error, StringComparison.Ordinal);
    }

    /// <summary>What MLflow's client does for each component: see if the environment is there, create it, activate it.</summary>
    [Theory]
    [InlineData("virtualenv", true)]
    [InlineData("system", false)]
    public async Task Components_that_mlflow_starts_get_their_environments_from_the_store_by_the_manager_of_the_chain(string manager, bool isBuilt)
    {
        RequirePython();
        Assert.SkipWhen((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "conda"))), "a conda of the user's own is left alone");
        _cli.Write("p/part/conda.yml", "dependencies: [python>=3.6, pip]\n");
        _cli.Project("p", """
            conda=$MLFLOW_CONDA_HOME/bin/conda
            "$conda" --help > /dev/null && "$conda" env list --json | grep -q mlflow-0123 && exit 9
            "$conda" env create -n mlflow-0123 --file part/conda.yml && "$conda" env list --json | grep -q mlflow-0123 || exit 8
            bash -c ". $MLFLOW_CONDA_HOME/etc/profile.d/conda.sh && conda activate mlflow-0123 && python3 -c 'import sys; print(sys.prefix)'" > prefix.txt
            """);
        var answer = await _cli.CairnAsync("run", "p", "--env-manager", manager);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        Assert.Equal(isBuilt, (await _cli.FileAsync("p/prefix.txt")).StartsWith(Store, StringComparison.Ordinal));
        Assert.Equal(isBuilt, Directory.Exists(Store) && Directory.EnumerateFiles(Store, "*.ready").Any());
    }
}
