using Cairn.Projects.Pipelines;

namespace Cairn.Projects.Tests.Pipelines;

/// <summary>What is found before anything runs, with the place of it.</summary>
public sealed class PipelineCheckTests(ServerFixture server) : IClassFixture<ServerFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string[]> FaultsAsync(string pipeline)
    {
        _folder.Write("part/MLproject", "entry_points:\n  main:\n    parameters: {depth: {type: int, default: 3}, word: {type: string, default: a}}\n    command: echo {depth} {word}\n  odd: {command: 'echo {nothing}'}\n");
        _folder.Write("pipeline.yaml", pipeline);
        var found = await new PipelineCheck(PipelineFile.Open(_folder.Path), server.Client).FindAsync(CancellationToken.None);
        return [.. found.Where(one => one.IsFault).Select(one => $"{one.Finding.Line}:{one.Finding.Column} {one.Finding.Field}: {one.Finding.Message} {one.Finding.Suggestion}")];
    }

    [Theory]
    [InlineData("params: {d: five}\nsteps:\n  a: {component: part, params: {depth: '${{ params.d }}'}}\n", "3:40 steps.a.params: Parameter 'depth' must be a whole number, 'five' is not.")]
    [InlineData("params: {l: [1, 2]}\nsteps:\n  a: {component: part, params: {depth: '${{ params.l[7] }}'}}\n", "3:40 steps.a.params: There is no 'params.l.7': 'params.l' has 2 items, counted from 0.")]
    [InlineData("params: {m: {depth: 1}}\nsteps:\n  a: {component: part, params: {depth: '${{ params.m.dept }}'}}\n", "3:40 steps.a.params: There is no 'params.m.dept': did you mean 'params.m.depth'?")]
    [InlineData("params: {n: 5}\nsteps:\n  a: {component: part, foreach: '${{ params.n }}'}\n", "3:33 steps.a.foreach: This must be a list, '5' is a number.")]
    [InlineData("params: {l: [1, two]}\nsteps:\n  a: {component: part, foreach: '${{ params.l }}', params: {depth: '${{ item }}'}}\n", "3:68 steps.a.params: Parameter 'depth' must be a whole number, 'two' is not.")]
    [InlineData("params: {l: [1]}\nsteps:\n  a: {component: part, when: params.l > 2}\n", "3:30 steps.a.when: '>' wants numbers")]
    [InlineData("steps:\n  a:\n    component: prat\n", "3:16 steps.a.component: There is no folder 'prat'.")]
    [InlineData("steps:\n  a:\n    component: part\n    entry_point: odd\n", "3:16 steps.a.component: The command uses '{nothing}'")]
    [InlineData("steps:\n  a:\n    component: part\n    version: v1\n", "3:16 steps.a.component:")]
    [InlineData("params: {d: 1}\ntriggers:\n  t: {schedule: '0 3 * * *', set: [e=1]}\nsteps:\n  a: {component: part}\n", "3:3 triggers.t.set: There is no parameter 'e'.")]
    public async Task A_value_that_could_not_work_is_found_at_its_place(string pipeline, string fault)
    {
        var found = Assert.Single(await FaultsAsync(pipeline));
        Assert.StartsWith(fault, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("params: {d: null}\nsteps:\n  a: {component: part, params: {depth: '${{ params.d }}'}}\n")]
    [InlineData("steps:\n  a: {component: part}\n  b: {component: part, params: {depth: '${{ steps.a.metrics.depth }}'}}\n")]
    [InlineData("params: {gpu: false, m: {}}\nsteps:\n  a: {component: part, when: params.gpu, params: {depth: '${{ params.m.depth }}'}}\n  b: {component: part, needs: a, params: {depth: '${{ params.m.depth }}'}}\n")]
    [InlineData("params: {l: []}\nsteps:\n  a: {component: part, foreach: '${{ params.l }}', params: {depth: '${{ item.x }}'}}\n")]
    [InlineData("steps:\n  a: {component: part, foreach: [{x: 1}, {x: 2}], params: {depth: '${{ item.x }}', word: '${{ pipeline.run }}'}}\n")]
    public async Task What_is_to_be_given_or_only_known_later_is_no_fault(string pipeline) => Assert.Empty(await FaultsAsync(pipeline));
}
