using Cairn.Core.Datasets;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Storage.Tests.Datasets;

public sealed class DatasetStoreTests
{
    [Fact]
    public async Task A_dataset_is_there_once_for_each_context_in_the_order_of_first_use()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var (first, second) = (await fixture.CreateRunAsync(), await fixture.CreateRunAsync());
        await LinkAsync(fixture, first, Input("rows", "d1", "train"), Input("rows", "d1", "test"), Input("other", "d2", null));
        await LinkAsync(fixture, second, Input("rows", "d1", "train"));
        var found = await fixture.Store.Datasets.SearchAsync([ExperimentId.Default], 10, StoreFixture.Timeout);

        // A run reads a dataset once: the second context of the same run is not a use of its own.
        Assert.Equal([("rows", "d1", "train"), ("other", "d2", null)], found.Select(data => (data.Name, data.Digest, data.Context)));
        Assert.Single(await fixture.Store.Datasets.SearchAsync([ExperimentId.Default], 1, StoreFixture.Timeout));
        Assert.Empty(await fixture.Store.Datasets.SearchAsync([new ExperimentId(99)], 10, StoreFixture.Timeout));
        Assert.Empty(await fixture.Store.Datasets.SearchAsync([], 10, StoreFixture.Timeout));
    }

    [Fact]
    public async Task What_was_linked_first_stays_and_outlives_a_restart()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        await LinkAsync(fixture, run, Input("rows", "d1", "train"));
        await LinkAsync(fixture, run, Input("rows", "d1", "other"), Input("late", "d9", null));
        await fixture.ReopenAsync();
        var links = (await fixture.Store.Runs.FindRunAsync(run.Id, StoreFixture.Timeout))!.Links;
        Assert.Equal(["rows", "late"], links.Datasets.Select(input => input.Dataset.Name));
        Assert.Equal([new KeyValuePair<string, string>(RunLinks.ContextTag, "train")], links.Datasets[0].Tags);
        Assert.Equal(("local", "{}", "{\"n\":1}"), (links.Datasets[0].Dataset.SourceType, links.Datasets[0].Dataset.Schema, links.Datasets[0].Dataset.Profile));
    }

    private static DatasetInput Input(string name, string digest, string? context) => new(
        new Dataset(name, digest, "local", "{\"uri\":\"x\"}", "{}", "{\"n\":1}"),
        context is null ? [] : [new(RunLinks.ContextTag, context)]);

    private static async Task LinkAsync(StoreFixture fixture, Run run, params DatasetInput[] inputs) =>
        await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Links = new RunLinks(inputs, [], []) }, StoreFixture.Timeout);
}
