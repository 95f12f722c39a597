using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Archives;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Core.Datasets;
using Cairn.Core.EvaluationSets;
using Cairn.Core.Files;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Core.Scorers;
using Cairn.Core.Series;
using Cairn.Core.Sweeps;
using Cairn.Core.Traces;
using Cairn.Core.Uploads;
using Cairn.Core.Triggers;
using Cairn.Core.Views;
using Cairn.Core.Webhooks;
using Cairn.Storage.Access;
using Cairn.Storage.Accounts;
using Cairn.Storage.Archives;
using Cairn.Storage.Artifacts;
using Cairn.Storage.Blobs;
using Cairn.Storage.Datasets;
using Cairn.Storage.EvaluationSets;
using Cairn.Storage.Files;
using Cairn.Storage.LoggedModels;
using Cairn.Storage.Runs;
using Cairn.Storage.Scorers;
using Cairn.Storage.Series;
using Cairn.Storage.Sqlite;
using Cairn.Storage.Sweeps;
using Cairn.Storage.Traces;
using Cairn.Storage.Uploads;
using Cairn.Storage.Triggers;
using Cairn.Storage.Views;
using Cairn.Storage.Webhooks;
using Microsoft.Extensions.Logging;

namespace Cairn.Storage;

/// <summary>The cellar: everything a server remembers, in one data folder.</summary>
public sealed class CairnStore : IAsyncDisposable
{
    private readonly DataFolder folder;
    private readonly SqliteDatabase database;
    private readonly SeriesFolder seriesFolder;
    private readonly SqlWebhookStore webhooks;

    private CairnStore(DataFolder folder, SqliteDatabase database, HotTail hot, SeriesLog log, ILogger logger)
    {
        this.folder = folder;
        this.database = database;
        var keys = new RunKeys();
        seriesFolder = new SeriesFolder(database, hot, logger);
        Runs = new SqlRunStore(database, hot, log, seriesFolder, keys);
        Series = new SqlSeriesStore(database, hot, log, keys);
        var artifacts = new SqlArtifactStore(database, hot);
        Artifacts = artifacts;
        Drafts = artifacts;
        Collections = artifacts;
        Files = new SqlFileStore(database);
        Sweeps = new SqlSweepStore(database);
        Datasets = new SqlDatasetStore(database);
        LoggedModels = new SqlLoggedModelStore(database);
        Traces = new SqlTraceStore(database);
        EvaluationSets = new SqlEvaluationSetStore(database);
        Scorers = new SqlScorerStore(database);
        Views = new SqlSavedViewStore(database);
        webhooks = new SqlWebhookStore(database);
        Triggers = new SqlTriggerStore(database);
        Blobs = new DiskBlobStore(folder.Blobs);
        Parts = new DiskPartStore(folder.Uploads);
        Archive = new SqlArchiveStore(database);
        Accounts = new SqlAccountStore(database);
        Permissions = new SqlPermissionStore(database);
    }

    public IRunStore Runs { get; }

    public ISeriesStore Series { get; }

    public IArtifactStore Artifacts { get; }

    public IDraftStore Drafts { get; }

    public ICollectionStore Collections { get; }

    public IFileStore Files { get; }

    public ISweepStore Sweeps { get; }

    public IDatasetStore Datasets { get; }

    public ILoggedModelStore LoggedModels { get; }

    public ITraceStore Traces { get; }

    public IEvaluationSetStore EvaluationSets { get; }

    public IScorerStore Scorers { get; }

    public ISavedViewStore Views { get; }

    public IWebhookStore Webhooks => webhooks;

    public ITriggerStore Triggers { get; }

    public IBlobStore Blobs { get; }

    public IPartStore Parts { get; }

    public IArchiveStore Archive { get; }

    public IAccountStore Accounts { get; }

    public IPermissionStore Permissions { get; }

    public string Path => folder.Path;

    /// <summary>Takes hold of the folder, brings its schema up to date and reads what the last process left unfolded.</summary>
    /// <exception cref="Core.CairnException">The folder is held by another server, cannot be written, or is from a newer Cairn.</exception>
    public static async Task<CairnStore> OpenAsync(string path, ILogger<CairnStore> logger, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Open(path);
        SqliteDatabase? database = null;
        try
        {
            database = new SqliteDatabase(folder.Database);
            var hot = new HotTail();
            var log = new SeriesLog(database, hot);
            await log.ReplayAsync(cancellationToken);
            return new CairnStore(folder, database, hot, log, logger);
        }
        catch
        {
            if (database is not null)
            {
                await database.DisposeAsync();
            }

            folder.Dispose();
            throw;
        }
    }

    /// <summary>Moves all metric points from the write-ahead tail into their compressed place, and gives free pages back. Measurements and backups want that.</summary>
    public async Task CompactAsync(CancellationToken cancellationToken)
    {
        await seriesFolder.FoldAsync();
        await database.ReturnFreePagesAsync(cancellationToken);
        database.EmptyLog();
    }

    public async ValueTask DisposeAsync()
    {
        await seriesFolder.DisposeAsync();
        await database.DisposeAsync();
        webhooks.Dispose();
        folder.Dispose();
    }
}
