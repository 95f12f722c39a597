namespace Cairn.Core.Accounts;

/// <summary>All that is remembered about users.</summary>
/// <param name="Users">By name.</param>
/// <param name="PasswordHashes">Of users that have a password.</param>
/// <param name="Keys">By number.</param>
/// <param name="Sessions">By number; those that are over too.</param>
public sealed record AccountRecords(
    IReadOnlyList<User> Users,
    IReadOnlyDictionary<UserId, string> PasswordHashes,
    IReadOnlyList<UserKey> Keys,
    IReadOnlyList<UserSession> Sessions);
