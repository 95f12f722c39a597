using System.Text;
using Cairn.Projects.Backends;
using Cairn.Projects.Binding;
using Cairn.Projects.Environments;
using Cairn.Projects.Running;

namespace Cairn.Projects.Tests.Backends;

/// <summary>Runs as Jobs, against a hand-made API server that really starts the commands. No real cluster is asked here.</summary>
public sealed class KubernetesTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private static readonly TimeSpan Limit = SafetyNet.Limit;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeCluster _cluster = new();
    private readonly StringBuilder _output = new();

    public void Dispose()
    {
        _cluster.Dispose();
        _folder.Dispose();
    }

    private IRunBackend Backend(string token = "let-me-in", string more = "")
    {
        _folder.Write("kubeconfig", $$$"""
            apiVersion: v1
            kind: Config
            current-context: other
            contexts: [{name: other, context: {cluster: no, user: no}}, {name: mine, context: {cluster: c, user: u, namespace: research}}]
            clusters: [{name: c, cluster: {server: "{{{_cluster.Url}}}"}}]
            users: [{name: u, user: {token: {{{token}}}}}]
            """);
        return BackendChoice.Make("kubernetes", $"{{\"kube-context\": \"mine\", \"kubeconfig\": \"{_folder.Combine("kubeconfig")}\"{more}}}", _folder.Combine("cache"));
    }

    private async Task<ProjectRun> CreateAsync(string command, IRunBackend backend, params KeyValuePair<string, string>[] values)
    {
        _folder.Write("p/MLproject", $"docker_env: {{image: python}}\nentry_points:\n  main:\n    parameters: {{x: {{type: string, default: d}}}}\n    command: |\n      {command}\n");
        var bound = ParameterBinder.Bind(ProjectFile.Open(_folder.Combine("p")), "main", values, _folder.Path);
        return await new ProjectRunner(server.Client).CreateAsync(bound, Options(backend), CancellationToken.None);
    }

    private ProjectRunOptions Options(IRunBackend backend) => new()
    {
        Backend = backend,
        Resources = new JobResources(2, 64L << 20, "1"),
        Grace = TimeSpan.FromSeconds(1),
        Environment = new PreparedEnvironment("docker", "id", null, "image")
        {
            Container = new ContainerPlan(new ContainerEngine("/usr/bin/true"), "cairn-project:1234", HasCode: true, [], [], [new("GIVEN", "in the project")]),
        },
        Output = (_, bytes) => _output.Append(Encoding.UTF8.GetString(bytes)),
    };

    [Fact]
    public async Task A_run_is_a_job_with_its_output_exit_code_and_resources()
    {
        var run = await CreateAsync("echo {x} $GIVEN; echo run $CAIRN_RUN_ID; exit 3", Backend(), new KeyValuePair<string, string>("x", "$(id) '"));
        var result = await run.ExecuteAsync(CancellationToken.None, CancellationToken.None).WaitAsync(Limit);
        Assert.Equal($"$(id) ' in the project\nrun {run.Run.Id}\n", _output.ToString());
        Assert.Equal((3, "failed"), (result.Exit.Code, result.Run.Run.Status));
        Assert.Equal(2, (await server.Client.GetLogsAsync(run.Run.Id)).Lines.Count);
        var job = Assert.Single(_cluster.Jobs);
        Assert.Equal("research", job.GetProperty("metadata").GetProperty("namespace").GetString());
        var container = job.GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers")[0];
        Assert.Equal("cairn-project:1234", container.GetProperty("image").GetString());
        Assert.Equal("67108864", container.GetProperty("resources").GetProperty("limits").GetProperty("memory").GetString());
        Assert.Equal(0, job.GetProperty("spec").GetProperty("backoffLimit").GetInt32());
        // Keys are in the secret, not in the job.
        Assert.DoesNotContain("MLFLOW_TRACKING_TOKEN", job.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("kubernetes", result.Run.Tags["mlflow.project.backend"]);
    }

    /// <summary>Templates made for MLflow have a placeholder where the container's name is, which a cluster refuses.</summary>
    [Theory]
    [InlineData("theirs", "theirs")]
    [InlineData("'{replaced with MLflow Project name}'", "main")]
    public async Task A_template_is_kept_around_ours(string name, string becomes)
    {
        _folder.Write("template.yaml", $$"""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: "{replaced with MLflow Project name}", labels: {team: a} }
            spec:
              backoffLimit: 4
              template:
                spec:
                  serviceAccountName: trainer
                  containers: [{name: {{name}}, image: "{replaced}", command: ["{replaced}"], env: [{name: X, value: "1"}] }, {name: beside, image: b}]
            """);
        var run = await CreateAsync("echo ok", Backend(more: $", \"kube-job-template-path\": \"{_folder.Combine("template.yaml")}\""));
        Assert.True((await run.ExecuteAsync(CancellationToken.None, CancellationToken.None).WaitAsync(Limit)).IsSuccess);
        var spec = _cluster.Jobs.Single().GetProperty("spec");
        Assert.Equal(0, spec.GetProperty("backoffLimit").GetInt32());
        var pod = spec.GetProperty("template").GetProperty("spec");
        Assert.Equal(("trainer", 2, "Never"), (pod.GetProperty("serviceAccountName").GetString(), pod.GetProperty("containers").GetArrayLength(), pod.GetProperty("restartPolicy").GetString()));
        Assert.Equal((becomes, "X"), (pod.GetProperty("containers")[0].GetProperty("name").GetString(), pod.GetProperty("containers")[0].GetProperty("env")[0].GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Stopping_deletes_the_job_and_its_process()
    {
        var backend = Backend();
        var run = await CreateAsync("echo ready; sleep 1000", backend);
        using var stop = new CancellationTokenSource();
        var running = run.ExecuteAsync(stop.Token, CancellationToken.None);
        using (var limit = new CancellationTokenSource(Limit))
        {
            while (_output.Length == 0)
            {
                await Task.Delay(50, limit.Token);
            }
        }

        await stop.CancelAsync();
        var result = await running.WaitAsync(Limit);
        Assert.Equal((RunEnd.Cancelled, "killed"), (result.End, result.Run.Run.Status));
    }

    [Fact]
    public async Task A_job_that_was_left_is_taken_up_with_all_it_printed()
    {
        var first = Backend();
        _folder.Write("go", "");
        var run = await CreateAsync("echo one; echo two", first);
        var order = Options(first);
        // Another runner started it and is gone: only the job and the run's tags are left.
        await first.StartAsync(
            new JobOrder(run.Run.Id, "p", new Processes.ChildCommand("/bin/sh", [], _folder.Path, new Dictionary<string, string>()), new JobResources(), null, _ => { })
            {
                Mark = "",
                Container = order.Environment!.Container,
                ShellLine = "echo one; echo two",
            },
            CancellationToken.None);
        var second = Backend();
        var bound = ParameterBinder.Bind(ProjectFile.Open(_folder.Combine("p")), "main", [], _folder.Path);
        var taken = await new ProjectRunner(server.Client).TakeUpAsync(await server.Client.GetRunAsync(run.Run.Id), bound, Options(second), CancellationToken.None);
        Assert.True((await taken!.ExecuteAsync(CancellationToken.None, CancellationToken.None).WaitAsync(Limit)).IsSuccess);
        Assert.Equal("one\ntwo\n", _output.ToString());
        Assert.Single(_cluster.Jobs);
    }

    [Fact]
    public async Task What_cannot_be_is_told()
    {
        Assert.Contains("Did you mean 'kube-context'?", Assert.ThrowsAny<ProjectException>(() => Backend(more: ", \"kube-contxt\": \"x\"")).Message, StringComparison.Ordinal);
        Assert.Contains("no file", Assert.ThrowsAny<ProjectException>(() => Backend(more: ", \"kube-job-template-path\": \"nowhere.yaml\"")).Message, StringComparison.Ordinal);
        var run = await CreateAsync("true", Backend(token: "wrong"));
        var fault = await Assert.ThrowsAsync<ProjectException>(() => run.ExecuteAsync(CancellationToken.None, CancellationToken.None));
        Assert.Contains("not you", fault.Message, StringComparison.Ordinal);
        Assert.Equal("failed", (await server.Client.GetRunAsync(run.Run.Id)).Run.Status);
    }

    [Fact]
    public async Task A_cluster_that_takes_the_keys_and_refuses_the_job_does_not_keep_them()
    {
        _cluster.RefusesJobs = true;
        var run = await CreateAsync("true", Backend());
        var fault = await Assert.ThrowsAsync<ProjectException>(() => run.ExecuteAsync(CancellationToken.None, CancellationToken.None));
        Assert.Contains("the job is invalid", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Secrets);
    }
}
