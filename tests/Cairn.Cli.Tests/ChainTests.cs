using System.Text.Json;

namespace Cairn.Cli.Tests;

/// <summary>
/// Entry points that start their components themselves, as <c>mlflow.run(...)</c> does: a run of its own by MLflow's REST
/// API, its id in <c>MLFLOW_RUN_ID</c>, and the command as <c>bash -c</c>.
/// </summary>
public sealed class ChainTests : IDisposable
{
    /// <summary>component NAME COMMAND, in the folder ../NAME.</summary>
    private const string Component = """
        component() {
          post() { curl -sf -H "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" -H 'content-type: application/json' "$MLFLOW_TRACKING_URI/api/2.0/mlflow/$1" -d "$2"; }
          here=$(cd "../$1" && pwd)
          run=$(post runs/create "{\"experiment_id\":\"$MLFLOW_EXPERIMENT_ID\",\"tags\":[{\"key\":\"mlflow.source.type\",\"value\":\"PROJECT\"},{\"key\":\"mlflow.source.name\",\"value\":\"$here\"},{\"key\":\"mlflow.project.entryPoint\",\"value\":\"main\"}]}" | sed 's/.*"run_id": *"\([0-9a-f]*\)".*/\1/')
          (cd "$here" && MLFLOW_RUN_ID=$run bash -c "$2")
          code=$?
          [ $code = 0 ] && status=FINISHED || status=FAILED
          post runs/update "{\"run_id\":\"$run\",\"status\":\"$status\"}" >/dev/null
          return $code
        }
        """;

    private readonly CliFixture _cli = new();

    public ChainTests() => Assert.SkipUnless(File.Exists("/usr/bin/curl") && (File.Exists("/bin/bash") || File.Exists("/usr/bin/bash")), "bash and curl are needed");

    public void Dispose() => _cli.Dispose();

    /// <summary>get → clean → train, and a component beside them that leaves nothing.</summary>
    private void Chain(string train = "echo t >> ../ran; cp \"$(cairn artifact get clean.csv:latest --cached)\" in.csv; cairn artifact put model.txt in.csv")
    {
        foreach (var name in new[] { "get", "clean", "train", "loose" })
        {
            _cli.Project($"p/{name}", "true");
        }

        _cli.Write("p/get/run.sh", "echo g >> ../ran; seq 5 > raw.csv; cairn artifact put raw.csv raw.csv\n");
        _cli.Write("p/clean/run.sh", "echo c >> ../ran; cp \"$(cairn artifact get raw.csv:latest --cached)\" in.csv; sort -n in.csv > clean.csv; cairn artifact put clean.csv clean.csv\n");
        _cli.Write("p/train/run.sh", train + "\n");
        _cli.Write("p/main/run.sh", $"set -e\n{Component}\nconf=$(mktemp -d)/conf.json\necho \"{{\\\"depth\\\": $1}}\" > $conf\ncomponent get 'sh run.sh'\ncomponent clean 'sh run.sh clean.csv 1>&2'\ncomponent train \"sh run.sh --conf $conf\"\ncomponent loose 'echo l >> ../ran'\n");
        _cli.Project("p/main", "sh run.sh {depth}", "{depth: {type: int, default: 5}}");
    }

    private string Ran
    {
        get
        {
            var file = Path.Combine(_cli.Work, "p/ran");
            var text = File.Exists(file) ? File.ReadAllText(file).Replace("\n", "", StringComparison.Ordinal) : "";
            File.Delete(file);
            return text;
        }
    }

    private async Task<CliFixture.Answer> RunAsync(params string[] arguments)
    {
        var answer = await _cli.CairnAsync(["run", "p/main", "--experiment", "chain", "--json", .. arguments]);
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer;
    }

    private static string IdOf(CliFixture.Answer answer) => answer.Json.GetProperty("run").GetProperty("id").GetString()!;

    [Fact]
    public async Task An_unchanged_component_is_not_run_again_and_a_changed_one_is()
    {
        Chain();
        Assert.Contains("clean runs: it never ran successfully", (await RunAsync()).Error, StringComparison.Ordinal);
        Assert.Equal("gctl", Ran);
        var second = await RunAsync();
        Assert.Contains("train is unchanged since run", second.Error, StringComparison.Ordinal);
        // Of a component that left nothing nobody can tell whether its results still hold.
        Assert.Equal("l", Ran);
        // The file is another one in another folder; what it says is new.
        Assert.Contains("train runs: params changed", (await RunAsync("-P", "depth=7")).Error, StringComparison.Ordinal);
        Assert.Equal("tl", Ran);
        _cli.Write("p/clean/run.sh", "echo c >> ../ran; cp \"$(cairn artifact get raw.csv:latest --cached)\" in.csv; sort -rn in.csv > clean.csv; cairn artifact put clean.csv clean.csv\n");
        Assert.Contains("code changed (run.sh)", (await RunAsync()).Error, StringComparison.Ordinal);
        Assert.Equal("ctl", Ran);
        await RunAsync("--no-cache");
        Assert.Equal("gctl", Ran);
    }

