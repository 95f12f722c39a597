using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>Who this client is to the server.</summary>
    public Task<SessionInfo> WhoAmIAsync(CancellationToken cancellation = default) =>
        _api.GetAsync(ApiPath.Of("session"), CairnJson.Default.SessionInfo, cancellation);

    /// <summary>Users, by name.</summary>
    public async Task<IReadOnlyList<UserInfo>> ListUsersAsync(CancellationToken cancellation = default) =>
        (await _api.GetAsync(ApiPath.Of("users"), CairnJson.Default.UserList, cancellation)).Users;

    /// <summary>Adds a user (admins). Without a password, the server makes one and tells it this once.</summary>
    public Task<AddedUser> AddUserAsync(AddUserRequest request, CancellationToken cancellation = default) =>
        _api.PostAsync(ApiPath.Of("users"), request, CairnJson.Default.AddUserRequest, CairnJson.Default.AddedUser, cancellation);

    /// <summary>Makes a user an admin or not, active or not (admins).</summary>
    public Task<UserInfo> ChangeUserAsync(string user, ChangeUserRequest request, CancellationToken cancellation = default) =>
        _api.PatchAsync(UserPath(user), request, CairnJson.Default.ChangeUserRequest, CairnJson.Default.UserInfo, cancellation);

    /// <summary>What would end with a user, and what only admins would manage then (admins, or oneself).</summary>
    public Task<UserHoldings> GetHoldingsAsync(string user = "me", CancellationToken cancellation = default) =>
        _api.GetAsync(UserPath(user).Literal("holdings"), CairnJson.Default.UserHoldings, cancellation);

    /// <summary>Removes a user with all keys and sessions (admins). What the user made stays.</summary>
    public Task RemoveUserAsync(string user, CancellationToken cancellation = default) => _api.DeleteAsync(UserPath(user), cancellation);

    /// <summary>Sets a password. Null where one was given; else the one the server made.</summary>
    public async Task<string?> SetPasswordAsync(string user, SetPasswordRequest request, CancellationToken cancellation = default) =>
        (await _api.PutAsync(
            UserPath(user).Literal("password"), request, CairnJson.Default.SetPasswordRequest, CairnJson.Default.SetPasswordAnswer, cancellation)).Password;

    /// <summary>Keys of a user ("me": one's own), oldest first.</summary>
    public async Task<IReadOnlyList<KeyInfo>> ListKeysAsync(string user = "me", CancellationToken cancellation = default) =>
        (await _api.GetAsync(UserPath(user).Literal("keys"), CairnJson.Default.KeyList, cancellation)).Keys;

    /// <summary>Keys of all users, user by user (admins).</summary>
    public async Task<IReadOnlyList<KeyInfo>> ListAllKeysAsync(CancellationToken cancellation = default) =>
        (await _api.GetAsync(ApiPath.Of("keys"), CairnJson.Default.KeyList, cancellation)).Keys;

    /// <summary>Makes a key; it is told this once.</summary>
    public Task<AddedKey> AddKeyAsync(AddKeyRequest request, string user = "me", CancellationToken cancellation = default) =>
        _api.PostAsync(UserPath(user).Literal("keys"), request, CairnJson.Default.AddKeyRequest, CairnJson.Default.AddedKey, cancellation);

    /// <summary>Revokes a key: the next request with it is refused.</summary>
    public Task RevokeKeyAsync(long key, string user = "me", CancellationToken cancellation = default) =>
        _api.DeleteAsync(UserPath(user).Literal("keys").Segment(key.ToString(System.Globalization.CultureInfo.InvariantCulture), "key"), cancellation);

    private static ApiPath UserPath(string user) => ApiPath.Of("users").Segment(user, "user");
}
