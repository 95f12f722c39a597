namespace Cairn.Core.Accounts;

/// <summary>Somebody who may use the server.</summary>
/// <param name="Id">Given by the store.</param>
/// <param name="Name">Unique without regard to letter case; <see cref="UserNames"/> says what it may be.</param>
/// <param name="IsAdmin">May do everything, and manage users.</param>
/// <param name="IsActive">False where nothing of this user is accepted any more: no password, key or session.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
public sealed record User(UserId Id, string Name, bool IsAdmin, bool IsActive, long CreatedAt);
