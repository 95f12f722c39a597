namespace Cairn.Core.Accounts;

/// <summary>What is to become of a user; null leaves a field as it is.</summary>
/// <param name="IsAdmin">See <see cref="User"/>.</param>
/// <param name="IsActive">See <see cref="User"/>. Ending it ends the user's sessions.</param>
/// <param name="PasswordHash">The new password's. It ends the user's sessions.</param>
public sealed record UserChange(bool? IsAdmin = null, bool? IsActive = null, string? PasswordHash = null);
