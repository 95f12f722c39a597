using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Storage.Tests.Runs;

public sealed class ExperimentNameTests
{
    [Fact]
    public async Task The_name_of_a_deleted_experiment_can_be_used_again()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = new ExperimentCatalog(fixture.Store.Runs, fixture.Journal, TimeProvider.System);
        var first = await catalog.CreateAsync(new NewExperiment("name"), StoreFixture.Timeout);
        await catalog.UpdateAsync(first.Id, new ExperimentChange(Lifecycle: Lifecycle.Deleted), StoreFixture.Timeout);
        Assert.Equal(first.Id, (await fixture.Store.Runs.FindExperimentAsync("name", StoreFixture.Timeout))!.Id);
        var second = await catalog.EnsureAsync(new NewExperiment("name"), StoreFixture.Timeout);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second.Id, (await fixture.Store.Runs.FindExperimentAsync("name", StoreFixture.Timeout))!.Id);
        var taken = await Assert.ThrowsAsync<CairnException>(() => catalog.UpdateAsync(first.Id, new ExperimentChange(Lifecycle: Lifecycle.Active), StoreFixture.Timeout));
        Assert.Equal(ErrorCode.AlreadyExists, taken.Code);
        await Assert.ThrowsAsync<CairnException>(() => catalog.CreateAsync(new NewExperiment("name"), StoreFixture.Timeout));

        await catalog.UpdateAsync(second.Id, new ExperimentChange(Name: "other"), StoreFixture.Timeout);
        Assert.Equal(Lifecycle.Active, (await catalog.UpdateAsync(first.Id, new ExperimentChange(Lifecycle: Lifecycle.Active), StoreFixture.Timeout)).Lifecycle);
    }

    [Fact]
    public async Task A_catalog_that_minds_deleted_experiments_refuses_their_names()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = new ExperimentCatalog(fixture.Store.Runs, fixture.Journal, TimeProvider.System, mindsDeleted: true);
        var first = await catalog.CreateAsync(new NewExperiment("name"), StoreFixture.Timeout);
        await catalog.UpdateAsync(first.Id, new ExperimentChange(Lifecycle: Lifecycle.Deleted), StoreFixture.Timeout);
        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<CairnException>(() => catalog.CreateAsync(new NewExperiment("name"), StoreFixture.Timeout))).Code);
        Assert.Equal(ErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<CairnException>(() => catalog.EnsureAsync(new NewExperiment("name"), StoreFixture.Timeout))).Code);
    }

    [Fact]
    public async Task Sixty_four_writers_at_once_are_all_served()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = new ExperimentCatalog(fixture.Store.Runs, fixture.Journal, TimeProvider.System);
        var long64 = new string('v', RunRules.ValueLength);
        var runs = await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(async () =>
        {
            var experiment = await catalog.EnsureAsync(new NewExperiment($"e{writer % 5}"), StoreFixture.Timeout);
            var run = await fixture.Journal.CreateAsync(new NewRun(experiment.Id, Params: [Param.Text("long", long64)]), StoreFixture.Timeout);
            for (var step = 0; step < 20; step++)
            {
                await fixture.Journal.ApplyAsync(
                    new RunUpdate(run.Id)
                    {
                        Points = [new SeriesPoint("loss", new MetricPoint(step, step, writer))],
                        Tags = [new TagChange("step", $"{step}")],
                        Params = [Param.Text($"p{step}", "v")],
                    },
                    StoreFixture.Timeout);
                if (step % 10 == 0)
                {
                    await fixture.Store.Runs.SearchRunsAsync(new([experiment.Id], LifecycleFilter.Active, null, [], 10, 0), StoreFixture.Timeout);
                }
            }

            return run;
        })));
        foreach (var run in runs)
        {
            var found = (await fixture.Store.Runs.FindRunAsync(run.Id, StoreFixture.Timeout))!;
            Assert.Equal((21, "19", 19L), (found.Params.Count, found.Tags["step"], found.Latest[0].Point.Step));
            Assert.Equal(long64, found.Params.Single(param => param.Key == "long").Value);
        }
    }
}
