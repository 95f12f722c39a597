using Cairn.Core;
using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Experiments;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Access;

/// <summary>Who may do what with an experiment, or with a registered model: the calls of MLflow's basic authentication.</summary>
/// <param name="desk">What is known of it.</param>
/// <param name="answer">Name of the object in answers.</param>
/// <param name="field">What the thing is called in requests and answers.</param>
/// <param name="placeOf">The thing of that name.</param>
internal sealed class PermissionEndpoints(PermissionDesk desk, string answer, string field, Func<string, GrantPlace> placeOf)
{
    public static PermissionEndpoints OfExperiments(PermissionDesk desk) => new(
        desk,
        "experiment_permission",
        "experiment_id",
        text => ExperimentId.TryParse(text, out var id) ? GrantPlace.Of(id) : throw CairnException.NotFound($"No Experiment with id={text} exists"));

    public static PermissionEndpoints OfModels(PermissionDesk desk) => new(desk, "registered_model_permission", "name", GrantPlace.Of);

    public static IEnumerable<MlflowRoute> Routes(PermissionDesk desk)
    {
        var (experiments, models) = (OfExperiments(desk), OfModels(desk));
        return
        [
            new("POST", "2.0/mlflow/experiments/permissions/create", "createExperimentPermission", experiments.CreateAsync),
            new("GET", "2.0/mlflow/experiments/permissions/get", "getExperimentPermission", experiments.GetAsync),
            new("PATCH", "2.0/mlflow/experiments/permissions/update", "updateExperimentPermission", experiments.UpdateAsync),
            new("DELETE", "2.0/mlflow/experiments/permissions/delete", "deleteExperimentPermission", experiments.DeleteAsync),
            new("POST", "2.0/mlflow/registered-models/permissions/create", "createRegisteredModelPermission", models.CreateAsync),
            new("GET", "2.0/mlflow/registered-models/permissions/get", "getRegisteredModelPermission", models.GetAsync),
            new("PATCH", "2.0/mlflow/registered-models/permissions/update", "updateRegisteredModelPermission", models.UpdateAsync),
            new("DELETE", "2.0/mlflow/registered-models/permissions/delete", "deleteRegisteredModelPermission", models.DeleteAsync),
        ];
    }

    private async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, username) = (fields.RequiredId(field), fields.RequiredText("username"));
        var permission = PermissionNames.Parse(fields.RequiredText("permission"), "permission");
        var user = await desk.SetAsync(placeOf(name), username, permission, GrantWrite.Add, context.RequestAborted);
        await AnswerAsync(context, name, user, permission);
    }

    private async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, username) = (fields.RequiredId(field), fields.RequiredText("username"));
        var (user, permission) = await desk.GetAsync(placeOf(name), username, context.RequestAborted);
        await AnswerAsync(context, name, user, permission);
    }

    private async Task UpdateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, username) = (fields.RequiredId(field), fields.RequiredText("username"));
        var permission = PermissionNames.Parse(fields.RequiredText("permission"), "permission");
        try
        {
            await desk.SetAsync(placeOf(name), username, permission, GrantWrite.Change, context.RequestAborted);
        }
        catch (CairnException missing) when (missing.Code == ErrorCode.NotFound)
        {
            // In MLflow's words: which of user, thing and permission it is that is missing.
            await desk.GetAsync(placeOf(name), username, context.RequestAborted);
            throw;
        }

        await JsonAnswer.EmptyAsync(context);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await desk.RemoveAsync(placeOf(fields.RequiredId(field)), fields.RequiredText("username"), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    private Task AnswerAsync(HttpContext context, string name, User user, Permission permission) =>
        JsonAnswer.WriteAsync(context, (answer, field, name, user, permission), static (writer, given) =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject(given.answer);
            writer.WriteString(given.field, given.name);
            writer.WriteNumber("user_id"u8, given.user.Id.Value);
            writer.WriteString("permission"u8, PermissionNames.Of(given.permission));
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
}
