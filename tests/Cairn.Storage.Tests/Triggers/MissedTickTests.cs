using Cairn.Core.Experiments;
using Cairn.Core.Triggers;

namespace Cairn.Storage.Tests.Triggers;

/// <summary>What becomes of ticks that pass while no server runs, and of workers that are lost, on a clock of the test's own.</summary>
public sealed class MissedTickTests
{
    [Theory]
    [InlineData(MissedTicks.One, 1)]
    [InlineData(MissedTicks.All, 7)]
    [InlineData(MissedTicks.Skip, 0)]
    public async Task A_week_without_a_server_is_made_up_for_as_the_trigger_says(MissedTicks missed, int jobs)
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var clock = new SettableClock(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
        await RegisterAsync(new TriggerDesk(fixture.Store.Triggers, clock), missed);
        await fixture.ReopenAsync();
        clock.Now += TimeSpan.FromDays(7);
        var desk = new TriggerDesk(fixture.Store.Triggers, clock);
        Assert.Equal(jobs, await desk.TickAsync(StoreFixture.Timeout));
        Assert.Equal(0, await desk.TickAsync(StoreFixture.Timeout));
        var made = await fixture.Store.Triggers.ListJobsAsync(new JobQuery(), StoreFixture.Timeout);
        Assert.Equal(jobs, made.Count);
        Assert.Equal(jobs, made.Select(job => job.At).Distinct().Count());

        // The next one comes in time, whatever was missed.
        clock.Now = new DateTimeOffset(2026, 1, 13, 3, 0, 0, 500, TimeSpan.Zero);
        Assert.Equal(1, await desk.TickAsync(StoreFixture.Timeout));
        Assert.Equal(new DateTimeOffset(2026, 1, 13, 3, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), (await fixture.Store.Triggers.ListJobsAsync(new JobQuery(), StoreFixture.Timeout))[0].At);
    }

    [Fact]
    public async Task A_job_whose_worker_is_silent_is_taken_again_under_a_greater_token_and_given_up_after_five()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var clock = new SettableClock(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
        var desk = new TriggerDesk(fixture.Store.Triggers, clock);
        await RegisterAsync(desk, MissedTicks.One);
        var trigger = (await fixture.Store.Triggers.ListTriggersAsync(null, StoreFixture.Timeout))[0];
        await desk.FireAsync(trigger.Id, "k", "eva", StoreFixture.Timeout);
        Job? before = null;
        for (var attempt = 1; attempt <= TriggerDesk.MostAttempts; attempt++)
        {
            var job = await desk.LeaseAsync($"w{attempt}", TimeSpan.FromSeconds(60), StoreFixture.Timeout);
            Assert.Equal((attempt, before?.RunId ?? job!.RunId), (job!.Attempt, job.RunId));
            Assert.Null(await desk.LeaseAsync("other", TimeSpan.FromSeconds(60), StoreFixture.Timeout));
            clock.Now += TimeSpan.FromSeconds(50);
            job = await desk.ProlongAsync(job.Id, job.Token, TimeSpan.FromSeconds(60), StoreFixture.Timeout);
            clock.Now += TimeSpan.FromSeconds(50);
            Assert.Null(await desk.LeaseAsync("other", TimeSpan.FromSeconds(60), StoreFixture.Timeout));
            clock.Now += TimeSpan.FromSeconds(11);
            if (before is { } old)
            {
                var refused = await Assert.ThrowsAsync<Core.CairnException>(() => desk.EndAsync(old.Id, old.Token, JobState.Finished, null, StoreFixture.Timeout));
                Assert.Equal(Core.ErrorCode.Conflict, refused.Code);
            }

            before = job;
        }

        Assert.Null(await desk.LeaseAsync("w6", TimeSpan.FromSeconds(60), StoreFixture.Timeout));
        var end = await desk.GetJobAsync(before!.Id, StoreFixture.Timeout);
        Assert.Equal((JobState.Failed, "its worker was lost 5 times"), (end.State, end.Message));
    }

    private static Task<RegisteredPipeline> RegisterAsync(TriggerDesk desk, MissedTicks missed) => desk.RegisterAsync(
        new RegisteredPipeline("nightly", ExperimentId.Default, new PipelineSource("folder", "/nowhere", null, "pipeline.yaml"), [], null, 0),
        [new NewTrigger("night", new TriggerSpec(TriggerKind.Schedule, "0 3 * * *", Missed: missed), [])],
        StoreFixture.Timeout);

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
