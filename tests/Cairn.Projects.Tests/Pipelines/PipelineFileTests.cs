using Cairn.Projects.Pipelines;
using Cairn.Projects.Pipelines.Values;

namespace Cairn.Projects.Tests.Pipelines;

/// <summary>Reading: faults with their place, expressions, overrides.</summary>
public sealed class PipelineFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Pipeline Read(string text)
    {
        _folder.Write("pipeline.yaml", text);
        return PipelineFile.Open(_folder.Path);
    }

    [Theory]
    [InlineData("- a\n", "1:1", "mapping")]
    [InlineData("name: x\n", "steps", "needs steps")]
    [InlineData("steps: [a]\n", "1:8", "mapping from names")]
    [InlineData("steps:\n  a: {}\n", "2:3", "component")]
    [InlineData("steps:\n  a: {component: x, need: b}\n", "2:21", "Did you mean 'needs'?")]
    [InlineData("steps:\n  a: {component: x, needs: [b]}\n", "2:28", "no step 'b'")]
    [InlineData("steps:\n  a: {component: x, needs: [b]}\n  b: {component: x, needs: [a]}\n", "2:3", "circle")]
    [InlineData("steps:\n  a: {component: x, params: {p: '${{ params.q }}'}}\n", "2:33", "no parameter 'q'")]
    [InlineData("steps:\n  a: {component: x, params: {p: '${{ steps.b.outputs.c }}'}}\n", "2:33", "no step 'b'")]
    [InlineData("steps:\n  a: {component: x, params: {p: '${{ step.b }}'}}\n", "2:33", "Did you mean 'steps'?")]
    [InlineData("steps:\n  a: {component: x, params: {p: '${{ 1 + }}'}}\n", "2:33", "missing at its end")]
    [InlineData("steps:\n  a: {component: x, params: {p: '${{ item }}'}}\n", "2:33", "foreach")]
    [InlineData("steps:\n  a: {component: x, outputs: {d: d.csv}}\n  b: {component: x, params: {p: '${{ steps.a.outputs.e }}'}}\n", "3:33", "no output 'e'")]
    [InlineData("steps:\n  a: {component: x, timeout: soon}\n", "2:30", "span of time")]
    [InlineData("steps:\n  a: {component: x, retry: -1}\n", "2:28", "whole number")]
    [InlineData("steps:\n  a: {component: x, cache: perhaps}\n", "2:28", "true or false")]
    [InlineData("steps:\n  a: {component: x, resources: {memory: lots}}\n", "2:41", "4G")]
    [InlineData("steps:\n  a: {component: x, resources: {gpus: --all}}\n", "2:39", "a100:2")]
    [InlineData("steps:\n  a: {component: x, resources: {gpu: 1}}\n", "2:33", "Did you mean 'gpus'?")]
    [InlineData("steps:\n  a: {component: x, timeout: 0s}\n", "2:30", "above zero")]
    [InlineData("steps:\n  a: {component: x, retries: 2}\n", "2:21", "Did you mean 'retry'?")]
    [InlineData("steps:\n  a: {component: x, foreach: abc}\n", "2:30", "must be a list")]
    [InlineData("steps:\n  a: {component: x, env_manager: pip}\n", "2:34", "'pip' is not known")]
    [InlineData("steps:\n  a: {component: x, env: {A-B: 1}}\n", "2:27", "name of a variable")]
    [InlineData("env: {A: '${{ steps.a.run }}'}\nsteps: {a: {component: x}}\n", "1:10", "not known to every step")]
    [InlineData("env: {A: '${{ params.rowz }}'}\nparams: {rows: 1}\nsteps: {a: {component: x}}\n", "1:10", "Did you mean 'rows'?")]
    [InlineData("name: x\nparams:\n  a: 1\n  a: 2\nsteps: {a: {component: x}}\n", "4:3", "first time in line 3")]
    [InlineData("name: x\nparams:\n\ta: 1\nsteps: {a: {component: x}}\n", "3:1", "indented with a tab")]
    [InlineData("params: {a: 1}\nsteps:\n  a: {component:{x: 1}}\n", "3:", "A blank belongs after the colon")]
    [InlineData("steps:\n  '1 a': {component: x}\n", "2:3", "letters")]
    [InlineData("groups: {m: {a: {}}}\ndefaults: {m: b}\nsteps: {a: {component: x}}\n", "2:15", "no such option")]
    public void A_faulty_file_is_refused_with_place_and_remedy(string text, string place, string words)
    {
        var fault = Assert.ThrowsAny<ProjectException>(() => Read(text));
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promote: [a]\n", "1:10", "mapping")]
    [InlineData("promote: {m: x}\n", "1:14", "A gate is a mapping")]
    [InlineData("promote: {m: {}}\n", "1:14", "asks for nothing")]
    [InlineData("promote: {m: {wen: a}}\n", "1:15", "Did you mean 'when'?")]
    [InlineData("promote: {m: {when: metrics.mae <}}\n", "1:21", "missing at its end")]
    [InlineData("promote: {m: {when: metrics.mae < staging.metrics.mae}}\n", "1:21", "'staging.metrics.mae' is not known")]
    [InlineData("promote: {m: {when: '${{ params.x }} < 1'}}\n", "1:21", "holds no expressions of the pipeline")]
    [InlineData("promote: {m: {alias: latest, when: metrics.a < 1}}\n", "1:22", "moves by itself")]
    [InlineData("promote: {m: {approvals: many}}\n", "1:26", "whole number")]
    [InlineData("promote: {m: {approvals: 2, approvers: [a]}}\n", "approvers", "no version could ever pass")]
    [InlineData("promote: {m: {checks: {a: b}}}\n", "1:23", "list of texts")]
    [InlineData("promote: {m: {when: metrics.a < 1, stage: Best}}\n", "1:43", "Production, Staging or none")]
    [InlineData("promote: {m: [{when: metrics.a < 1}, {when: metrics.b < 1}]}\n", "1:38", "two gates")]
    [InlineData("triggers: {t: daily}\n", "1:15", "A trigger is a mapping")]
    [InlineData("triggers: {t: {}}\n", "1:12", "listens to nothing")]
    [InlineData("triggers: {t: {shedule: '* * * * *'}}\n", "1:16", "Did you mean 'schedule'?")]
    [InlineData("triggers: {t: {schedule: '* * * * *', check: a}}\n", "1:12", "one trigger listens to one thing")]
    [InlineData("triggers: {t: {check: a, timezone: UTC}}\n", "1:26", "Only a schedule has 'timezone'")]
    [InlineData("triggers: {t: {schedule: '* * * * *', missed: some}}\n", "1:47", "one, all, skip")]
    [InlineData("triggers: {t: {artifact: 'a:b'}}\n", "1:26", "no name of an artifact")]
    [InlineData("triggers: {t: {alias: raw}}\n", "1:23", "names no alias")]
    [InlineData("triggers: {t: {webhook: hush}}\n", "1:25", "secrets are not written into files")]
    [InlineData("triggers: {t: {webhook: {secret: hush}}}\n", "1:25", "secrets are not written into files")]
    [InlineData("triggers: {t: {check: a, set: {b: 1}}}\n", "1:31", "list of texts")]
    public void A_faulty_gate_or_trigger_is_refused_with_place_and_remedy(string text, string place, string words) =>
        A_faulty_file_is_refused_with_place_and_remedy(text + "steps: {a: {component: x}}\n", place, words);

    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("params.a == 5", "True")]
    [InlineData("params.a != '5'", "False")]
    [InlineData("params.deep.b", "0.10")]
    [InlineData("params.list[1]", "y")]
    [InlineData("params.a > 3 && !params.no", "True")]
    [InlineData("params.no || 'other'", "other")]
    [InlineData("'a' + params.a", "a5")]
    [InlineData("-params.a / 2", "-2.5")]
    [InlineData("null == null", "True")]
    [InlineData("params.max-depth - 1", "2")]
    public void Expressions_have_the_values_one_expects(string text, string expected)
    {
        var root = (MapValue)PlainValue.Of(Reading.YamlDocument.Read("{a: 5, no: false, list: [x, y], deep: {b: 0.10}, max-depth: 3}", new Reading.ProjectFindings("t"))!);
        var value = Expression.Parse(text).Evaluate(path => path.Skip(1).Aggregate((PlainValue)root, (at, part) =>
            at is ListValue list ? list.Items[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : ((MapValue)at).Find(part)!));
        Assert.Equal(expected, value.Text);
    }

    [Theory]
    [InlineData("a ++")]
    [InlineData("'open")]
    [InlineData("a.b.")]
    [InlineData("__import__('os')")]
    [InlineData("")]
    [InlineData("((((")]
    public void What_is_no_expression_is_refused(string text) => Assert.Throws<ExpressionException>(() => Expression.Parse(text));

    [Theory]
    [InlineData("lr=0.5", "{\"lr\":0.5,\"model\":{\"depth\":5,\"kind\":\"rf\"}}")]
    [InlineData("model.depth=7", "{\"lr\":0.1,\"model\":{\"depth\":7,\"kind\":\"rf\"}}")]
    [InlineData("+model.leaf=2", "{\"lr\":0.1,\"model\":{\"depth\":5,\"kind\":\"rf\",\"leaf\":2}}")]
    [InlineData("~model.kind", "{\"lr\":0.1,\"model\":{\"depth\":5}}")]
    [InlineData("++x.y=[1,b]", "{\"lr\":0.1,\"model\":{\"depth\":5,\"kind\":\"rf\"},\"x\":{\"y\":[1,\"b\"]}}")]
    [InlineData("model=large", "{\"lr\":0.1,\"model\":{\"depth\":50,\"kind\":\"rf\"}}")]
    [InlineData("model.kind='1'", "{\"lr\":0.1,\"model\":{\"depth\":5,\"kind\":\"1\"}}")]
    public void Overrides_change_parameters_as_hydras_do(string change, string expected) =>
        Assert.Equal(expected, Overrides.Apply(Groups(), [change]).Json());

    [Theory]
    [InlineData("modle.depth=1", "Did you mean 'model'?")]
    [InlineData("model.x=1", "+model.x=1")]
    [InlineData("+lr=1", "there already")]
    [InlineData("model=huge", "'large'")]
    [InlineData("lr.x=1", "not a mapping")]
    [InlineData("=1", "no change")]
    public void An_override_that_does_not_fit_says_what_would(string change, string words) =>
        Assert.Contains(words, Assert.Throws<PipelineException>(() => Overrides.Apply(Groups(), [change])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a=1,2 b=x", "a=1 b=x|a=2 b=x")]
    [InlineData("a=range(1,4) b=0.1,0.01", "a=1 b=0.1|a=1 b=0.01|a=2 b=0.1|a=2 b=0.01|a=3 b=0.1|a=3 b=0.01")]
    [InlineData("a=choice(x,y)", "a=x|a=y")]
    [InlineData("a=[1,2],[3]", "a=[1,2]|a=[3]")]
    [InlineData("a=range(0,1,0.5)", "a=0|a=0.5")]
    public void Sweeps_are_all_combinations(string changes, string expected) =>
        Assert.Equal(expected, string.Join('|', Overrides.Sweep(changes.Split(' ')).Select(one => string.Join(' ', one))));

    private Pipeline Groups() => Read("""
        params: {lr: 0.1, model: {depth: 5, kind: rf}}
        groups: {model: {small: {depth: 2}, large: {depth: 50}}}
        steps: {a: {component: x}}
        """);
}
