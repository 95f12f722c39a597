using Cairn.Core.Experiments;

namespace Cairn.Storage.Tests.Scorers;

public sealed class ScorerStoreTests
{
    private static readonly ExperimentId Other = new(7);

    [Fact]
    public async Task Versions_of_a_scorer_share_its_id_and_count_from_one()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.Scorers;
        var first = await store.AddAsync(ExperimentId.Default, "judge", "{\"v\":1}", 5, StoreFixture.Timeout);
        var second = await store.AddAsync(ExperimentId.Default, "judge", "{\"v\":2}", 6, StoreFixture.Timeout);
        var elsewhere = await store.AddAsync(Other, "judge", "{}", 7, StoreFixture.Timeout);
        await store.AddAsync(ExperimentId.Default, "another", "{}", 8, StoreFixture.Timeout);
        Assert.Equal((1, 2, 1), (first.Version, second.Version, elsewhere.Version));
        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, elsewhere.Id);
        await fixture.ReopenAsync();
        var all = await fixture.Store.Scorers.ListAsync(ExperimentId.Default, null, StoreFixture.Timeout);
        Assert.Equal([("another", 1), ("judge", 1), ("judge", 2)], all.Select(scorer => (scorer.Name, scorer.Version)));
        Assert.Equal([first, second], await fixture.Store.Scorers.ListAsync(ExperimentId.Default, "judge", StoreFixture.Timeout));
    }

    [Fact]
    public async Task Writers_at_once_get_a_version_each()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => fixture.Store.Scorers.AddAsync(ExperimentId.Default, "judge", $"{i}", 5, StoreFixture.Timeout)));
        Assert.Equal(Enumerable.Range(1, 16), made.Select(scorer => scorer.Version).Order());
        Assert.Single(made.Select(scorer => scorer.Id).Distinct());
    }

    [Fact]
    public async Task One_version_is_removed_or_all()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.Scorers;
        for (var i = 0; i < 3; i++)
        {
            await store.AddAsync(ExperimentId.Default, "judge", "{}", i, StoreFixture.Timeout);
        }

        Assert.Equal(1, await store.RemoveAsync(ExperimentId.Default, "judge", 2, StoreFixture.Timeout));
        Assert.Equal(0, await store.RemoveAsync(ExperimentId.Default, "judge", 2, StoreFixture.Timeout));
        Assert.Equal([1, 3], (await store.ListAsync(ExperimentId.Default, "judge", StoreFixture.Timeout)).Select(scorer => scorer.Version));
        Assert.Equal(2, await store.RemoveAsync(ExperimentId.Default, "judge", null, StoreFixture.Timeout));
        Assert.Empty(await store.ListAsync(ExperimentId.Default, null, StoreFixture.Timeout));
    }
}
