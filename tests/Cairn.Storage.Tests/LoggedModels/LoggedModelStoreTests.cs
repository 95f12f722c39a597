using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Storage.Tests.LoggedModels;

public sealed class LoggedModelStoreTests
{
    private const string Id = "m-0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_model_comes_back_as_it_was_made_also_after_a_restart()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var model = Model(Id, "forest");
        await fixture.Store.LoggedModels.CreateAsync(model, StoreFixture.Timeout);
        await fixture.ReopenAsync();
        var found = (await fixture.Store.LoggedModels.FindAsync(Id, StoreFixture.Timeout))!;
        Assert.Equal(model, found with { Params = model.Params, Tags = model.Tags, Metrics = model.Metrics });
        Assert.Equal(model.Params, found.Params);
        Assert.Equal(model.Tags, found.Tags);
        Assert.Empty(found.Metrics);
        Assert.Null(await fixture.Store.LoggedModels.FindAsync("m-none", StoreFixture.Timeout));
        Assert.Equal(["m-none"], await fixture.Store.LoggedModels.FindMissingAsync([Id, "m-none", "m-none"], StoreFixture.Timeout));
    }

    [Fact]
    public async Task A_change_is_applied_whole_or_not_at_all()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.LoggedModels;
        await store.CreateAsync(Model(Id, "forest"), StoreFixture.Timeout);
        await store.UpdateAsync(Id, new LoggedModelChange(LoggedModelStatus.Ready, Params: [new("lr", "1"), new("depth", "3")], Tags: [new("t", "2"), new("u", "3")]), 9, StoreFixture.Timeout);
        var refusal = await Assert.ThrowsAsync<CairnException>(() => store.UpdateAsync(Id, new LoggedModelChange(LoggedModelStatus.Failed, Params: [new("new", "1"), new("lr", "other")]), 10, StoreFixture.Timeout));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        var found = (await store.FindAsync(Id, StoreFixture.Timeout))!;
        Assert.Equal((LoggedModelStatus.Ready, 9L), (found.Status, found.UpdatedAt));
        Assert.Equal(["depth=3", "lr=1"], found.Params.Select(pair => $"{pair.Key}={pair.Value}"));
        Assert.Equal(["t=2", "u=3"], found.Tags.Select(pair => $"{pair.Key}={pair.Value}"));
        await store.UpdateAsync(Id, new LoggedModelChange(RemoveTag: "u"), 11, StoreFixture.Timeout);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<CairnException>(() => store.UpdateAsync(Id, new LoggedModelChange(RemoveTag: "u"), 11, StoreFixture.Timeout))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<CairnException>(() => store.UpdateAsync("m-none", new LoggedModelChange(Tags: [new("a", "b")]), 11, StoreFixture.Timeout))).Code);
    }

    [Fact]
    public async Task A_deleted_model_is_not_found_and_may_be_deleted_again()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.LoggedModels;
        await store.CreateAsync(Model(Id, "forest"), StoreFixture.Timeout);
        await store.UpdateAsync(Id, new LoggedModelChange(Delete: true), 9, StoreFixture.Timeout);
        await store.UpdateAsync(Id, new LoggedModelChange(Delete: true), 10, StoreFixture.Timeout);
        Assert.Null(await store.FindAsync(Id, StoreFixture.Timeout));
        Assert.Empty(await SearchAsync(store));
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<CairnException>(() => store.UpdateAsync(Id, new LoggedModelChange(Tags: [new("a", "b")]), 11, StoreFixture.Timeout))).Code);
    }

    [Fact]
    public async Task What_a_run_measured_of_a_model_is_its_own_and_counted_once()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        await fixture.Store.LoggedModels.CreateAsync(Model(Id, "forest"), StoreFixture.Timeout);
        var run = await fixture.CreateRunAsync();
        var point = new ModelPoint(Id, new SeriesPoint("auc", new MetricPoint(1, 5, double.NaN)), "rows", "d1");
        for (var i = 0; i < 2; i++)
        {
            await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { ModelPoints = [point] }, StoreFixture.Timeout);
        }

        var metric = Assert.Single((await fixture.Store.LoggedModels.FindAsync(Id, StoreFixture.Timeout))!.Metrics);
        Assert.Equal((run.Id.Value, "rows", "d1"), (metric.RunId, metric.DatasetName, metric.DatasetDigest));
        Assert.Equal(new MetricPoint(1, 5, double.NaN), metric.Metric.Point);
    }

    [Fact]
    public async Task Models_are_found_newest_first_in_pages()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.LoggedModels;
        for (var i = 0; i < 5; i++)
        {
            await store.CreateAsync(Model($"m-{i}", $"model {i}") with { CreatedAt = i }, StoreFixture.Timeout);
        }

        Assert.Equal(["m-4", "m-3"], (await SearchAsync(store, limit: 2)).Select(model => model.Id));
        Assert.Equal(["m-0"], (await SearchAsync(store, offset: 4)).Select(model => model.Id));
        Assert.Empty(await store.SearchAsync(new LoggedModelQuery([], [], [], [], 10, 0), StoreFixture.Timeout));
    }

    private static Task<IReadOnlyList<LoggedModel>> SearchAsync(ILoggedModelStore store, int limit = 10, int offset = 0) =>
        store.SearchAsync(new LoggedModelQuery([ExperimentId.Default], [], [], [], limit, offset), StoreFixture.Timeout);

    private static LoggedModel Model(string id, string name) =>
        new(id, ExperimentId.Default, name, "sklearn", "a run elsewhere", LoggedModelStatus.Pending, 5, 6, [new("lr", "1")], [new("t", "1")], []);
}
