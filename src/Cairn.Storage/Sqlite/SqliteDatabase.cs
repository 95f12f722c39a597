using System.Collections.Concurrent;
using System.Threading.Channels;
using Cairn.Core;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Sqlite;

/// <summary>
/// One SQLite file: a single writer that commits everything that waits in one transaction, and a few readers that see
/// the last commit. A write that fails takes back its own changes only; when the commit itself fails, nobody's happened.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int Readers = 4;
    private const int QueueLength = 512;

    /// <summary>KiB. What a search over 100,000 runs and its page of 100 touch is some 3 MiB; in SQLite's usual 2 it would be read again every time.</summary>
    private const string ReaderCache = "PRAGMA cache_size = -6144";

    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(30);

    private readonly string file;
    private readonly Channel<Work> queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly ConcurrentBag<SqlSession> idleReaders = [];
    private readonly SemaphoreSlim readerSlots = new(Readers);
    private readonly SemaphoreSlim searchSlots = new(Readers - 1);
    private readonly SqlSession writerSession;
    private readonly Task writer;

    /// <summary>
    /// A session is used by one caller at a time: SQLite need not lock it again for every column that is read, nor count its
    /// memory under a lock. Both must be said before its first use, and are refused, harmlessly, after it.
    /// </summary>
    static SqliteDatabase()
    {
        SQLitePCL.Batteries_V2.Init();
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public SqliteDatabase(string file)
    {
        this.file = file;
        try
        {
            writerSession = Open(SqliteOpenMode.ReadWriteCreate);

            // A setting of the file, which must precede its first table. Setting it again would write, and flush, at every start.
            if (writerSession.Number("PRAGMA auto_vacuum") == 0)
            {
                writerSession.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            }

            // WAL with FULL: a commit is on disk when it returns, and readers never wait for the writer.
            writerSession.Execute("PRAGMA journal_mode = WAL");
            writerSession.Execute("PRAGMA synchronous = FULL");
            writerSession.Execute("PRAGMA journal_size_limit = 16777216");
            Migrate();
        }
        catch (SqliteException fault)
        {
            writerSession?.Dispose();
            throw Translate(fault);
        }

        writer = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Runs <paramref name="work"/> on a reader that sees every commit that was acknowledged before this call.</summary>
    public async Task<T> ReadAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken)
    {
        await readerSlots.WaitAsync(cancellationToken);
        try
        {
            if (!idleReaders.TryTake(out var session))
            {
                session = Open(SqliteOpenMode.ReadOnly);
                session.Execute("PRAGMA case_sensitive_like = ON");
                session.Execute(ReaderCache);
                session.AddFunction("regexp", new PatternMatch().IsMatch);
            }

            // One snapshot for all statements of the work, so that what it puts together belongs together.
            session.Execute("BEGIN");
            session.EndWith(cancellationToken);
            try
            {
                return work(session);
            }
            finally
            {
                session.EndWith(CancellationToken.None);
                session.Execute("COMMIT");
                idleReaders.Add(session);
            }
        }
        catch (SqliteException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SqliteException fault)
        {
            throw Translate(fault);
        }
        finally
        {
            readerSlots.Release();
        }
    }

    /// <summary>
    /// A read that clients put together, which may be of any cost: it is given up after a while, and all of them together
    /// leave a reader to the others.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> where it took too long, <see cref="ErrorCode.Unavailable"/> where it did not even begin.</exception>
    public Task<T> SearchAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) => SearchAsync(work, SearchPatience, cancellationToken);

    public async Task<T> SearchAsync<T>(Func<SqlSession, T> work, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await searchSlots.WaitAsync(patience, cancellationToken))
        {
            throw new CairnException(ErrorCode.Unavailable, "Too many long searches are under way. Try again later.");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(patience);
        try
        {
            return await ReadAsync(work, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CairnException(ErrorCode.InvalidArgument, $"The search was given up after {patience.TotalSeconds:0.#} seconds. Narrow it: fewer experiments, fewer conditions, or conditions that compare instead of looking into texts.");
        }
        finally
        {
            searchSlots.Release();
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction. When the task completes the changes are on disk.
    /// </summary>
    /// <param name="work">Reads and writes through the session; throwing takes its changes back.</param>
    /// <param name="committed">Runs on the writer right after the commit, before anyone hears of it and before the next write.</param>
    public async Task<T> WriteAsync<T>(Func<SqlSession, T> work, Action<T>? committed, CancellationToken cancellationToken)
    {
        var item = new Work<T>(work, committed);
        await queue.Writer.WriteAsync(item, cancellationToken);
        return await item.Answer.Task;
    }

    public Task<T> WriteAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) => WriteAsync(work, null, cancellationToken);

    /// <summary>Gives unused pages back to the file system, where there are many, in transactions of a few milliseconds.</summary>
    public async Task ReturnFreePagesAsync(CancellationToken cancellationToken)
    {
        const int few = 256;
        const int pagesPerStep = 1000;
        while (await ReadAsync(session => session.Number("PRAGMA freelist_count"), cancellationToken) > few)
        {
            // Each row that is read frees a page; without reading, only the first would go.
            await WriteAsync(session => session.Query($"PRAGMA incremental_vacuum({pagesPerStep})", _ => 0).Count, cancellationToken);
        }
    }

    /// <summary>Bytes of the pages in use.</summary>
    public Task<long> SizeAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            session => (session.Number("PRAGMA page_count") - session.Number("PRAGMA freelist_count")) * session.Number("PRAGMA page_size"),
            cancellationToken);

    /// <summary>Copies the write-ahead log into the database and empties it.</summary>
    public void EmptyLog()
    {
        // On a connection of its own: on the writer, a transaction may be open.
        using var session = Open(SqliteOpenMode.ReadWrite);
        session.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writer;
        while (idleReaders.TryTake(out var session))
        {
            session.Dispose();
        }

        writerSession.Dispose();
        readerSlots.Dispose();
        searchSlots.Dispose();
    }

    private SqlSession Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();

        // SQLite has the operator but no regular expressions. This kind needs time linear in the text, whatever the pattern.
        connection.CreateFunction<string?, string?, bool>("regexp", static (pattern, text) => SqlRegex.IsMatch(pattern, text), isDeterministic: true);
        return new SqlSession(connection);
    }

    private void Migrate()
    {
        var done = (int)writerSession.Number("PRAGMA user_version");
        if (done > Schema.Migrations.Count)
        {
            throw new CairnException(
                ErrorCode.FailedPrecondition,
                $"{file} was written by a newer Cairn (schema {done}; this one knows {Schema.Migrations.Count}). Install that version or a later one.");
        }

        for (var next = done; next < Schema.Migrations.Count; next++)
        {
            writerSession.Execute("BEGIN");
            writerSession.Execute(Schema.Migrations[next]);
            writerSession.Execute(FormattableString.Invariant($"PRAGMA user_version = {next + 1}"));
            writerSession.Execute("COMMIT");
        }
    }

    private void Write()
    {
        var batch = new List<Work>();
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < QueueLength && queue.Reader.TryRead(out var work))
            {
                batch.Add(work);
            }

            Commit(batch);
        }
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            writerSession.Execute("BEGIN IMMEDIATE");
            foreach (var work in batch)
            {
                Attempt(work);
            }

            writerSession.Execute("COMMIT");
        }
