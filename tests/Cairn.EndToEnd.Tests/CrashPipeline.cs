using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cairn.EndToEnd.Tests;

/// <summary>
/// A pipeline with parallel steps, one that runs for each of three things, one that fails at first and is tried again, one
/// that is never cached, a trigger and a gate. Every command writes into a file of its own, which Cairn knows nothing of,
/// when it begins and as the last thing it does; what must come of a seed is computed here once more.
/// </summary>
internal sealed class CrashPipeline
{
    public const string Name = "crash";
    public static readonly string[] Steps = ["raw", "test", "left", "right", "part[0]", "part[1]", "part[2]", "train", "evaluate", "promote"];

    private const string Put = "cairn artifact put";
    private const string Get = "cairn artifact get --cached";

    private const string Evaluation = $$"""
        seed=$(sed -n '/^seed /{s///p;q}' "$({{Get}} $2)")
        [ -e "$LEDGER/tried.$seed" ] || { touch "$LEDGER/tried.$seed"; exit 3; }
        {{Get}} test.csv:latest >/dev/null
        mae=$((2000 - seed + seed * 37 % 23))
        curl -sf --retry 200 --retry-connrefused --retry-delay 1 --retry-max-time 60 -H 'content-type: application/json' \
          "$CAIRN_URL/api/v1/runs/$CAIRN_RUN_ID/updates" -d "{\"points\":[{\"key\":\"mae\",\"value\":$mae}]}"
        """;

    private readonly string folder;

    public CrashPipeline(string folder)
    {
        this.folder = folder;
        foreach (var name in (string[])["ledger", "work", "tmp", "cache"])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        // A seed of zero is for the trigger: the newest ticket says it.
        Component("raw", $"seed=$1; [ $seed != 0 ] || seed=$(cat \"$({Get} feed/ticket:latest)\"); echo seed $seed > out; {Put} raw.csv out");
        Component("test", $"echo always the same > out; {Put} test.csv out");
        Component("left", $"{{ echo left; cat \"$({Get} $2)\"; }} > out; {Put} left.csv out", "raw");
        Component("right", $"{{ echo right; cat \"$({Get} $2)\"; }} > out; {Put} right.csv out", "raw");
        Component("part", $"{{ echo part $3; cat \"$({Get} $2)\"; }} > out; {Put} part-$3 out", "left", "item");
        Component("train", $"{{ echo model; cat \"$({Get} $2)\"; for i in 0 1 2; do cat \"$({Get} part-$i:latest)\"; done; }} > out; {Put} model out --type model", "right");
        Component("evaluate", Evaluation, "model");
        Component("promote", "code=0; cairn promote $2 || code=$?; [ $code = 0 ] || [ $code = 5 ]", "model");
        File.WriteAllText(
            Path.Combine(Project, "pipeline.yaml"),
            $$$"""
            name: {{{Name}}}
            params: {seed: 0}
            promote:
              model: {when: metrics.mae < prod.metrics.mae, data: test.csv}
            triggers:
              ticket: {artifact: feed/ticket}
            steps:
              raw: {component: raw, params: {seed: "${{ params.seed }}"}, outputs: {raw: raw.csv}}
              test: {component: test, cache: false, params: {seed: "${{ params.seed }}"}, outputs: {test: test.csv}}
              left: {component: left, params: {seed: "${{ params.seed }}", raw: "${{ steps.raw.outputs.raw }}"}, outputs: {left: left.csv}}
              right: {component: right, params: {seed: "${{ params.seed }}", raw: "${{ steps.raw.outputs.raw }}"}, outputs: {right: right.csv}}
              part: {component: part, foreach: [0, 1, 2], params: {seed: "${{ params.seed }}", left: "${{ steps.left.outputs.left }}", item: "${{ item }}"}}
              train: {component: train, needs: [part], params: {seed: "${{ params.seed }}", right: "${{ steps.right.outputs.right }}"}, outputs: [model]}
              evaluate: {component: evaluate, needs: [test], retry: 1, params: {seed: "${{ params.seed }}", model: "${{ steps.train.outputs.model }}"}}
              promote: {component: promote, needs: [evaluate], params: {seed: "${{ params.seed }}", model: "${{ steps.train.outputs.model }}"}}

            """);
    }

    public string Project => Path.Combine(folder, "project");

    public string Temporary => Path.Combine(folder, "tmp");

    public string Ledger => Path.Combine(folder, "ledger");

    /// <summary>What the processes of this pipeline find in their environment.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["LEDGER"] = Ledger,
        ["STEP_WORK"] = Path.Combine(folder, "work"),
        ["TMPDIR"] = Temporary,
        ["CAIRN_CACHE_DIR"] = Path.Combine(folder, "cache"),

        // A program that is not compiled ahead of time opens pipes for debuggers, which are left when it is killed.
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    /// <summary>The error that a seed's model has in the evaluation.</summary>
    public static int MaeOf(int seed) => 2000 - seed + (seed * 37 % 23);

    /// <summary>Artifact to the digest of its one file.</summary>
    public static Dictionary<string, string> ExpectedOf(int seed)
    {
        var raw = $"seed {seed.ToString(CultureInfo.InvariantCulture)}\n";
        var parts = Enumerable.Range(0, 3).Select(item => $"part {item.ToString(CultureInfo.InvariantCulture)}\nleft\n{raw}").ToArray();
        var texts = new Dictionary<string, string>
        {
            ["raw.csv"] = raw,
            ["test.csv"] = "always the same\n",
            ["left.csv"] = $"left\n{raw}",
            ["right.csv"] = $"right\n{raw}",
            ["model"] = $"model\nright\n{raw}{string.Concat(parts)}",
        };
        for (var item = 0; item < parts.Length; item++)
        {
            texts[$"part-{item.ToString(CultureInfo.InvariantCulture)}"] = parts[item];
        }

        return texts.ToDictionary(pair => pair.Key, pair => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pair.Value))));
    }

    /// <summary>What the commands say of a run: how often one began and ended, and which runs began, in their order.</summary>
    public IReadOnlyList<(string Word, string Run)> LinesOf(string step)
    {
        var file = Path.Combine(Ledger, step);
        return File.Exists(file) ? [.. File.ReadAllLines(file).Select(line => line.Split(' ')).Select(words => (words[0], words[1]))] : [];
    }

    private void Component(string name, string script, params string[] parameters)
    {
        var place = Directory.CreateDirectory(Path.Combine(Project, name)).FullName;
        File.WriteAllText(
            Path.Combine(place, "run.sh"),
            $"""
            set -eu
            ledger="$LEDGER/{(name == "part" ? "part[$3]" : name)}"
            echo "begin $CAIRN_RUN_ID" >> "$ledger"
            work=$(mktemp -d "$STEP_WORK/XXXXXX"); cd "$work"
            {script}
            rm -rf "$work"
            echo "done $CAIRN_RUN_ID" >> "$ledger"

            """);
        var all = string.Join(", ", ((string[])["seed", .. parameters]).Select(parameter => $"{parameter}: string"));
        var values = string.Join(' ', ((string[])["seed", .. parameters]).Select(parameter => $"{{{parameter}}}"));
        File.WriteAllText(Path.Combine(place, "MLproject"), $"name: {name}\nentry_points:\n  main:\n    parameters: {{{all}}}\n    command: sh run.sh {values}\n");
    }
}
