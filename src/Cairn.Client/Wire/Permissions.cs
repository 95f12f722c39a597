namespace Cairn.Client.Wire;

/// <summary>What one user was given on an experiment or a registered model.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Permission">READ, EDIT, MANAGE or NO_PERMISSIONS.</param>
public sealed record PermissionInfo(string User, string Permission);

/// <summary>Answer of <c>GET …/permissions</c>: what users were given on one thing, by name.</summary>
/// <param name="Permissions">One for each user on whom something was said.</param>
/// <param name="Default">What holds for all others: of the server for an experiment; a model's others have what they have on its experiment.</param>
public sealed record PermissionList(IReadOnlyList<PermissionInfo> Permissions, string Default);

/// <summary>Body of <c>PUT …/permissions/{user}</c>.</summary>
/// <param name="Permission">READ, EDIT, MANAGE or NO_PERMISSIONS.</param>
public sealed record SetPermissionRequest(string Permission);
