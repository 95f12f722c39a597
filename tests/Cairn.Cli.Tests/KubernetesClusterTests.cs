using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Cairn.Tests;

namespace Cairn.Cli.Tests;

/// <summary>
/// Runs and pipelines as Jobs of a real Kubernetes with a real image registry. Only by <c>make kubernetes-test</c>, which
/// names the cluster's folder in CAIRN_KUBERNETES.
/// </summary>
public sealed class KubernetesClusterTests : IAsyncLifetime
{
    private static readonly string? Cluster = Environment.GetEnvironmentVariable("CAIRN_KUBERNETES");

    private readonly CliFixture _cli = new();
    private readonly Dictionary<string, string> _variables = [];
    private HttpClient? _api;
    private Process? _server;
    private string _registry = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Cluster is null, "a real Kubernetes is asked for by 'make kubernetes-test' only");
        _registry = (await File.ReadAllTextAsync(Path.Combine(Cluster, "registry"))).Trim();
        var config = await File.ReadAllTextAsync(Path.Combine(Cluster, "kubeconfig"));
#pragma warning disable CA5400, CA5399 // The cluster's certificate is its own; only the tests look at it in this way.
        _api = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true })
#pragma warning restore CA5400, CA5399
        {
            BaseAddress = new Uri(Between(config, "server: \"", "\"")),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Between(config, "token: ", "}")) },
        };

        // Pods reach this machine by its address, not as 127.0.0.1; where others may come, a key is wanted.
        var port = FreePort.Take();
        var address = (await Dns.GetHostAddressesAsync(Dns.GetHostName())).Concat(Addresses()).First(one => one.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(one));
        _variables["CAIRN_API_KEY"] = Guid.NewGuid().ToString("N");
        _variables["KUBECONFIG"] = Path.Combine(Cluster, "kubeconfig");
        _variables["CONTAINERS_CONF"] = Path.Combine(Cluster, "containers.conf");
        _variables["CONTAINERS_STORAGE_CONF"] = Path.Combine(Cluster, "storage.conf");
        _variables["CONTAINERS_REGISTRIES_CONF"] = Path.Combine(Cluster, "registries.conf");
        _variables["CAIRN_ENV_MANAGER"] = "podman";
        _server = _cli.Start(CliFixture.Executable, ["server", "--listen", $"0.0.0.0:{port}", "--json"], _variables);
        Assert.NotNull(await _server.StandardOutput.ReadLineAsync().WaitAsync(CliFixture.Limit));
        _variables["CAIRN_URL"] = $"http://{address}:{port}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            CliFixture.Signal(_server, "TERM");
            await CliFixture.EndAsync(_server);
            _server.Dispose();
        }

        _api?.Dispose();
        _cli.Dispose();
    }

    private Task<CliFixture.Answer> CairnAsync(params string[] arguments) => _cli.RunAsync(CliFixture.Executable, arguments, _variables);

    private string Config(string more = "") => $"{{\"kube-context\": \"here\", \"repository-uri\": \"{_registry}/tests/project\"{more}}}";

    private void Project(string folder, string command, string parameters = "{}", string image = "localhost/tiny:1") =>
        _cli.Write($"{folder}/MLproject", $"docker_env: {{image: '{image}', environment: [[GIVEN, in the project]]}}\nentry_points:\n  main:\n    parameters: {parameters}\n    command: |\n      {command.Replace("\n", "\n      ", StringComparison.Ordinal)}\n");

    private async Task<string> StatusAsync(string run) => (await CairnAsync("runs", "show", run, "--json")).Json.GetProperty("run").GetProperty("status").GetString()!;

    private async Task<JsonElement[]> JobsAsync() =>
        [.. JsonDocument.Parse(await _api!.GetStringAsync("/apis/batch/v1/namespaces/default/jobs")).RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone())];

    /// <summary>What a run made in the cluster goes with it: the Job with its pod, and the Secret with its key.</summary>
    private async Task NothingIsLeftAsync()
    {
        using var limit = new CancellationTokenSource(CliFixture.Limit);
        while ((await JobsAsync()).Length > 0
            || (await _api!.GetStringAsync("/api/v1/namespaces/default/pods", limit.Token)).Contains("\"cairn-", StringComparison.Ordinal)
            || (await _api.GetStringAsync("/api/v1/namespaces/default/secrets", limit.Token)).Contains("\"cairn-", StringComparison.Ordinal))
        {
            await Task.Delay(200, limit.Token);
        }
    }

    [Fact]
    public async Task A_run_is_a_job_of_an_image_with_its_code()
    {
        _cli.Write("p/code.txt", "the code\n");
        // It is "scheduled" until the runner has seen that it runs.
        Project("p", "cat code.txt; echo {x} $GIVEN; echo err >&2\nuntil wget -q -O - --header \"Authorization: Bearer $MLFLOW_TRACKING_TOKEN\" \"$MLFLOW_TRACKING_URI/api/2.0/mlflow/runs/get?run_id=$MLFLOW_RUN_ID\" | grep -o '\"status\": *\"RUNNING\"'; do sleep 1; done\nexit 7", "{x: string}");
        for (var times = 0; times < 2; times++)
        {
            var answer = await CairnAsync("run", "p", "-P", "x=$(id) '", "--backend", "kubernetes", "--backend-config", Config(), "--json");
            Assert.Equal(1, answer.ExitCode);
            Assert.True(answer.Json.GetProperty("exitCode").GetInt32() == 7, answer.ToString());
            var id = answer.Json.GetProperty("run").GetProperty("id").GetString()!;
            var log = (await CairnAsync("runs", "show", id, "--logs")).Out;
            // A node does not keep the order between the two outputs.
            Assert.Contains("the code\n", log, StringComparison.Ordinal);
            Assert.Contains("$(id) ' in the project\n", log, StringComparison.Ordinal);
            Assert.Contains("err\n", log, StringComparison.Ordinal);
            Assert.Contains("\"status\":\"RUNNING\"", log.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal($"default/cairn-{id}", (await CairnAsync("runs", "show", id, "--json")).Json.GetProperty("tags").GetProperty("cairn.backend.job").GetString());
        }

        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Steps_of_a_pipeline_hand_artifacts_on_and_one_that_needs_too_much_memory_says_so()
    {
        await ImageWithCairnAsync();
        Project("p/make", "seq 5 > raw.csv && cairn artifact put raw.csv raw.csv", image: "localhost/with-cairn:1");
        Project("p/use", "cairn artifact get {raw} -o in && wc -l < in/raw.csv", "{raw: string}", "localhost/with-cairn:1");
        Project("p/eat", "head -c 200000000 /dev/zero | tail -c 199999999 > /dev/null", image: "localhost/with-cairn:1");
        _cli.Write("p/pipeline.yaml", """
            name: cluster
            steps:
              make: {component: make, outputs: {raw: raw.csv}}
              use: {component: use, inputs: {raw: "${{ steps.make.outputs.raw }}"}}
              eat: {component: eat, needs: [use], resources: {memory: 64M}}
            """);
        string[] run = ["pipeline", "run", "p", "--backend", "kubernetes", "--backend-config", Config(), "--json"];
        var first = await CairnAsync(run);
        Assert.Equal("succeeded succeeded failed", States(first));
        Assert.Contains("more memory than it was given", first.Error, StringComparison.Ordinal);
        Assert.EndsWith("5\n", (await CairnAsync("pipeline", "logs", "use")).Out, StringComparison.Ordinal);
        Assert.Equal("cached cached failed", States(await CairnAsync(run)));
        await NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_is_ended_by_its_runner_or_from_afar(bool isFromAfar)
    {
        Project("p", "echo began; sleep 1000");
        using var runner = _cli.Start(CliFixture.Executable, ["run", "p", "--run-name", "ended", "--backend", "kubernetes", "--backend-config", Config()], _variables);
        await UntilAsync(runner.StandardOutput, "began");
        if (isFromAfar)
        {
            Assert.Equal(0, (await CairnAsync("runs", "end", "ended")).ExitCode);
        }
        else
        {
            CliFixture.Signal(runner, "INT");
        }

        await CliFixture.EndAsync(runner);
        Assert.Equal("killed", await StatusAsync("ended"));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_runner_that_was_killed_goes_on_with_the_same_job()
    {
        Project("p", "echo one; i=0; while [ $i -lt 12 ]; do i=$((i+1)); sleep 1; echo at $i; done; echo two");
        using (var runner = _cli.Start(CliFixture.Executable, ["run", "p", "--run-name", "left", "--backend", "kubernetes", "--backend-config", Config()], _variables))
        {
            await UntilAsync(runner.StandardOutput, "at 1");
            CliFixture.Signal(runner, "KILL");
            await CliFixture.EndAsync(runner);
        }

        var name = Assert.Single(await JobsAsync()).GetProperty("metadata").GetProperty("uid").GetString();
        using (var second = _cli.Start(CliFixture.Executable, ["resume", "left"], _variables))
        {
            await UntilAsync(second.StandardOutput, "at 2");
            Assert.Equal(name, Assert.Single(await JobsAsync()).GetProperty("metadata").GetProperty("uid").GetString());
            CliFixture.Signal(second, "KILL");
            await CliFixture.EndAsync(second);
        }

        var resumed = await CairnAsync("resume", "left");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("finished", await StatusAsync("left"));
        // Every line once, in order, though three runners read them.
        Assert.Equal($"one\n{string.Concat(Enumerable.Range(1, 12).Select(i => $"at {i}\n"))}two\n", (await CairnAsync("runs", "show", "left", "--logs")).Out);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Templates_and_settings_hold_and_what_keeps_a_job_waiting_is_said()
    {
        Project("p", "echo ran on $TEAM; sleep 3");
        var template = _cli.Write("template.yaml", """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: "{replaced with MLflow Project name}", namespace: default, labels: {team: a}}
            spec:
              ttlSecondsAfterFinished: 100
              template:
                spec:
                  nodeSelector: {kind: fast}
                  containers:
                    - {name: "{replaced}", image: "{replaced}", command: ["{replaced}"], env: [{name: TEAM, value: ours}], resources: {limits: {cpu: 1}}}
            """);
        var node = JsonDocument.Parse(await _api!.GetStringAsync("/api/v1/nodes")).RootElement.GetProperty("items")[0].GetProperty("metadata").GetProperty("name").GetString();
        await LabelAsync(node!, "null");
        using (var runner = _cli.Start(CliFixture.Executable, ["run", "p", "--run-name", "waiting", "--backend", "kubernetes", "--backend-config", Config($", \"kube-job-template-path\": \"{template}\"")], _variables))
        {
            await UntilAsync(runner.StandardError, "node(s) didn't match");
            Assert.Equal("scheduled", await StatusAsync("waiting"));
            Assert.Equal("a", Assert.Single(await JobsAsync()).GetProperty("metadata").GetProperty("labels").GetProperty("team").GetString());
            await LabelAsync(node!, "\"fast\"");
            Assert.Contains("ran on ours\n", await runner.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
            await CliFixture.EndAsync(runner);
            Assert.Equal(0, runner.ExitCode);
        }

        // An image that is nowhere: said, and still to be ended.
        using (var runner = _cli.Start(CliFixture.Executable, ["run", "p", "--run-name", "nowhere", "--skip-image-build", "--backend", "kubernetes", "--backend-config", Config()], Nowhere()))
        {
            await UntilAsync(runner.StandardError, "ErrImagePull");
            CliFixture.Signal(runner, "INT");
            await CliFixture.EndAsync(runner);
            Assert.Equal("killed", await StatusAsync("nowhere"));
        }

        await NothingIsLeftAsync();
        Project("p", "true");
        var space = await CairnAsync("run", "p", "--backend", "kubernetes", "--backend-config", Config(", \"namespace\": \"no-such\""));
        Assert.True(space.ExitCode != 0 && space.Error.Contains("namespaces \"no-such\" not found", StringComparison.Ordinal), space.ToString());
        var context = await CairnAsync("run", "p", "--backend", "kubernetes", "--backend-config", "{\"kube-context\": \"other\"}");
        Assert.True(context.ExitCode != 0 && context.Error.Contains("no context 'other'", StringComparison.Ordinal), context.ToString());
    }

    private Dictionary<string, string> Nowhere()
    {
        Project("p", "true", image: $"{_registry}/no/such:1");
        return _variables;
    }

    private async Task LabelAsync(string node, string value)
    {
        using var patch = new StringContent($"{{\"metadata\": {{\"labels\": {{\"kind\": {value}}}}}}}", new MediaTypeHeaderValue("application/merge-patch+json"));
        (await _api!.PatchAsync($"/api/v1/nodes/{node}", patch)).EnsureSuccessStatusCode();
    }

    /// <summary>The published program with what it is linked to, on the small image.</summary>
    private async Task ImageWithCairnAsync()
    {
        var program = Environment.GetEnvironmentVariable("CAIRN_BIN");
        Assert.SkipWhen(program is null, "CAIRN_BIN does not name the published program");
        var script = $$"""
            set -e
            mkdir -p image/lib
            cp '{{program}}' "$(dirname '{{program}}')"/*.so image/
            for file in $(ldd '{{program}}' | grep -oE '/[^ ]+') $(ldconfig -p | grep -oE '/[^ ]*lib(ssl|crypto)\.so\.3$' | sort -u); do cp -L "$file" image/lib/; done
            printf 'FROM localhost/tiny:1\nCOPY cairn *.so /bin/\nCOPY lib/ /lib/x86_64-linux-gnu/\nRUN mkdir -p /lib64 /tmp && cp /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 /lib64/\nENV HOME=/tmp\n' > image/Dockerfile
            podman build -q -t localhost/with-cairn:1 image
            """;
        var built = await _cli.RunAsync("bash", ["-c", script], _variables);
        Assert.True(built.ExitCode == 0, built.ToString());
    }

    private static string States(CliFixture.Answer answer) =>
        string.Join(' ', answer.Json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()));

    private static async Task UntilAsync(StreamReader reader, string part)
    {
        while (await reader.ReadLineAsync().WaitAsync(CliFixture.Limit) is var line && !(line ?? throw new EndOfStreamException($"'{part}' never came.")).Contains(part, StringComparison.Ordinal))
        {
        }
    }

    private static IEnumerable<IPAddress> Addresses() => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address);

    private static string Between(string text, string before, string after)
    {
        var begin = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[begin..text.IndexOf(after, begin, StringComparison.Ordinal)];
    }
}
