using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Storage.Tests.Runs;

public sealed class RunJournalTests
{
    [Fact]
    public async Task A_refused_update_does_not_sink_its_neighbours()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync(null, Param.Text("lr", "0.1"));
        var writes = Enumerable.Range(0, 200).Select(i => fixture.Journal.ApplyAsync(
            i % 2 == 0
                ? new RunUpdate(run.Id) { Points = [new SeriesPoint("m", new MetricPoint(i, i, i))] }
                : new RunUpdate(run.Id) { Params = [Param.Text("lr", "0.2")], Points = [new SeriesPoint("m", new MetricPoint(i, i, i))] },
            StoreFixture.Timeout)).ToList();
        for (var i = 0; i < writes.Count; i++)
        {
            if (i % 2 == 0)
            {
                await writes[i];
            }
            else
            {
                var conflict = await Assert.ThrowsAsync<ParamConflictException>(() => writes[i]);
                Assert.Equal(new ParamConflict("lr", "0.1", "0.2"), Assert.Single(conflict.Conflicts));
            }
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => 2L * i), (await fixture.ReadAsync(run, "m")).Select(point => point.Step));
    }

    [Fact]
    public async Task The_same_parameter_again_is_accepted_and_a_number_equals_its_text()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync(null, Param.Text("lr", "0.10"), Param.Text("name", "a"));
        await fixture.Journal.ApplyAsync(
            new RunUpdate(run.Id) { Params = [new Param("lr", ParamKind.Number, "0.1"), Param.Text("name", "a"), new Param("deep", ParamKind.Boolean, "true")] },
            StoreFixture.Timeout);
        var found = (await fixture.Store.Runs.FindRunAsync(run.Id, StoreFixture.Timeout))!;
        Assert.Equal(["deep", "lr", "name"], found.Params.Select(param => param.Key));
        Assert.Equal("0.10", found.Params[1].Value);
    }

    [Fact]
    public async Task Creating_the_same_id_again_answers_the_same_run()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var id = RunId.New();
        var first = await fixture.Journal.CreateAsync(new NewRun(ExperimentId.Default, Id: id, Name: "a"), StoreFixture.Timeout);
        var second = await fixture.Journal.CreateAsync(new NewRun(ExperimentId.Default, Id: id, Name: "b"), StoreFixture.Timeout);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_deleted_run_takes_nothing_until_it_is_restored()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Lifecycle = Lifecycle.Deleted }, StoreFixture.Timeout);
        var refusal = await Assert.ThrowsAsync<CairnException>(() => fixture.LogAsync(run, "m", new MetricPoint(0, 0, 0)));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Lifecycle = Lifecycle.Active }, StoreFixture.Timeout);
        await fixture.LogAsync(run, "m", new MetricPoint(0, 0, 0));
    }

    [Fact]
    public async Task Deleting_an_experiment_deletes_its_runs_also_for_writers_that_know_them()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = new ExperimentCatalog(fixture.Store.Runs, fixture.Journal, TimeProvider.System);
        var experiment = await catalog.EnsureAsync(new NewExperiment("e"), StoreFixture.Timeout);
        var run = await fixture.Journal.CreateAsync(new NewRun(experiment.Id), StoreFixture.Timeout);
        await catalog.UpdateAsync(experiment.Id, new ExperimentChange(Lifecycle: Lifecycle.Deleted), StoreFixture.Timeout);
        await Assert.ThrowsAsync<CairnException>(() => fixture.LogAsync(run, "m", new MetricPoint(0, 0, 0)));
        await catalog.UpdateAsync(experiment.Id, new ExperimentChange(Lifecycle: Lifecycle.Active), StoreFixture.Timeout);
        await fixture.LogAsync(run, "m", new MetricPoint(0, 0, 0));
    }

    [Fact]
    public async Task A_final_status_ends_the_run_and_running_again_reopens_it()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        var ended = await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Status = RunStatus.Failed }, StoreFixture.Timeout);
        Assert.NotNull(ended.EndedAt);
        var resumed = await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Status = RunStatus.Running }, StoreFixture.Timeout);
        Assert.Null(resumed.EndedAt);
    }

    [Fact]
    public async Task Log_lines_are_kept_by_number_and_can_be_rewritten()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Logs = [new LogLine(0, 1, false, "10 %"), new LogLine(1, 1, true, "oops")] }, StoreFixture.Timeout);
        await fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Logs = [new LogLine(0, 2, false, "100 %")] }, StoreFixture.Timeout);
        var page = await fixture.Store.Runs.ReadLogsAsync(run.Id, -1, 10, StoreFixture.Timeout);
        Assert.Equal([new LogLine(0, 2, false, "100 %"), new LogLine(1, 1, true, "oops")], page.Lines);
        Assert.Equal(2, page.Total);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("half a surrogate pair")]
    public async Task A_key_that_cannot_be_kept_is_refused_by_name(string key)
    {
        // Written here because a test's name cannot carry it.
        key = key.StartsWith("half", StringComparison.Ordinal) ? "a\ud800" : key;
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        var refusal = await Assert.ThrowsAsync<CairnException>(() => fixture.LogAsync(run, key, new MetricPoint(0, 0, 0)));
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.Equal("points[0].key", refusal.Field);
    }

    [Fact]
    public async Task Subscribers_hear_of_changes_after_they_are_on_disk_merged_by_run()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var feed = new RunFeed();
        await using var journal = new RunJournal(fixture.Store.Runs, feed, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<RunJournal>.Instance);
        var run = await journal.CreateAsync(new NewRun(ExperimentId.Default), StoreFixture.Timeout);
        using var subscription = feed.Subscribe(run.Id);
        await journal.ApplyAsync(new RunUpdate(run.Id) { Tags = [new TagChange("a", "b")] }, StoreFixture.Timeout);
        await journal.ApplyAsync(new RunUpdate(run.Id) { Points = [new SeriesPoint("m", new MetricPoint(0, 0, 0))] }, StoreFixture.Timeout);
        var seen = RunChanges.None;
        while (seen != (RunChanges.Tags | RunChanges.Series))
        {
            seen |= Assert.Single(await subscription.ReadAsync(StoreFixture.Timeout)).Changes;
        }
    }

    [Fact]
    public async Task What_is_acknowledged_has_been_told_before()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var feed = new RunFeed();
        await using var journal = new RunJournal(fixture.Store.Runs, feed, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<RunJournal>.Instance);
        for (var i = 0; i < 100; i++)
        {
            using var everything = feed.Subscribe();
            var run = await journal.CreateAsync(new NewRun(ExperimentId.Default), StoreFixture.Timeout);
            using var later = feed.Subscribe(run.Id);
            var heard = everything.ReadAsync(StoreFixture.Timeout);
            Assert.True(heard.IsCompletedSuccessfully, "The news of it were still to come.");
            Assert.Equal(run.Id, Assert.Single(await heard).RunId);
            using var waiting = new CancellationTokenSource();
            var late = later.ReadAsync(waiting.Token);
            Assert.False(late.IsCompleted, "Who came after it hears of it.");
            await waiting.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        }
    }
}
