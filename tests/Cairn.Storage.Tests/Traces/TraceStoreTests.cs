using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Traces;

namespace Cairn.Storage.Tests.Traces;

public sealed class TraceStoreTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public async Task A_trace_comes_back_as_it_was_put_and_the_second_time_keeps_what_it_has()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.Traces;
        await store.PutAsync(New("tr-1", at: 5) with { Tags = new Dictionary<string, string> { ["a"] = "1" }, RequestPreview = "in" }, StoreFixture.Timeout);
        await store.PutAsync(New("tr-1", at: 6) with { Duration = null, State = TraceState.Error, Tags = new Dictionary<string, string> { ["b"] = "2" } }, StoreFixture.Timeout);
        await fixture.ReopenAsync();
        var found = Assert.Single(await fixture.Store.Traces.FindAsync(["tr-1", "tr-none", "tr-1"], StoreFixture.Timeout));
        Assert.Equal((6L, 10L, TraceState.Error, "in"), (found.At, found.Duration, found.State, found.RequestPreview));
        Assert.Equal(["a", "b"], found.Tags.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Spans_may_come_before_their_trace_and_make_it_grow()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.Traces;
        await store.AddSpansAsync(New("tr-1", at: 2000) with { Duration = null, State = TraceState.InProgress }, [Part("child", "root", 1_000_000_000, 1_500_000_000)], StoreFixture.Timeout);
        await store.AddSpansAsync(New("tr-1", at: 2000), [Part("root", null, 900_000_000, 2_500_000_000)], StoreFixture.Timeout);
        await store.AddSpansAsync(New("tr-1", at: 2000), [Part("root", null, 900_000_000, 2_500_000_000)], StoreFixture.Timeout);
        var trace = Assert.Single(await store.FindAsync(["tr-1"], StoreFixture.Timeout));
        Assert.Equal((900L, 1600L, TraceState.Ok), (trace.At, trace.Duration, trace.State));
        Assert.Equal(["root", "child"], (await store.ReadSpansAsync("tr-1", StoreFixture.Timeout)).Select(span => span.Id));
        Assert.Empty(await store.ReadSpansAsync("tr-none", StoreFixture.Timeout));
    }

    [Fact]
    public async Task Tags_change_and_what_is_not_there_is_said()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.Traces;
        await store.PutAsync(New("tr-1"), StoreFixture.Timeout);
        await store.UpdateAsync("tr-1", new TraceChange(EndedAt: 105, State: TraceState.Error, Tags: new Dictionary<string, string> { ["a"] = "1" }), StoreFixture.Timeout);
        await store.UpdateAsync("tr-1", new TraceChange(RemoveTag: "a"), StoreFixture.Timeout);
        var trace = Assert.Single(await store.FindAsync(["tr-1"], StoreFixture.Timeout));
        Assert.Equal((100L, TraceState.Error, 0), (trace.Duration, trace.State, trace.Tags.Count));
        await RefusedAsync(store.UpdateAsync("tr-1", new TraceChange(RemoveTag: "a"), StoreFixture.Timeout));
        await RefusedAsync(store.UpdateAsync("tr-none", new TraceChange(State: TraceState.Ok), StoreFixture.Timeout));
    }

    [Fact]
    public async Task An_assessment_that_overrides_another_takes_its_place_until_it_is_removed()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.Traces;
        await store.PutAsync(New("tr-1"), StoreFixture.Timeout);
        await store.AddAssessmentAsync(Judged("a-1", overrides: null), StoreFixture.Timeout);
        await store.AddAssessmentAsync(Judged("a-2", overrides: "a-1"), StoreFixture.Timeout);
        Assert.Equal([("a-1", false), ("a-2", true)], (await store.FindAsync(["tr-1"], StoreFixture.Timeout))[0].Assessments.Select(one => (one.Id, one.IsValid)));
        await store.RemoveAssessmentAsync("tr-1", "a-2", StoreFixture.Timeout);
        await store.RemoveAssessmentAsync("tr-1", "a-2", StoreFixture.Timeout);
        Assert.True((await store.GetAssessmentAsync("tr-1", "a-1", StoreFixture.Timeout)).IsValid);
        var changed = await store.UpdateAssessmentAsync("tr-1", "a-1", one => one with { Rationale = "why" }, StoreFixture.Timeout);
        Assert.Equal("why", changed.Rationale);
        await Assert.ThrowsAsync<CairnException>(() => store.UpdateAssessmentAsync("tr-1", "a-1", _ => throw CairnException.Invalid("x", "no"), StoreFixture.Timeout));
        Assert.Equal(changed with { Metadata = None }, await store.GetAssessmentAsync("tr-1", "a-1", StoreFixture.Timeout) with { Metadata = None });
        await RefusedAsync(store.GetAssessmentAsync("tr-1", "a-2", StoreFixture.Timeout));
        await RefusedAsync(store.AddAssessmentAsync(Judged("a-3", overrides: "a-none"), StoreFixture.Timeout));
        await RefusedAsync(store.AddAssessmentAsync(Judged("a-3", overrides: null) with { TraceId = "tr-none" }, StoreFixture.Timeout));
    }

    [Fact]
    public async Task Traces_are_found_newest_first_and_removed_with_all_that_is_theirs()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var store = fixture.Store.Traces;
        var run = await fixture.CreateRunAsync();
        for (var i = 0; i < 4; i++)
        {
            await store.PutAsync(New($"tr-{i}", at: i), StoreFixture.Timeout);
        }

        await store.LinkAsync(["tr-0", "tr-none", "tr-0"], run.Id, StoreFixture.Timeout);
        await store.AddAssessmentAsync(Judged("a-1", null) with { TraceId = "tr-0" }, StoreFixture.Timeout);
        Assert.Equal(["tr-3", "tr-2"], (await store.SearchAsync(new TraceQuery([ExperimentId.Default], [], [], 2, 0), StoreFixture.Timeout)).Select(trace => trace.Id));
        Assert.Equal(4, await store.CountAsync([ExperimentId.Default], [], StoreFixture.Timeout));
        Assert.Equal(["tr-0", "tr-1"], await store.RemoveAsync(new TraceRemoval(ExperimentId.Default, [], UpTo: 2, Most: 2), StoreFixture.Timeout));
        Assert.Empty(await store.RemoveAsync(new TraceRemoval(new ExperimentId(9), ["tr-3"], null, null), StoreFixture.Timeout));
        await store.PutAsync(New("tr-0", at: 9), StoreFixture.Timeout);
        Assert.Empty((await store.FindAsync(["tr-0"], StoreFixture.Timeout))[0].Assessments);
    }

    private static Trace New(string id, long at = 5) => new(id, ExperimentId.Default, at, 10, TraceState.Ok, null, null, null, None, None, []);

    private static Span Part(string id, string? parent, long start, long end) => new(id, parent, id, null, "OK", start, end, "{}");

    private static Assessment Judged(string id, string? overrides) =>
        new(id, "tr-1", null, "good", false, "HUMAN", "me", "true", null, null, None, overrides, true, 1, 2);

    private static async Task RefusedAsync(Task task) =>
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<CairnException>(() => task)).Code);
}