#pragma warning disable CA1031 // Every caller of the batch hears of it; the writer must go on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            RollBack();
            var translated = fault is SqliteException sqlite ? Translate(sqlite) : fault;
            foreach (var work in batch)
            {
                work.Fail(translated);
            }

            return;
        }

        foreach (var work in batch)
        {
            work.Succeed();
        }
    }

    private void Attempt(Work work)
    {
        writerSession.Execute("SAVEPOINT work");
        try
        {
            work.Run(writerSession);
        }
        catch (CairnException refusal)
        {
            writerSession.Execute("ROLLBACK TO work");

            // Told after the commit: what it was refused for may be a neighbour's write, which nobody can read before.
            work.Refuse(refusal);
        }

        writerSession.Execute("RELEASE work");
    }

    private void RollBack()
    {
        try
        {
            writerSession.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (a full disk does that): there is no transaction left to end.
        }
    }

    private CairnException Translate(SqliteException fault)
    {
        const int full = 13;
        const int ioError = 10;
        var isFull = fault.SqliteErrorCode == full
            || (fault.SqliteErrorCode == ioError && new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace < 1 << 20);
        return isFull
            ? new CairnException(ErrorCode.StorageFull, $"The disk of {file} is full: nothing was written. Free some space and try again.", inner: fault)
            : new CairnException(ErrorCode.Internal, $"The database {file} failed: {fault.Message}", inner: fault);
    }

    private abstract class Work
    {
        public abstract void Run(SqlSession session);

        public abstract void Succeed();

        public abstract void Refuse(CairnException refusal);

        public abstract void Fail(Exception fault);
    }

    private sealed class Work<T>(Func<SqlSession, T> work, Action<T>? committed) : Work
    {
        private T? result;
        private CairnException? refused;

        public TaskCompletionSource<T> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Run(SqlSession session) => result = work(session);

        public override void Succeed()
        {
            if (refused is not null)
            {
                Answer.SetException(refused);
                return;
            }

            committed?.Invoke(result!);
            Answer.SetResult(result!);
        }

        public override void Refuse(CairnException refusal) => refused = refusal;

        public override void Fail(Exception fault) => Answer.TrySetException(fault);
    }
}
