using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>What users were given on an experiment, by name of the user. For those who manage it.</summary>
    /// <param name="experiment">Name or id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<PermissionList> ListExperimentPermissionsAsync(string experiment, CancellationToken cancellation = default) =>
        _api.GetAsync(PermissionsOf(experiment), CairnJson.Default.PermissionList, cancellation);

    /// <summary>Gives a user a permission on an experiment, in place of what was given before. For those who manage it.</summary>
    /// <param name="experiment">Name or id.</param>
    /// <param name="user">Name of the user.</param>
    /// <param name="permission">READ, EDIT, MANAGE or NO_PERMISSIONS.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<PermissionInfo> SetExperimentPermissionAsync(string experiment, string user, string permission, CancellationToken cancellation = default) =>
        SetPermissionAsync(PermissionsOf(experiment).Segment(user, "user"), permission, cancellation);

    /// <summary>Takes back what was said of a user on an experiment: what holds by default holds again.</summary>
    public Task RemoveExperimentPermissionAsync(string experiment, string user, CancellationToken cancellation = default) =>
        _api.DeleteAsync(PermissionsOf(experiment).Segment(user, "user"), cancellation);

    /// <summary>What users were given on a registered model, by name of the user. For those who manage it.</summary>
    /// <param name="model">Its name in the registry.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<PermissionList> ListModelPermissionsAsync(string model, CancellationToken cancellation = default) =>
        _api.GetAsync(ApiPath.Of("models/permissions").Query("model", model), CairnJson.Default.PermissionList, cancellation);

    /// <summary>Gives a user a permission on a registered model, in place of what was given before. For those who manage it.</summary>
    /// <param name="model">Its name in the registry.</param>
    /// <param name="user">Name of the user.</param>
    /// <param name="permission">READ, EDIT, MANAGE or NO_PERMISSIONS.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<PermissionInfo> SetModelPermissionAsync(string model, string user, string permission, CancellationToken cancellation = default) =>
        SetPermissionAsync(ApiPath.Of("models/permissions").Segment(user, "user").Query("model", model), permission, cancellation);

    /// <summary>Takes back what was said of a user on a registered model: what holds for its experiment holds again.</summary>
    public Task RemoveModelPermissionAsync(string model, string user, CancellationToken cancellation = default) =>
        _api.DeleteAsync(ApiPath.Of("models/permissions").Segment(user, "user").Query("model", model), cancellation);

    private Task<PermissionInfo> SetPermissionAsync(ApiPath path, string permission, CancellationToken cancellation) =>
        _api.PutAsync(path, new SetPermissionRequest(permission), CairnJson.Default.SetPermissionRequest, CairnJson.Default.PermissionInfo, cancellation);

    private static ApiPath PermissionsOf(string experiment) => ApiPath.Of("experiments").Segment(experiment, "experiment").Literal("permissions");
}
