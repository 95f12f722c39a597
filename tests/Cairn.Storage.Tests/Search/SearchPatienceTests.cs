using Cairn.Core;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Tests.Search;

/// <summary>Searches that would never end (case 104 of docs/security.md): they are given up, and hold up nobody meanwhile.</summary>
public sealed class SearchPatienceTests : IAsyncLifetime
{
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";

    private readonly string folder = Directory.CreateTempSubdirectory("cairn-patience-").FullName;
    private SqliteDatabase database = null!;

    public ValueTask InitializeAsync()
    {
        database = new SqliteDatabase(Path.Combine(folder, "cairn.db"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_search_that_takes_too_long_is_given_up_with_the_remedy_and_its_reader_goes_on()
    {
        for (var i = 0; i < 6; i++)
        {
            var refusal = await Assert.ThrowsAsync<CairnException>(() => SearchAsync(TimeSpan.FromMilliseconds(100), StoreFixture.Timeout));
            Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
            Assert.Contains("Narrow it", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, await database.SearchAsync(session => session.Number("SELECT 1"), StoreFixture.Timeout));
    }

    [Fact]
    public async Task Work_for_somebody_who_went_away_ends()
    {
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => database.ReadAsync(session => session.Number(Endless), gone.Token)));
        Assert.Equal(1, await database.ReadAsync(session => session.Number("SELECT 1"), StoreFixture.Timeout));
    }

    [Fact]
    public async Task Endless_searches_leave_a_reader_to_the_others_and_those_that_wait_too_long_are_told_to_come_again()
    {
        using var ending = new CancellationTokenSource();
        var endless = Enumerable.Range(0, 3).Select(_ => SearchAsync(TimeSpan.FromMinutes(10), ending.Token)).ToList();
        var timeout = StoreFixture.Timeout;
        CairnException? refusal;
        do
        {
            // Until the three have begun, this one gets its turn; where the machine is slow, too late to make use of it.
            refusal = await Record.ExceptionAsync(() => database.SearchAsync(session => session.Number("SELECT 1"), TimeSpan.FromMilliseconds(50), timeout)) as CairnException;
            timeout.ThrowIfCancellationRequested();
        }
        while (refusal is null or { Code: ErrorCode.InvalidArgument });

        Assert.Equal(ErrorCode.Unavailable, refusal.Code);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(1, await database.ReadAsync(session => session.Number("SELECT 1"), StoreFixture.Timeout));
            await database.WriteAsync(session => session.Execute("CREATE TABLE IF NOT EXISTS written (a)"), StoreFixture.Timeout);
        }

        await ending.CancelAsync();
        foreach (var search in endless)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        }
    }

    private Task<long> SearchAsync(TimeSpan patience, CancellationToken cancellation) =>
        Task.Run(() => database.SearchAsync(session => session.Number(Endless), patience, cancellation));
}
