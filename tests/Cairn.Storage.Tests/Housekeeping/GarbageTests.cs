using System.Text;
using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Housekeeping;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Core.Series;
using Cairn.Core.Uploads;
using Cairn.Storage.Files;

namespace Cairn.Storage.Tests.Housekeeping;

public sealed class GarbageTests
{
    [Fact]
    public async Task Only_deleted_runs_go_and_their_files_with_them()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var files = Files(fixture);
        var (kept, gone) = (await fixture.CreateRunAsync("kept", Param.Text("p", "1")), await fixture.CreateRunAsync("gone", Param.Text("p", "1")));
        foreach (var run in new[] { kept, gone })
        {
            await fixture.LogAsync(run, "loss", Enumerable.Range(0, 5000).Select(i => new MetricPoint(i, i, i * 0.37)));
            await PutAsync(files, run, "own.txt", $"of {run.Id}");
            await PutAsync(files, run, "shared.txt", "the same in both");
        }

        await DeleteAsync(fixture, gone);
        var promise = await Collector(fixture).CollectAsync(TimeSpan.Zero, dryRun: true, StoreFixture.Timeout);
        Assert.Equal((1, 1, true), (promise.Runs, promise.Blobs, promise.IsDryRun));
        Assert.NotNull(await fixture.Store.Runs.FindRunAsync(gone.Id, StoreFixture.Timeout));

