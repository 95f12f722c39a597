using Cairn.Core;
using Cairn.Core.Accounts;

namespace Cairn.Storage.Tests.Accounts;

/// <summary>What ends by itself: sessions, keys, limits. With the real store and a clock that can be set.</summary>
public sealed class AccountTimeTests : IAsyncLifetime
{
    private const string Password = "four unlikely words of mine";

    private readonly SettableClock clock = new();
    private readonly PasswordHasher hasher = new();
    private StoreFixture fixture = null!;
    private AccountBook book = null!;
    private Authenticator authenticator = null!;
    private AccountDesk desk = null!;

    private static CancellationToken Timeout => StoreFixture.Timeout;

    public async ValueTask InitializeAsync()
    {
        fixture = await StoreFixture.OpenAsync();
        await OpenAsync();
        await desk.AddAsync("ada", Password, isAdmin: true, Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        await book.DisposeAsync();
        await fixture.DisposeAsync();
        hasher.Dispose();
    }

    [Fact]
    public async Task A_session_ends_after_three_days_without_a_request()
    {
        var token = await LogInAsync();
        clock.Forward(AccountBook.SessionIdle - TimeSpan.FromHours(1));
        Assert.NotNull(authenticator.BySession(token));
        clock.Forward(AccountBook.SessionIdle - TimeSpan.FromHours(1));
        Assert.NotNull(authenticator.BySession(token));
        clock.Forward(AccountBook.SessionIdle);
        Assert.Null(authenticator.BySession(token));
        Assert.Empty(desk.ListSessions("ada"));
    }

    [Fact]
    public async Task A_session_ends_after_thirty_days_also_where_it_is_used_and_a_restart_does_not_prolong_it()
    {
        var token = await LogInAsync();
        for (var day = 0; day < 29; day++)
        {
            clock.Forward(TimeSpan.FromDays(1));
            Assert.NotNull(authenticator.BySession(token));
            if (day == 15)
            {
                await book.DisposeAsync();
                await OpenAsync();
            }
        }

        clock.Forward(TimeSpan.FromDays(1));
        Assert.Null(authenticator.BySession(token));
    }

    [Fact]
    public async Task A_key_ends_when_it_was_said_to_and_when_it_was_used_is_known_after_a_restart()
    {
        var until = clock.GetUtcNow().AddDays(7).ToUnixTimeMilliseconds();
        var (record, key) = await desk.AddKeyAsync("ada", "week", until, Timeout);
        clock.Forward(TimeSpan.FromDays(2));
        var used = clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal("ada", authenticator.ByKey(Secrets.Digest(key))?.Name);
        await book.DisposeAsync();
        await OpenAsync();
        Assert.Equal((record.Id, used), (Assert.Single(desk.ListKeys("ada")).Id, Assert.Single(desk.ListKeys("ada")).LastUsedAt));
        clock.Forward(TimeSpan.FromDays(5));
        Assert.Null(authenticator.ByKey(Secrets.Digest(key)));
    }

    [Fact]
    public async Task Who_guessed_too_often_may_try_again_after_the_window_and_right_ones_do_not_count()
    {
        for (var i = 0; i < AttemptLimit.PerUserAndAddress; i++)
        {
            Assert.Null(await authenticator.ByPasswordAsync("ada", $"a wrong password {i}", "10.0.0.1", Timeout));
        }

        await RefusedAsync("ada", "10.0.0.1");
        Assert.NotNull(await authenticator.ByPasswordAsync("ada", Password, "10.0.0.2", Timeout));
        clock.Forward(AttemptLimit.Window);
        for (var i = 0; i < 2 * AttemptLimit.PerUserAndAddress; i++)
        {
            clock.Forward(TimeSpan.FromSeconds(10));
            Assert.NotNull(await authenticator.ByPasswordAsync("ada", Password, "10.0.0.1", Timeout));
        }
    }

    [Fact]
    public async Task Guesses_of_one_user_from_many_addresses_and_of_many_users_from_one_address_are_limited_too()
    {
        var limit = new AttemptLimit(clock);
        for (var i = 0; i < AttemptLimit.PerUser; i++)
        {
            limit.Take("ada", $"10.0.{i / 250}.{i % 250}");
        }

        Assert.Equal(ErrorCode.TooManyAttempts, Assert.Throws<CairnException>(() => limit.Take("ADA", "10.9.9.9")).Code);
        limit.Take("bo", "10.9.9.9");
        for (var i = 0; i < AttemptLimit.PerAddress; i++)
        {
            limit.Take($"user{i}", "10.7.7.7");
        }

        Assert.Throws<CairnException>(() => limit.Take("another", "10.7.7.7"));
        await RefusedNoneAsync();
    }

    [Fact]
    public async Task A_number_of_a_removed_user_is_never_given_again()
    {
        var (bo, _) = await desk.AddAsync("bo", Password, isAdmin: false, Timeout);
        await desk.RemoveAsync("bo", Timeout);
        var (again, _) = await desk.AddAsync("bo", Password, isAdmin: false, Timeout);
        Assert.NotEqual(bo.Id, again.Id);
        Assert.Null(book.Find(bo.Id));
    }

    private async Task RefusedAsync(string name, string address) =>
        Assert.Equal(ErrorCode.TooManyAttempts, (await Assert.ThrowsAsync<CairnException>(() => authenticator.ByPasswordAsync(name, Password, address, Timeout))).Code);

    private async Task RefusedNoneAsync() => Assert.NotNull(await authenticator.ByPasswordAsync("ada", Password, "10.1.1.1", Timeout));

    private async Task<string> LogInAsync() => (await desk.LogInAsync("ada", Password, "10.0.0.1", "a browser", Timeout))!.Value.Token;

    private async Task OpenAsync()
    {
        book = await AccountBook.OpenAsync(fixture.Store.Accounts, clock, Timeout);
        authenticator = new Authenticator(book, hasher, new AttemptLimit(clock), clock);
        desk = new AccountDesk(book, fixture.Store.Accounts, hasher, authenticator, clock);
    }

    private sealed class SettableClock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now;

        public void Forward(TimeSpan by) => now += by;
    }
}
