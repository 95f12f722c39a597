using System.Diagnostics;

namespace Cairn.Cli.Tests;

/// <summary>Projects with a <c>docker_env</c>, by a real podman or docker.</summary>
public sealed class ContainerTests(ContainerHouse house) : IClassFixture<ContainerHouse>, IDisposable
{
    private readonly CliFixture _cli = new();
    private Dictionary<string, string> _variables = [];

    public void Dispose() => _cli.Dispose();

    private void Prepare()
    {
        house.Require();
        _variables = house.Variables;
    }

    private void Project(string environment, string command) =>
        _cli.Write("p/MLproject", $"docker_env: {{{environment}}}\nentry_points:\n  main:\n    command: |\n      {command.Replace("\n", "\n      ", StringComparison.Ordinal)}\n");

    private Task<CliFixture.Answer> CairnAsync(params string[] arguments) => _cli.RunAsync(CliFixture.Executable, arguments, _variables);

    private static int Builds(params CliFixture.Answer[] answers) => answers.Sum(answer => answer.Error.Split("building an image").Length - 1);

    [Fact]
    public async Task A_project_runs_in_its_image_and_reaches_the_server()
    {
        Prepare();
        _cli.Write("p/data/in.txt", "from the volume\n");
        _cli.Write("input.txt", "a path parameter\n");
        _variables["COPIED"] = "it's \"copied\"";
        _variables["CONTAINER_SECRET"] = "stays outside";
        _cli.Write("p/MLproject", """
            docker_env:
              image: tiny
              volumes: ["./data:/data"]
              environment: [[GIVEN, "in the project"], COPIED, NOT_SET_HERE]
            entry_points:
              main:
                parameters: {file: path, text: string}
                command: |
                  [ -e /bin/bash ] || echo in a container
                  cat /data/in.txt {file}
                  echo "$GIVEN|$COPIED|$NOT_SET_HERE|$CONTAINER_SECRET|$EXTRA|"{text}
                  echo err >&2
                  host=$(echo "$MLFLOW_TRACKING_URI" | cut -d/ -f3)
                  wget -q -O - --header 'Content-Type: application/json' --post-data "{{\"run_id\": \"$MLFLOW_RUN_ID\", \"key\": \"inside\", \"value\": 4, \"timestamp\": 1}}" "$MLFLOW_TRACKING_URI/api/2.0/mlflow/runs/log-metric"
                  (printf 'PUT /api/2.0/mlflow-artifacts/artifacts/%s/%s/artifacts/made.txt HTTP/1.1\r\nHost: %s\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmade' "$MLFLOW_EXPERIMENT_ID" "$MLFLOW_RUN_ID" "$host"; while [ ! -e answered ]; do sleep 0.1; done) | nc $(echo $host | tr : " ") | (head -n 1; touch answered)
                  echo out > out.txt
                  exit 3
            """);
        var answer = await CairnAsync("run", "p", "-P", $"file={Path.Combine(_cli.Work, "input.txt")}", "-P", "text=$(id) '", "-A", "env=EXTRA=more", "--json");
        Assert.True(answer.ExitCode == 1, answer.ToString());
        Assert.Equal(3, answer.Json.GetProperty("exitCode").GetInt32());
        foreach (var part in new[] { "in a container\n", "from the volume\na path parameter\n", "in the project|it's \"copied\"|||more|$(id) '\n", "err\n", "HTTP/1.1 200" })
        {
            Assert.True(answer.Error.Contains(part, StringComparison.Ordinal), answer.ToString());
        }

        Assert.Contains("/p/data of this machine", answer.Error, StringComparison.Ordinal);
        Assert.Equal("out\n", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "p/out.txt")));
        var id = answer.Json.GetProperty("run").GetProperty("id").GetString()!;
        var run = (await CairnAsync("runs", "show", id, "--json")).Json;
        Assert.Equal("docker", run.GetProperty("tags").GetProperty("mlflow.project.env").GetString());
        Assert.Equal(4, run.GetProperty("metrics")[0].GetProperty("value").GetDouble());
        Assert.Contains("err\n", (await CairnAsync("runs", "show", id, "--logs")).Error, StringComparison.Ordinal);
        Assert.Equal("", await house.ContainersAsync());
    }

    [Fact]
    public async Task An_image_with_the_code_is_built_once_for_the_same_content()
    {
        Prepare();
        _cli.Write("p/code.txt", "one\n");
        Project("image: tiny, build: true", "cat code.txt; echo left > left.txt");
        Task<CliFixture.Answer> Run(params string[] more) => CairnAsync(["run", "p", .. more]);

        // Two that want it at once.
        var both = await Task.WhenAll(Run("--data", _cli.Data), Run("--data", $"{_cli.Data}2"));
        Assert.All(both, answer => Assert.Equal("one\n", answer.Out));
        Assert.Equal(1, Builds(both));
        Assert.False(File.Exists(Path.Combine(_cli.Work, "p/left.txt")));
        _cli.Write("p/code.txt", "two\n");
        var changed = await Run();
        Assert.Equal(("two\n", 1), (changed.Out, Builds(changed)));
        _cli.Write("p/code.txt", "one\n");
        var back = await Run();
        Assert.Equal(("one\n", 0), (back.Out, Builds(back)));

        // The image as it is, with the code mounted.
        var skipped = await Run("--skip-image-build");
        Assert.Equal(("one\n", 0), (skipped.Out, Builds(skipped)));
        Assert.True(File.Exists(Path.Combine(_cli.Work, "p/left.txt")));
        Assert.Equal(2, (await Run("--skip-image-build", "--build-image")).ExitCode);
    }

    [Fact]
    public async Task An_image_is_made_from_a_Dockerfile_of_the_project()
    {
        Prepare();
        _cli.Write("p/image/Dockerfile", "FROM tiny\nRUN echo baked > /baked\n");
        Project("build: image", "cat /baked");
        var first = await CairnAsync("run", "p");
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Equal(("baked\n", 1), (first.Out, Builds(first)));
        Assert.Equal(0, Builds(await CairnAsync("run", "p")));
        _cli.Write("p/image/Dockerfile", "FROM tiny\nRUN false\n");
        var broken = await CairnAsync("run", "p");
        Assert.NotEqual(0, broken.ExitCode);
        Assert.Contains("build", broken.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", "killed")]
    [InlineData("KILL", "crashed")]
    public async Task A_container_ends_with_its_run(string signal, string status)
    {
        Prepare();
        Project("image: tiny", "trap 'echo ended > ended.txt; exit 5' TERM; echo began > began.txt; sleep 1000 & wait");
        using var server = _cli.Start(CliFixture.Executable, ["server", "--listen", "127.0.0.1:0", "--json"], _variables);
        await server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit);
        using (var process = _cli.Start(CliFixture.Executable, ["run", "p", "--run-name", "ended"], _variables))
        {
            await _cli.FileAsync("p/began.txt");
            Assert.StartsWith("cairn-", await house.ContainersAsync(), StringComparison.Ordinal);
            CliFixture.Signal(process, signal);
            await CliFixture.EndAsync(process);
        }

        using var limit = new CancellationTokenSource(CliFixture.Limit);
        while (await StatusAsync() == "running" || (await house.ContainersAsync()).Length > 0)
        {
            await Task.Delay(100, limit.Token);
        }

        Assert.Equal(status, await StatusAsync());
        // Asked kindly first; the client of a killed runner hands it on as well.
        Assert.Equal("ended\n", await File.ReadAllTextAsync(Path.Combine(_cli.Work, "p/ended.txt")));
        CliFixture.Signal(server, "TERM");
        await CliFixture.EndAsync(server);
    }

    private async Task<string?> StatusAsync() =>
        (await CairnAsync("runs", "show", "ended", "--json")).Json.GetProperty("run").GetProperty("status").GetString();

    [Fact]
    public async Task Names_that_are_options_or_nothing_are_refused()
    {
        Prepare();
        async Task Refused(string environment, string expected)
        {
            Project(environment, "true");
            var answer = await CairnAsync("run", "p");
            Assert.True(answer.ExitCode != 0, answer.ToString());
            Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        }

        await Refused("image: '--privileged'", "not the name of an image");
        await Refused("image: \"x\\nRUN id\"", "not the name of an image");
        await Refused("image: '/etc'", "not the name of an image");
        await Refused("image: './../..'", "not the name of an image");
        await Refused("image: tiny, volumes: ['--privileged']", "docker_env.volumes");
        await Refused("image: tiny, environment: ['*']", "docker_env.environment");
        await Refused("image: 'localhost/no-such-image-anywhere'", "docker_env.build");
        _variables["CAIRN_ENV_MANAGER"] = "docker";
        _variables["PATH"] = "/nowhere";
        await Refused("image: tiny", "--env-manager system");
    }
}