        var report = await Collector(fixture).CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout);
        Assert.Equal((1, 0, 1, $"of {gone.Id}".Length), (report.Runs, report.Experiments, report.Blobs, (int)report.BlobBytes));
        Assert.True(report.DatabaseBytes > 0);
        Assert.Null(await fixture.Store.Runs.FindRunAsync(gone.Id, StoreFixture.Timeout));
        Assert.Equal(5000, (await fixture.ReadAsync(kept, "loss")).Count);
        Assert.Equal("the same in both", await ReadAsync(files, kept, "shared.txt"));

        // The number in the store that the run had may be given again: nothing of the old run may show.
        var next = await fixture.CreateRunAsync("next");
        await fixture.ReopenAsync();
        Assert.Empty(await fixture.ReadAsync(next, "loss"));
        Assert.Empty((await fixture.Store.Runs.FindRunAsync(next.Id, StoreFixture.Timeout))!.Params);
        var again = await Collector(fixture).CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout);
        Assert.Equal((0, 0, 0), (again.Runs, again.Blobs, again.Experiments));
    }

    [Fact]
    public async Task What_was_deleted_lately_or_restored_stays()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var (young, restored) = (await fixture.CreateRunAsync(), await fixture.CreateRunAsync());
        await DeleteAsync(fixture, young);
        await DeleteAsync(fixture, restored);
        await fixture.Journal.ApplyAsync(new RunUpdate(restored.Id) { Lifecycle = Lifecycle.Active }, StoreFixture.Timeout);
        Assert.Equal(0, (await Collector(fixture, hours: 3).CollectAsync(TimeSpan.FromHours(4), dryRun: false, StoreFixture.Timeout)).Runs);
        Assert.Equal(1, (await Collector(fixture, hours: 3).CollectAsync(TimeSpan.FromHours(2), dryRun: false, StoreFixture.Timeout)).Runs);
        Assert.NotNull(await fixture.Store.Runs.FindRunAsync(restored.Id, StoreFixture.Timeout));
    }

    [Fact]
    public async Task Young_contents_and_those_just_asked_for_stay()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var blob = await fixture.Store.Blobs.WriteAsync(new MemoryStream("loose"u8.ToArray()), null, null, StoreFixture.Timeout);
        Assert.Equal(0, (await Collector(fixture, hours: 0).CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout)).Blobs);
        var path = Path.Combine(fixture.Folder, "blobs", blob.Digest.Value[..2], blob.Digest.Value[2..]);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
        Assert.NotNull(await fixture.Store.Blobs.FindAsync(blob.Digest, StoreFixture.Timeout));
        Assert.Equal(0, (await Collector(fixture, hours: 0).CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout)).Blobs);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
        Assert.Equal(1, (await Collector(fixture, hours: 0).CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout)).Blobs);
        Assert.Null(await fixture.Store.Blobs.FindAsync(blob.Digest, StoreFixture.Timeout));
    }

    [Fact]
    public async Task A_deleted_experiment_goes_with_its_runs_and_its_number_is_not_given_again()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var catalog = new ExperimentCatalog(fixture.Store.Runs, fixture.Journal, TimeProvider.System);
        var experiment = await catalog.CreateAsync(new NewExperiment("old", Tags: new Dictionary<string, string> { ["a"] = "b" }), StoreFixture.Timeout);
        var run = await fixture.Journal.CreateAsync(new NewRun(experiment.Id), StoreFixture.Timeout);
        await catalog.UpdateAsync(experiment.Id, new ExperimentChange(Lifecycle: Lifecycle.Deleted), StoreFixture.Timeout);
        var report = await Collector(fixture).CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout);
        Assert.Equal((1, 1), (report.Runs, report.Experiments));
        Assert.Null(await fixture.Store.Runs.FindExperimentAsync(experiment.Id, StoreFixture.Timeout));
        await Assert.ThrowsAsync<CairnException>(() => fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Lifecycle = Lifecycle.Active }, StoreFixture.Timeout));
        var next = await catalog.CreateAsync(new NewExperiment("new"), StoreFixture.Timeout);
        Assert.True(next.Id.Value > experiment.Id.Value);
        Assert.NotNull(await fixture.Store.Runs.FindExperimentAsync(ExperimentId.Default, StoreFixture.Timeout));
    }

    [Fact]
    public async Task Runs_written_meanwhile_lose_nothing()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var doomed = new List<Run>();
        for (var i = 0; i < 120; i++)
        {
            var run = await fixture.CreateRunAsync(null, Param.Text("p", "x"));
            await fixture.LogAsync(run, "loss", new MetricPoint(0, 0, i));
            await DeleteAsync(fixture, run);
            doomed.Add(run);
        }

        var collecting = Collector(fixture).CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout);
        var writers = Enumerable.Range(0, 8).Select(async writer =>
        {
            var run = await fixture.CreateRunAsync();
            for (var step = 0; step < 40; step++)
            {
                await fixture.LogAsync(run, "loss", new MetricPoint(step, step, writer));
            }

            return run;
        }).ToList();
        Assert.Equal(doomed.Count, (await collecting).Runs);
        foreach (var run in await Task.WhenAll(writers))
        {
            Assert.Equal(40, (await fixture.ReadAsync(run, "loss")).Count);
        }

        await using var crashed = await fixture.CrashAsync();
        Assert.Equal(8, (await crashed.Store.Runs.SearchRunsAsync(new RunQuery([], LifecycleFilter.All, null, [], 1000, 0), StoreFixture.Timeout)).Count);
    }

    [Fact]
    public async Task Plain_files_of_runs_in_the_bin_go_with_them_and_nothing_else()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var place = Directory.CreateDirectory(Path.Combine(fixture.Folder, "plain")).FullName;
        var shared = new SharedFolders(new PlainFolder(place));
        var tree = new FileTree(fixture.Store.Files, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System, shared);
        var catalog = new ExperimentCatalog(fixture.Store.Runs, fixture.Journal, TimeProvider.System);
        var experiment = await catalog.CreateAsync(new NewExperiment("old"), StoreFixture.Timeout);
        var inOld = await fixture.Journal.CreateAsync(new NewRun(experiment.Id), StoreFixture.Timeout);
        var (kept, gone) = (await fixture.CreateRunAsync("kept"), await fixture.CreateRunAsync("gone"));
        foreach (var run in new[] { kept, gone, inOld })
        {
            await PutAsync(tree, run, "deep/file.txt", "12345");
        }

        await tree.PutAsync(FileOwner.Server, $"{experiment.Id}/models/m-1/artifacts/w.bin", new MemoryStream([1, 2, 3]), null, null, StoreFixture.Timeout);
        await File.WriteAllTextAsync(Path.Combine(place, "somebody else's.txt"), "x", StoreFixture.Timeout);
        await DeleteAsync(fixture, gone);
        await catalog.UpdateAsync(experiment.Id, new ExperimentChange(Lifecycle: Lifecycle.Deleted), StoreFixture.Timeout);
        var collector = new GarbageCollector(
            fixture.Store.Runs, fixture.Store.Files, fixture.Store.Blobs, new PartedUploads(fixture.Store.Parts, TimeProvider.System), fixture.Journal, new LaterClock(TimeSpan.FromHours(2)), tree);

        var promise = await collector.CollectAsync(TimeSpan.Zero, dryRun: true, StoreFixture.Timeout);
        Assert.Equal((2, 10L), (promise.PlainFiles, promise.PlainBytes));
        Assert.Equal(5, Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Count());
        var report = await collector.CollectAsync(TimeSpan.Zero, dryRun: false, StoreFixture.Timeout);
        Assert.Equal((2, 1, 3, 13L), (report.Runs, report.Experiments, report.PlainFiles, report.PlainBytes));
        Assert.Equal(
            [$"0/{kept.Id}/artifacts/deep/file.txt", "somebody else's.txt"],
            Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(place, path).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(place, "0", gone.Id.Value)));
    }

    private static GarbageCollector Collector(StoreFixture fixture, int hours = 2) =>
        new(fixture.Store.Runs, fixture.Store.Files, fixture.Store.Blobs, new PartedUploads(fixture.Store.Parts, TimeProvider.System), fixture.Journal, new LaterClock(TimeSpan.FromHours(hours)));

    private static FileTree Files(StoreFixture fixture) => new(fixture.Store.Files, fixture.Store.Blobs, fixture.Store.Runs, new RunFeed(), TimeProvider.System);

    private static Task<StoredFile> PutAsync(FileTree files, Run run, string path, string content) =>
        files.PutAsync(FileOwner.Of(run.Id), path, new MemoryStream(Encoding.UTF8.GetBytes(content)), null, null, StoreFixture.Timeout);

    private static async Task<string> ReadAsync(FileTree files, Run run, string path)
    {
        var (_, content) = await files.OpenAsync(FileOwner.Of(run.Id), path, StoreFixture.Timeout);
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync();
    }

    private static Task<Run> DeleteAsync(StoreFixture fixture, Run run) =>
        fixture.Journal.ApplyAsync(new RunUpdate(run.Id) { Lifecycle = Lifecycle.Deleted }, StoreFixture.Timeout);

    /// <summary>A clock that is ahead: contents and deletions are old by it.</summary>
    private sealed class LaterClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + ahead;
    }
}
