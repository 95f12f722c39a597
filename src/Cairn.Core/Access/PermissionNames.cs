namespace Cairn.Core.Access;

/// <summary>The words for permissions: those of MLflow's clients, at every door.</summary>
public static class PermissionNames
{
    public static string Of(Permission permission) => permission switch
    {
        Permission.NoPermissions => "NO_PERMISSIONS",
        Permission.Read => "READ",
        Permission.Edit => "EDIT",
        Permission.Manage => "MANAGE",
        _ => throw new ArgumentOutOfRangeException(nameof(permission), permission, "No such permission."),
    };

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> for another word.</exception>
    public static Permission Parse(string? text, string field) => text switch
    {
        "NO_PERMISSIONS" => Permission.NoPermissions,
        "READ" => Permission.Read,
        "EDIT" => Permission.Edit,
        "MANAGE" => Permission.Manage,
        _ => throw CairnException.Invalid(field, $"Invalid permission '{(text is { Length: > 40 } ? text[..40] : text)}'. Valid permissions are: ('READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS')"),
    };
}
