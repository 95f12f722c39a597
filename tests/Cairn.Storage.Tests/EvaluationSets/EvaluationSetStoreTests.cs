using Cairn.Core;
using Cairn.Core.EvaluationSets;
using Cairn.Core.Experiments;

namespace Cairn.Storage.Tests.EvaluationSets;

public sealed class EvaluationSetStoreTests
{
    [Fact]
    public async Task A_set_comes_back_as_it_was_made_also_after_a_restart()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var set = Set("d-1") with { Tags = new Dictionary<string, string> { ["a"] = "b" }, Experiments = [ExperimentId.Default] };
        await fixture.Store.EvaluationSets.CreateAsync(set, StoreFixture.Timeout);
        await fixture.ReopenAsync();
        var found = (await fixture.Store.EvaluationSets.FindAsync("d-1", StoreFixture.Timeout))!;
        Assert.Equal(set with { Tags = found.Tags, Experiments = found.Experiments }, found);
        Assert.Equal(("b", ExperimentId.Default), (found.Tags["a"], found.Experiments[0]));
        Assert.Null(await fixture.Store.EvaluationSets.FindAsync("d-none", StoreFixture.Timeout));
    }

    [Fact]
    public async Task Records_with_the_same_inputs_are_merged_in_one_transaction()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.EvaluationSets;
        await store.CreateAsync(Set("d-1"), StoreFixture.Timeout);
        Assert.Equal(2, await MergeAsync(store, ["k1", "k2"]));
        Assert.Equal(1, await MergeAsync(store, ["k2", "k3"]));
        var set = (await store.FindAsync("d-1", StoreFixture.Timeout))!;
        Assert.Equal((3, "after 3"), (set.RecordCount, set.Digest));
        await Assert.ThrowsAsync<CairnException>(() => store.MergeAsync("d-1", ["k4"], (_, _) => throw CairnException.Invalid("x", "no"), before => before, StoreFixture.Timeout));
        Assert.Equal(3, (await store.FindAsync("d-1", StoreFixture.Timeout))!.RecordCount);

        var first = await store.ReadRecordsAsync("d-1", null, 2, StoreFixture.Timeout);
        Assert.Equal(["dr-k1", "dr-k2"], first.Select(record => record.Id));
        Assert.Equal(2, first[1].UpdatedAt);
        var rest = await store.ReadRecordsAsync("d-1", new RecordPosition(first[1].CreatedAt, first[1].Id), 2, StoreFixture.Timeout);
        Assert.Equal(["dr-k3"], rest.Select(record => record.Id));
    }

    [Fact]
    public async Task Tags_and_ties_change_and_a_missing_set_is_said()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.EvaluationSets;
        await store.CreateAsync(Set("d-1"), StoreFixture.Timeout);
        await store.SetTagsAsync("d-1", new Dictionary<string, string?> { ["a"] = "1", ["b"] = "2" }, StoreFixture.Timeout);
        await store.SetTagsAsync("d-1", new Dictionary<string, string?> { ["a"] = null }, StoreFixture.Timeout);
        await store.TieAsync("d-1", [ExperimentId.Default, new ExperimentId(7)], remove: false, StoreFixture.Timeout);
        await store.TieAsync("d-1", [ExperimentId.Default], remove: false, StoreFixture.Timeout);
        await store.TieAsync("d-1", [new ExperimentId(7)], remove: true, StoreFixture.Timeout);
        var set = (await store.FindAsync("d-1", StoreFixture.Timeout))!;
        Assert.Equal(["b"], set.Tags.Keys);
        Assert.Equal([ExperimentId.Default], set.Experiments);
        await RefusedAsync(store.SetTagsAsync("d-none", new Dictionary<string, string?> { ["a"] = "1" }, StoreFixture.Timeout));
        await RefusedAsync(store.TieAsync("d-none", [ExperimentId.Default], remove: false, StoreFixture.Timeout));
        await RefusedAsync(MergeAsync(store, ["k"], "d-none"));
    }

    [Fact]
    public async Task Sets_are_found_newest_first_and_go_with_their_records()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.EvaluationSets;
        await store.CreateAsync(Set("d-1") with { CreatedAt = 1, Experiments = [ExperimentId.Default] }, StoreFixture.Timeout);
        await store.CreateAsync(Set("d-2") with { CreatedAt = 2 }, StoreFixture.Timeout);
        await MergeAsync(store, ["k"]);
        Assert.Equal(["d-2", "d-1"], (await SearchAsync(store)).Select(set => set.Id));
        Assert.Equal(["d-1"], (await SearchAsync(store, ExperimentId.Default)).Select(set => set.Id));
        await store.RemoveAsync("d-1", StoreFixture.Timeout);
        await store.RemoveAsync("d-1", StoreFixture.Timeout);
        Assert.Empty(await store.ReadRecordsAsync("d-1", null, 10, StoreFixture.Timeout));
        Assert.Equal(["d-2"], (await SearchAsync(store)).Select(set => set.Id));
    }

    private static Task<IReadOnlyList<EvaluationSet>> SearchAsync(IEvaluationSetStore store, params ExperimentId[] experiments) =>
        store.SearchAsync(new EvaluationSetQuery(experiments, [], [], 10, 0), StoreFixture.Timeout);

    private static Task<int> MergeAsync(IEvaluationSetStore store, IReadOnlyList<string> keys, string set = "d-1") => store.MergeAsync(
        set,
        keys,
        (old, i) => old is null ? new EvaluationRecord($"dr-{keys[i]}", "{}", null, null, null, null, 1, 1, null, null) : old with { UpdatedAt = 2 },
        before => before with { Digest = $"after {before.RecordCount}" },
        StoreFixture.Timeout);

    private static EvaluationSet Set(string id) => new(id, "golden", "0", new Dictionary<string, string>(), null, 0, 5, 6, "me", "you", []);

    private static async Task RefusedAsync(Task task) =>
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<CairnException>(() => task)).Code);
}
