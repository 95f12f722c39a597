using System.Globalization;
using System.Text;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Tests.Pipelines;

/// <summary>
/// Random changes of code, parameters, data and variables, undone and done again. What must run is told by an oracle that
/// knows nothing of keys: it computes every step by itself and remembers with what each was computed. CAIRN_MUTATIONS sets
/// how many changes are made.
/// </summary>
public sealed class MutationTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private static readonly int Mutations = int.TryParse(Environment.GetEnvironmentVariable("CAIRN_MUTATIONS"), CultureInfo.InvariantCulture, out var count) ? count : 25;
    private readonly PipelineFolder _folder = new();
    private readonly HashSet<string> _computed = new(StringComparer.Ordinal);

    // What the pipeline depends on.
    private readonly Dictionary<string, int> _code = new(StringComparer.Ordinal) { ["a"] = 0, ["b"] = 0, ["c"] = 0, ["d"] = 0 };
    private readonly Dictionary<string, int> _parameters = new(StringComparer.Ordinal) { ["b"] = 0, ["c"] = 0 };
    private int _data;
    private int _variable;
    private int _shared;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_stale_hit_and_no_needless_miss()
    {
        var random = new Random(20260);
        for (var i = 0; i <= Mutations; i++)
        {
            var what = i == 0 ? "nothing" : Mutate(random);
            WriteAll();
            var expected = Expected(out var contents);
            var result = await _folder.RunAsync(server.Client);
            Assert.True(result.IsSuccess, $"{i}: {string.Join('\n', result.Steps)}");
            Assert.Equal($"{i} {what} {expected}", $"{i} {what} {PipelineFolder.States(result.Steps)}");
            foreach (var (name, content) in contents)
            {
                var found = await ContentAsync(name, result);
                Assert.True(content == found, $"{i} {what} {expected}: {name} is '{found}' and not '{content}': {string.Join('\n', result.Steps)} {await DescribeAsync(name, result)}");
            }
        }
    }

    private string Mutate(Random random)
    {
        var steps = _code.Keys.ToArray();
        switch (random.Next(8))
        {
            case 0 or 1:
                var step = steps[random.Next(steps.Length)];
                _code[step] = random.Next(3);
                return $"code of {step}";
            case 2 or 3:
                var parameter = random.Next(2) == 0 ? "b" : "c";
                _parameters[parameter] = random.Next(3);
                return $"parameter of {parameter}";
            case 4:
                _data = random.Next(4);
                return "data";
            case 5:
                _variable = random.Next(3);
                return "variable";
            case 6:
                _shared = random.Next(3);
                return "shared code";
            default:
                // Things that are not code, and times of files, decide nothing.
                _folder.Write($"{steps[random.Next(4)]}/__pycache__/x{random.Next(5)}.pyc", Guid.NewGuid().ToString());
                File.SetLastWriteTimeUtc(_folder.Combine("a/run.sh"), DateTime.UtcNow.AddMinutes(-random.Next(1000)));
                return "nothing that matters";
        }
    }

    private void WriteAll()
    {
        _folder.Write("data/in.txt", Data());
        _folder.Write("shared/lib.sh", $"shared={_shared}\n");
        // a reads a file, b halves what it sees (so that different inputs give equal outputs), c and d read b.
        _folder.Component("a", $"# {_code["a"]}\nx=$(cat \"../$1\"); echo \"$((x + {_code["a"]}))\" >\"$out\"; put a.txt \"$out\"", "{file: string}");
        _folder.Component("b", $"get \"$1\" in.txt; x=$(cat in.txt); echo \"$((x / 2 + $2 + {_code["b"]}))\" >\"$out\"; put b.txt \"$out\"", "{input: string, add: int}");
        _folder.Component("c", $". ../shared/lib.sh\nget \"$1\" in.txt; echo \"$(cat in.txt) $2 $shared {_code["c"]}\" >\"$out\"; put c.txt \"$out\"; cp \"$out\" written.txt", "{input: string, text: string}");
        _folder.Component("d", $"get b.txt:latest in.txt; echo \"$(cat in.txt) $KIND {_code["d"]}\" >\"$out\"; put d.txt \"$out\"");
        _folder.Write("pipeline.yaml", $$$"""
            name: mutations
            params: {file: data/in.txt, add: {{{_parameters["b"]}}}, text: t{{{_parameters["c"]}}}}
            steps:
              a: {component: a, params: {file: "${{ params.file }}"}, outputs: [a.txt]}
              b: {component: b, inputs: {input: "${{ steps.a.outputs.a }}"}, params: {add: "${{ params.add }}"}, outputs: [b.txt]}
              c: {component: c, inputs: {input: "${{ steps.b.outputs.b }}"}, params: {text: "${{ params.text }}"}, code: [shared]}
              d: {component: d, needs: [b], env: {KIND: k{{{_variable}}}}}
            """);
    }

    private string Data() => string.Create(CultureInfo.InvariantCulture, $"{10 + _data}");

    /// <summary>The states, and the content of every artifact, computed here.</summary>
    private string Expected(out Dictionary<string, string> contents)
    {
        var text = new StringBuilder();
        var a = 10 + _data + _code["a"];
        var b = (a / 2) + _parameters["b"] + _code["b"];
        contents = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["a"] = $"{a}",
            ["b"] = $"{b}",
            ["c"] = $"{b} t{_parameters["c"]} {_shared} {_code["c"]}",
            ["d"] = $"{b} k{_variable} {_code["d"]}",
        };
        Add("a", $"{_code["a"]} {_data}");
        Add("b", $"{_code["b"]} {_parameters["b"]} {a}");
        Add("c", $"{_code["c"]} {_parameters["c"]} {_shared} {b}");
        Add("d", $"{_code["d"]} {_variable} {b}");
        return text.ToString().Trim();

        void Add(string step, string cause) => text.Append($"{step}:{(_computed.Add($"{step} {cause}") ? "succeeded" : "cached")} ");
    }

    private async Task<string> DescribeAsync(string step, PipelineResult result)
    {
        var run = await server.Client.GetRunAsync(result.Steps.First(one => one.Name == step).RunId!);
        return $"reads {string.Join(' ', run.Inputs.Select(use => $"{use.UsedAs}={use.Version.Version}"))}, makes {string.Join(' ', run.Outputs.Select(use => $"{use.Version.Name}={use.Version.Version}"))}";
    }

    private async Task<string> ContentAsync(string step, PipelineResult result)
    {
        var run = await server.Client.GetRunAsync(result.Steps.First(one => one.Name == step).RunId!);
        var latest = await server.Client.ResolveArtifactAsync($"{step}.txt:latest", "mutations");
        Assert.Equal(run.Outputs[^1].Version.Version, latest.Version.Version);
        await using var stream = await server.Client.OpenBlobAsync(latest.Manifest[0].Digest);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).Trim();
    }
}
