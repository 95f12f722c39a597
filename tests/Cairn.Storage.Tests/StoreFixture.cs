using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Storage.Tests;

/// <summary>A store on a folder of its own, with the journal in front of it; can be closed and opened again.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    private readonly string folder;

    private StoreFixture(string folder, CairnStore store)
    {
        this.folder = folder;
        Use(store);
    }

    public CairnStore Store { get; private set; } = null!;

    public RunJournal Journal { get; private set; } = null!;

    public string Folder => Store.Path;

    public static CancellationToken Timeout => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public static async Task<StoreFixture> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("cairn-store-").FullName;
        return new StoreFixture(folder, await CairnStore.OpenAsync(Path.Combine(folder, "data"), NullLogger<CairnStore>.Instance, Timeout));
    }

    public async Task ReopenAsync()
    {
        var path = Store.Path;
        await Journal.DisposeAsync();
        await Store.DisposeAsync();
        Use(await CairnStore.OpenAsync(path, NullLogger<CairnStore>.Instance, Timeout));
    }

    /// <summary>A copy of the data as a power cut at this moment would leave it, opened as the next server would.</summary>
    public async Task<StoreFixture> CrashAsync()
    {
        var copy = Directory.CreateTempSubdirectory("cairn-crash-").FullName;

        // Two files are not copied in one moment. While a reader looks at the one, what is in the other is not moved into it
        // and then written over by what comes next (a fold in the background).
        using var reader = new SqliteConnection($"Data Source={Path.Combine(Store.Path, "cairn.db")};Mode=ReadOnly;Pooling=False");
        reader.Open();
        using var view = reader.BeginTransaction(deferred: true);
        using (var look = reader.CreateCommand())
        {
            look.CommandText = "SELECT COUNT(*) FROM sqlite_master";
            look.ExecuteScalar();
        }

        foreach (var file in new[] { "cairn.db", "cairn.db-wal" }.Select(name => Path.Combine(Store.Path, name)).Where(File.Exists))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return new StoreFixture(copy, await CairnStore.OpenAsync(copy, NullLogger<CairnStore>.Instance, Timeout));
    }

    public Task<Run> CreateRunAsync(string? name = null, params IReadOnlyList<Param> parameters) =>
        Journal.CreateAsync(new NewRun(ExperimentId.Default, Name: name, Params: parameters), Timeout);

    public Task LogAsync(Run run, string key, params IEnumerable<MetricPoint> points) =>
        Journal.ApplyAsync(new RunUpdate(run.Id) { Points = [.. points.Select(point => new SeriesPoint(key, point))] }, Timeout);

    public async Task<IReadOnlyList<MetricPoint>> ReadAsync(Run run, string key) =>
        (await Store.Series.ReadAsync(run.Id, key, StepRange.All, Timeout)).Points;

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private void Use(CairnStore store)
    {
        Store = store;
        Journal = new RunJournal(store.Runs, new RunFeed(), TimeProvider.System, NullLogger<RunJournal>.Instance);
    }
}
