namespace Cairn.Core.Accounts;

/// <content>Browsers that are logged in.</content>
public sealed partial class AccountDesk
{
    private const int MostSessions = 50;
    private const int LongestAgent = 200;

    /// <summary>Logs a browser in.</summary>
    /// <returns>The user and the token for the browser; null where name or password is wrong, without saying which.</returns>
    /// <exception cref="CairnException"><see cref="ErrorCode.TooManyAttempts"/>.</exception>
    public async Task<(User User, string Token)?> LogInAsync(string name, string password, string address, string? agent, CancellationToken cancellationToken)
    {
        if (await authenticator.ByPasswordAsync(name, password, address, cancellationToken) is not { } user)
        {
            return null;
        }

        var token = Secrets.MakeToken();
        var session = new UserSession(0, user.Id, Secrets.Hash(token), agent is { Length: > LongestAgent } ? agent[..LongestAgent] : agent, address, Now, Now);
        await book.ChangeAsync(
            async () =>
            {
                // Somebody who logs in by a program again and again pushes out the oldest, not the disk.
                var kept = book.SessionsOf(user.Id);
                if (kept.Count >= MostSessions)
                {
                    await store.RemoveSessionsAsync([.. kept.OrderBy(old => old.SeenAt).Take(kept.Count - MostSessions + 1).Select(old => old.Id)], CancellationToken.None);
                }

                return await store.AddSessionAsync(session, CancellationToken.None);
            },
            cancellationToken);
        return (user, token);
    }

    /// <summary>Ends the session of a token, wherever the token is. Nothing happens where there is none.</summary>
    public async Task LogOutAsync(string token, CancellationToken cancellationToken)
    {
        if (authenticator.BySession(token) is { } found)
        {
            await EndAsync([found.Session.Id], cancellationToken);
        }
    }

    public IReadOnlyList<UserSession> ListSessions(string user)
    {
        RequireSelfOrAdmin(user, "see the sessions of others");
        return book.SessionsOf(Get(user).Id);
    }

    /// <summary>Ends one session, or, with null, all of a user.</summary>
    public Task EndSessionsAsync(string user, long? session, CancellationToken cancellationToken)
    {
        var ended = ListSessions(user).Where(known => session is null || known.Id == session).Select(known => known.Id).ToList();
        return session is null || ended.Count > 0
            ? EndAsync(ended, cancellationToken)
            : throw CairnException.NotFound($"'{user}' has no session {session}.");
    }

    private Task<bool> EndAsync(List<long> sessions, CancellationToken cancellationToken) =>
        book.ChangeAsync(
            async () =>
            {
                await store.RemoveSessionsAsync(sessions, CancellationToken.None);
                return true;
            },
            cancellationToken);
}