    /// <summary>As trainings do that export a model: the one of the time before is removed, and the new one holds its time.</summary>
    [Fact]
    public async Task A_component_that_throws_away_what_lay_in_its_folder_is_not_run_for_that_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which files were opened");
        Chain("echo t >> ../ran; rm -rf model; mkdir model; date +%N > model/weights; cairn artifact put model.txt model/weights");
        _cli.Write("p/train/model/weights", "of an earlier program");
        await RunAsync();
        Assert.Equal("gctl", Ran);
        Assert.Contains("train is unchanged since run", (await RunAsync()).Error, StringComparison.Ordinal);
        Assert.Equal("l", Ran);
        Chain("echo t >> ../ran; cat model/weights; rm -rf model; mkdir model; date +%N > model/weights; cairn artifact put model.txt model/weights");
        await RunAsync();
        Assert.Equal("tl", Ran);
        Assert.Contains("code changed (model/weights)", (await RunAsync()).Error, StringComparison.Ordinal);
        Assert.Equal("tl", Ran);
    }

    [Fact]
    public async Task Components_of_one_folder_see_what_those_before_them_left_there()
    {
        _cli.Project("p/work", "true");
        _cli.Write("p/work/make.sh", "echo m >> ../ran; echo $1 > data.txt; cairn artifact put made data.txt\n");
        _cli.Write("p/work/use.sh", "echo u >> ../ran; cat data.txt; cairn artifact put used data.txt\n");
        _cli.Write("p/main/run.sh", $"set -e\n{Component}\ncomponent work \"sh make.sh $1\"\ncomponent work 'sh use.sh'\n");
        _cli.Project("p/main", "sh run.sh {depth}", "{depth: {type: int, default: 5}}");
        await RunAsync();
        Assert.Equal("mu", Ran);
        await RunAsync();
        Assert.Equal("", Ran);
        Assert.Contains("data.txt changed, which another step wrote", (await RunAsync("-P", "depth=7")).Error, StringComparison.Ordinal);
        Assert.Equal("mu", Ran);
        await RunAsync("-P", "depth=7");
        Assert.Equal("", Ran);
        // The first has to be made again before the second may be believed.
        await RunAsync();
        Assert.Equal("m", Ran);
    }

    [Fact]
    public async Task All_runs_are_one_tree_and_its_artifacts_draw_the_graph()
    {
        Chain();
        await RunAsync();
        var run = IdOf(await RunAsync());
        var graph = (await _cli.CairnAsync("pipeline", "graph", run, "--json")).Json.GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal(["get", "clean", "train", "loose"], graph.Select(step => step.GetProperty("name").GetString()));
        Assert.Equal(["cached", "cached", "cached", "finished"], graph.Select(step => step.GetProperty("state").GetString()));
        Assert.Equal("clean", Assert.Single(graph[2].GetProperty("needs").EnumerateArray()).GetString());
        Assert.Equal("graph TD\n  get\n  get --> clean\n  clean --> train\n  loose\n", (await _cli.CairnAsync("pipeline", "graph", run, "--mermaid")).Out);
        var all = (await _cli.CairnAsync("runs", "ls", "--json")).Json.GetProperty("runs").EnumerateArray().Select(row => row.GetProperty("run")).ToArray();
        Assert.Equal(10, all.Length);
        Assert.All(all, one => Assert.Equal("finished", one.GetProperty("status").GetString()));
        var tree = (await _cli.CairnAsync("runs", "ls", "--tree")).Out.TrimEnd().Split('\n');
        Assert.Equal(["", "├", "├", "├", "└", "", "├", "├", "├", "└"], tree.Select(line => line.Contains('├', StringComparison.Ordinal) ? "├" : line.Contains('└', StringComparison.Ordinal) ? "└" : ""));
        Assert.Contains("train: unchanged since run", tree[3], StringComparison.Ordinal);
        Assert.Equal(2, all.Count(one => !one.TryGetProperty("parentId", out var parent) || parent.ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task A_failed_chain_goes_on_at_the_component_that_failed()
    {
        Chain("echo t >> ../ran; [ -e ../go ] && cp \"$(cairn artifact get clean.csv:latest --cached)\" in.csv && cairn artifact put model.txt in.csv");
        var failed = await _cli.CairnAsync("run", "p/main", "--experiment", "chain", "--json", "-P", "depth=9");
        Assert.Equal(1, failed.ExitCode);
        Assert.Equal("gct", Ran);
        _cli.Write("p/go", "");
        var resumed = await _cli.CairnAsync("resume", "--json");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("tl", Ran);
        Assert.Equal(IdOf(failed), IdOf(resumed));
        Assert.Equal("finished", resumed.Json.GetProperty("run").GetProperty("status").GetString());
        Assert.Contains("finished already", (await _cli.CairnAsync("resume")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_component_logged_is_on_the_run_that_stands_for_it()
    {
        const string log = "curl -sf -H 'content-type: application/json' \"$CAIRN_URL/api/v1/runs/$CAIRN_RUN_ID/updates\" -d '{\"points\":[{\"key\":\"mae\",\"value\":34.5}]}' && curl -sf -X PUT --data-binary @run.sh \"$CAIRN_URL/api/v1/runs/$CAIRN_RUN_ID/files/model/x.txt\" >/dev/null";
        Chain($"echo t >> ../ran; {log}");
        await RunAsync();
        var run = IdOf(await RunAsync());
        Assert.Equal("gctll", Ran);
        var train = (await _cli.CairnAsync("runs", "show", run, "--json")).Json.GetProperty("children").EnumerateArray().ElementAt(2).GetProperty("id").GetString()!;
        var shown = (await _cli.CairnAsync("runs", "show", train, "--json")).Json;
        Assert.Equal(34.5, Assert.Single(shown.GetProperty("metrics").EnumerateArray()).GetProperty("value").GetDouble());
        Assert.Equal("finished", shown.GetProperty("run").GetProperty("status").GetString());
        var earlier = shown.GetProperty("tags").GetProperty("cairn.step.same").GetString();
        Assert.NotEqual(train, earlier);
    }

    /// <summary>By Cairn's, MLflow's and W&B's client: the first asks within its run, the others by a key that names it.</summary>
    [Fact]
    public async Task A_component_that_went_on_without_something_runs_once_it_is_there_and_when_it_moves()
    {
        const string post = "curl -s -H \"Authorization: Bearer $MLFLOW_TRACKING_TOKEN\" -H 'content-type: application/json' $MLFLOW_TRACKING_URI";
        const string query = "{\"query\":\"query Q($e: String!, $p: String!, $n: String!) { project(name: $p, entityName: $e) { artifact(name: $n) { id } } }\",\"variables\":{\"e\":\"cairn\",\"p\":\"chain\",\"n\":\"data:prod\"}}";
        var asks = new Dictionary<string, string>
        {
            ["native"] = "cairn artifact get data:prod --cached >/dev/null 2>&1 || true",
            ["mlflow"] = $"{post}/api/2.0/mlflow/registered-models/alias?name=m\\&alias=prod >/dev/null; {post}/api/2.0/mlflow/registered-models/get-latest-versions -d '{{\"name\":\"m\",\"stages\":[\"Staging\"]}}' >/dev/null",
            ["wandb"] = $"curl -s -u \"api:$WANDB_API_KEY\" -H 'content-type: application/json' $WANDB_BASE_URL/graphql -d '{query}' >/dev/null",
        };
        foreach (var (name, ask) in asks)
        {
            _cli.Project($"p/{name}", "true");
            _cli.Write($"p/{name}/run.sh", $"echo {name[0]} >> ../ran; {ask}; echo {name} > $0.txt; cairn artifact put {name}.txt $0.txt\n");
        }

        _cli.Write("p/main/run.sh", $"set -e\n{Component}\ncomponent native 'sh run.sh'\ncomponent mlflow 'sh run.sh'\ncomponent wandb 'sh run.sh'\n");
        _cli.Project("p/main", "sh run.sh");
        await RunAsync();
        await RunAsync();
        Assert.Equal("nmw", Ran);
        _cli.Project("set", $"{post}/api/2.0/mlflow/{{path}} -d {{body}}", "{path: string, body: string}");
        async Task AskAsync(string path, string body) =>
            Assert.DoesNotContain("error_code", (await _cli.CairnAsync("run", "set", "-P", $"path={path}", "-P", $"body={body}")).Out, StringComparison.Ordinal);
        await AskAsync("registered-models/create", "{\"name\":\"m\"}");
        foreach (var (version, content) in new[] { ("v0", "one"), ("v1", "two") })
        {
            _cli.Write("data", content);
            Assert.Equal(0, (await _cli.CairnAsync("artifact", "put", "data", "data", "--experiment", "chain")).ExitCode);
            Assert.Equal(0, (await _cli.CairnAsync("artifact", "alias", $"data:{version}", "prod", "--experiment", "chain")).ExitCode);
            await AskAsync("model-versions/create", $"{{\"name\":\"m\",\"source\":\"s3://bucket/{content}\"}}");
            await AskAsync("registered-models/alias", $"{{\"name\":\"m\",\"alias\":\"prod\",\"version\":\"{version[1] - '0' + 1}\"}}");
            await RunAsync();
            await RunAsync();
            Assert.Equal("nmw", Ran);
        }

        await AskAsync("model-versions/transition-stage", "{\"name\":\"m\",\"version\":\"1\",\"stage\":\"Staging\"}");
        Assert.Contains("models:/m/Staging is there now", (await RunAsync()).Error, StringComparison.Ordinal);
        Assert.Equal("m", Ran);
    }

    [Fact]
    public async Task The_users_own_startup_lines_of_bash_are_read_too()
    {
        var own = _cli.Write("own.sh", "own() { echo mine; }\n");
        _cli.Project("p", "bash -c own");
        var answer = await _cli.RunAsync(CliFixture.Executable, ["run", "p"], new() { ["BASH_ENV"] = own });
        Assert.Equal("mine\n", answer.Out);
    }
}
