namespace Cairn.Core.Accounts;

/// <summary>A key of a user for programs. The key itself is known to its holder only.</summary>
/// <param name="Id">Given by the store; never given twice.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Name">What it is for; unique among the user's keys.</param>
/// <param name="Hash">SHA-256 of the key, in lower-case hex.</param>
/// <param name="Hint">Its last four characters, to tell keys apart.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="ExpiresAt">Unix milliseconds; null for never.</param>
/// <param name="LastUsedAt">Unix milliseconds, behind by a minute at most; null where it was never used.</param>
public sealed record UserKey(long Id, UserId User, string Name, string Hash, string Hint, long CreatedAt, long? ExpiresAt, long? LastUsedAt);
