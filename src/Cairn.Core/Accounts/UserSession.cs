namespace Cairn.Core.Accounts;

/// <summary>A browser in which a user has logged in. The token is known to that browser only.</summary>
/// <param name="Id">Given by the store; never given twice.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Hash">SHA-256 of the token, in lower-case hex.</param>
/// <param name="Agent">What the browser calls itself; null where it says nothing.</param>
/// <param name="Address">Where it logged in from; null where that is not known.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="SeenAt">Last request, Unix milliseconds, behind by a minute at most.</param>
public sealed record UserSession(long Id, UserId User, string Hash, string? Agent, string? Address, long CreatedAt, long SeenAt);
