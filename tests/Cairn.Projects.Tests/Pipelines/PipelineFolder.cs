using Cairn.Client;
using Cairn.Projects.Pipelines;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Tests.Pipelines;

/// <summary>A folder with a pipeline whose components are shell scripts that put and get artifacts over HTTP.</summary>
public sealed class PipelineFolder : IDisposable
{
    private const string Put = """
        # put NAME FILE
        put() {
          digest=$(sha256sum "$2" | cut -c1-64)
          curl -sf -X PUT --data-binary @"$2" "$CAIRN_URL/api/v1/blobs/$digest" >/dev/null || return 1
          curl -sf -H 'content-type: application/json' "$CAIRN_URL/api/v1/artifacts/versions" >/dev/null -d \
            "{\"name\":\"$1\",\"type\":\"dataset\",\"runId\":\"$CAIRN_RUN_ID\",\"manifest\":[{\"path\":\"$1\",\"digest\":\"$digest\",\"size\":$(($(wc -c <"$2")))}]}"
        }
        # get REFERENCE FILE
        get() {
          answer=$(curl -sf -H 'content-type: application/json' "$CAIRN_URL/api/v1/runs/$CAIRN_RUN_ID/inputs" -d "{\"artifact\":\"$1\"}") || return 1
          digest=$(printf %s "$answer" | sed 's/.*"manifest":\[{"path":"[^"]*","digest":"\([0-9a-f]*\)".*/\1/')
          curl -sf "$CAIRN_URL/api/v1/blobs/$digest" >"$2"
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _cache = new();

    public string Path => _folder.Path;

    public PipelineOptions Options { get; set; } = new() { Jobs = 4, Grace = TimeSpan.FromSeconds(1) };

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    public string Write(string name, string text) => _folder.Write(name, text);

    public string Combine(string name) => _folder.Combine(name);

    /// <summary>A component of one script; it may use put and get, and <c>out</c>, a temporary file.</summary>
    public void Component(string name, string script, string parameters = "{}")
    {
        Write($"{name}/run.sh", $"set -eu\n{Put}\nout=$(mktemp); trap 'rm -f \"$out\"' EXIT\n{script}\n");
        Write($"{name}/MLproject", $"name: {name}\nentry_points:\n  main:\n    parameters: {parameters}\n    command: sh run.sh{Places(parameters)}\n");
    }

    public async Task<PipelineResult> RunAsync(CairnClient client, params string[] changes)
    {
        Assert.SkipUnless(Processes.Programs.Find("curl") is not null, "curl is not installed");
        using var run = await new PipelineRunner(client).CreateAsync(PipelineFile.Open(Path), Options with { Changes = changes }, CancellationToken.None);
        return await run.ExecuteAsync(CancellationToken.None, CancellationToken.None).WaitAsync(SafetyNet.Limit);
    }

    public Task<IReadOnlyList<StepReport>> PlanAsync(CairnClient client, params string[] changes) =>
        new PipelineRunner(client).PlanAsync(PipelineFile.Open(Path), Options with { Changes = changes }, CancellationToken.None);

    /// <summary>"a:succeeded b:cached".</summary>
    public static string States(IEnumerable<StepReport> steps) => string.Join(' ', steps.Select(step => $"{step.Name}:{step.State.ToString().ToLowerInvariant()}"));

    private static string Places(string parameters) =>
        string.Concat(parameters.Trim('{', '}', ' ').Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(part => $" {{{part.Split(':')[0].Trim()}}}"));
}
