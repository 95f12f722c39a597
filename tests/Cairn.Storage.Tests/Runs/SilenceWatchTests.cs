using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Storage.Tests.Runs;

/// <summary>Runs whose clients fall silent.</summary>
public sealed class SilenceWatchTests
{
    [Fact]
    public async Task A_silent_run_crashes_and_revives_when_it_is_heard_of_again()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var clock = new SettableClock { Now = DateTimeOffset.UtcNow };
        await using var watch = new SilenceWatch(fixture.Store.Runs, fixture.Journal, clock, NullLogger<SilenceWatch>.Instance);
        var started = clock.Now.ToUnixTimeMilliseconds();
        var beating = await fixture.Journal.CreateAsync(
            new NewRun(ExperimentId.Default, Content: new RunUpdate(RunId.New()) { HeartbeatAt = started }), StoreFixture.Timeout);
        var quiet = await fixture.Journal.CreateAsync(new NewRun(ExperimentId.Default), StoreFixture.Timeout);

        // The server has just started: everybody gets their time.
        clock.Now += SilenceWatch.Patience / 2;
        Assert.Equal(0, await watch.LookAsync(StoreFixture.Timeout));
        clock.Now += SilenceWatch.Patience;
        Assert.Equal(1, await watch.LookAsync(StoreFixture.Timeout));
        var runs = await fixture.Store.Runs.FindRunsAsync([beating.Id, quiet.Id], StoreFixture.Timeout);
        Assert.Equal([RunStatus.Crashed, RunStatus.Running], runs.Select(run => run.Status));
        Assert.Equal(started, runs[0].EndedAt);

        var revived = await fixture.Journal.ApplyAsync(new RunUpdate(beating.Id) { HeartbeatAt = started + 1 }, StoreFixture.Timeout);
        Assert.Equal(RunStatus.Running, revived.Status);
        Assert.Null(revived.EndedAt);
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
