using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Core.Series;
using CsCheck;

namespace Cairn.Storage.Tests.Series;

public sealed class SeriesStoreTests
{
    [Fact]
    public async Task Points_come_back_once_and_in_order_before_and_after_folding_and_restart()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        var points = Enumerable.Range(0, 10_000).Select(i => new MetricPoint(i, 1000 + i, i * 0.5)).ToList();
        foreach (var batch in points.Chunk(777))
        {
            await fixture.LogAsync(run, "loss", batch);
        }

        await fixture.LogAsync(run, "loss", points.Take(500));
        Assert.Equal(points, await fixture.ReadAsync(run, "loss"));
        await fixture.Store.CompactAsync(StoreFixture.Timeout);
        Assert.Equal(points, await fixture.ReadAsync(run, "loss"));
        await fixture.LogAsync(run, "loss", points.Skip(9_000));
        Assert.Equal(points, await fixture.ReadAsync(run, "loss"));
        await fixture.ReopenAsync();
        Assert.Equal(points, await fixture.ReadAsync(run, "loss"));
    }

    [Fact]
    public async Task Any_order_of_logging_folding_and_crashing_gives_the_same_series_as_a_sorted_set()
    {
        var value = Gen.OneOf(Gen.Double, OneOfThese(double.NaN, 0.0, double.PositiveInfinity));
        var point = Gen.Select(Gen.Long[-20, 20], Gen.Long[0, 5], value, (step, time, number) => new MetricPoint(step, time, number));
        var actions = Gen.OneOf(
            point.List[1, 40].Select(points => (Points: points, Act: ' ')),
            OneOfThese('f', 'c', 's').Select(act => (Points: new List<MetricPoint>(), Act: act))).List[1, 12];
        await actions.SampleAsync(
            async script =>
            {
                var fixture = await StoreFixture.OpenAsync();
                var run = await fixture.CreateRunAsync();
                var expected = new SortedSet<MetricPoint>();
                foreach (var (points, act) in script)
                {
                    switch (act)
                    {
                        case 'f':
                            await fixture.Store.CompactAsync(StoreFixture.Timeout);
                            break;
                        case 'c':
                            var crashed = await fixture.CrashAsync();
                            await fixture.DisposeAsync();
                            fixture = crashed;
                            break;
                        case 's':
                            await SearchAsync(fixture, new Condition.Never());
                            break;
                        default:
                            await fixture.LogAsync(run, "m", points);
                            expected.UnionWith(points);
                            break;
                    }

                    Assert.Equal(expected, await fixture.ReadAsync(run, "m"));
                    var latest = (await fixture.Store.Runs.FindRunAsync(run.Id, StoreFixture.Timeout))!.Latest;
                    Assert.Equal(expected.Count == 0 ? [] : [new LatestMetric("m", expected.Max)], latest);
                }

                await fixture.DisposeAsync();
            },
            iter: 40,
            threads: 2);
    }

    [Fact]
    public async Task The_newest_point_is_the_greatest_by_step_time_and_value_not_the_last_written()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        await fixture.LogAsync(run, "acc", new MetricPoint(5, 100, 0.9), new MetricPoint(3, 999, 0.1), new MetricPoint(5, 100, 0.7));
        Assert.Equal(new MetricPoint(5, 100, 0.9), Assert.Single((await fixture.Store.Runs.FindRunAsync(run.Id, StoreFixture.Timeout))!.Latest).Point);
    }

    [Fact]
    public async Task A_search_sees_what_was_logged_just_before_it()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        for (var i = 1; i <= 20; i++)
        {
            await fixture.LogAsync(run, "acc", new MetricPoint(i, i, i / 20.0));
            var found = await SearchAsync(fixture, new Condition.Number(Field.Metric("acc"), Comparison.GreaterOrEqual, i / 20.0));
            Assert.Equal(run.Id, Assert.Single(found).Run.Id);
            if (i == 10)
            {
                await fixture.Store.CompactAsync(StoreFixture.Timeout);
            }
        }

        Assert.Equal(20, (await fixture.ReadAsync(run, "acc")).Count);
    }

    [Fact]
    public async Task A_sample_keeps_every_extreme_and_holds_real_points_only()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        var random = new Random(5);
        var points = Enumerable.Range(0, 50_000).Select(i => new MetricPoint(i, i, i == 31_234 ? 1e9 : random.NextDouble())).ToList();
        await fixture.LogAsync(run, "m", points);
        var slice = await fixture.Store.Series.SampleAsync(run.Id, "m", StepRange.All, 300, StoreFixture.Timeout);
        Assert.True(slice.IsSampled);
        Assert.Equal(50_000, slice.Count);
        Assert.InRange(slice.Points.Count, 300, 1500);
        Assert.Contains(points[31_234], slice.Points);
        Assert.Equal(points[0], slice.Points[0]);
        Assert.Equal(points[^1], slice.Points[^1]);
        Assert.Contains(points.MinBy(point => point.Value), slice.Points);
        Assert.Subset(points.ToHashSet(), slice.Points.ToHashSet());
    }

    [Fact]
    public async Task The_first_point_of_a_series_stays_when_the_second_comes_while_it_is_folded()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var runs = new List<Run>();
        for (var i = 0; i < 40; i++)
        {
            runs.Add(await fixture.CreateRunAsync());
        }

        var names = Enumerable.Range(0, 50).Select(i => $"m{i}").ToList();
        await LogAllAsync(new MetricPoint(0, 0, 1));
        await Task.WhenAll(fixture.Store.CompactAsync(StoreFixture.Timeout), LogAllAsync(new MetricPoint(1, 1, 2)));
        foreach (var (run, name) in from run in runs from name in names select (run, name))
        {
            Assert.Equal([new MetricPoint(0, 0, 1), new MetricPoint(1, 1, 2)], await fixture.ReadAsync(run, name));
        }

        Task LogAllAsync(MetricPoint point) => Task.WhenAll(runs.Select(run =>
            fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Points = [.. names.Select(name => new SeriesPoint(name, point))] }, StoreFixture.Timeout)));
    }

    [Fact]
    public async Task A_range_of_steps_holds_those_steps_only()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        await fixture.LogAsync(run, "m", Enumerable.Range(0, 9000).Select(i => new MetricPoint(i, i, i)));
        await fixture.Store.CompactAsync(StoreFixture.Timeout);
        await fixture.LogAsync(run, "m", Enumerable.Range(9000, 100).Select(i => new MetricPoint(i, i, i)));
        var slice = await fixture.Store.Series.ReadAsync(run.Id, "m", new StepRange(4000, 9049), StoreFixture.Timeout);
        Assert.Equal(Enumerable.Range(4000, 5050).Select(i => (long)i), slice.Points.Select(point => point.Step));
    }

    [Fact]
    public async Task An_unknown_run_is_refused_and_an_unknown_metric_is_empty()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        Assert.Empty(await fixture.ReadAsync(run, "never-logged"));
        var refusal = await Assert.ThrowsAsync<CairnException>(() => fixture.Store.Series.ReadAsync(RunId.New(), "m", StepRange.All, StoreFixture.Timeout));
        Assert.Equal(ErrorCode.NotFound, refusal.Code);
    }

    private static Task<IReadOnlyList<RunSnapshot>> SearchAsync(StoreFixture fixture, Condition where) =>
        fixture.Store.Runs.SearchRunsAsync(new RunQuery([], LifecycleFilter.Active, where, [], 100, 0), StoreFixture.Timeout);

    private static Gen<T> OneOfThese<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
