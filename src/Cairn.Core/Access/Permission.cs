namespace Cairn.Core.Access;

/// <summary>What somebody may do with an experiment or a registered model. Each includes those before it.</summary>
public enum Permission
{
    /// <summary>Nothing: it is not even seen.</summary>
    NoPermissions = 0,

    /// <summary>Look at everything in it.</summary>
    Read = 1,

    /// <summary>Add to it and change what is in it.</summary>
    Edit = 2,

    /// <summary>Delete, and say who else may do what.</summary>
    Manage = 3,
}
