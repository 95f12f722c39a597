using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Accounts;

/// <summary>Users as MLflow's server has them when it is started with <c>--app-name basic-auth</c>.</summary>
internal sealed class UserEndpoints(AccountDesk desk, PermissionDesk permissions)
{
    private const string UsersPage = "/settings/users";

    /// <summary>Under <c>/api/…</c> and <c>/ajax-api/…</c>.</summary>
    public IReadOnlyList<MlflowRoute> Api =>
    [
        new("POST", "2.0/mlflow/users/create", "createUser", CreateAsync),
        new("POST", "2.0/mlflow/users/create-ui", "createUserUi", CreateByFormAsync),
        new("GET", "2.0/mlflow/users/get", "getUser", GetAsync),
        new("PATCH", "2.0/mlflow/users/update-password", "updateUserPassword", UpdatePasswordAsync),
        new("PATCH", "2.0/mlflow/users/update-admin", "updateUserAdmin", UpdateAdminAsync),
        new("DELETE", "2.0/mlflow/users/delete", "deleteUser", DeleteAsync),
    ];

    /// <summary>At the root. MLflow's form for a new user is here the page of users.</summary>
    public static IReadOnlyList<MlflowRoute> Root { get; } = [new("GET", "/signup", "signup", ShowUsersAsync)];

    private async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, password) = (Filled(fields, "username"), Filled(fields, "password"));
        var (user, _) = await InWordsAsync(name, () => desk.AddAsync(name, password, isAdmin: IsFirst, context.RequestAborted));
        await AnswerAsync(context, user);
    }

    private async Task CreateByFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            throw CairnException.Invalid("Content-Type", "Bad Request. Content-Type must be 'application/x-www-form-urlencoded'; programs use users/create.");
        }

        // A form is what pages of other sites can send too, with whatever the browser has by heart.
        if (context.Request.Headers.Origin.Count == 0)
        {
            throw new CairnException(ErrorCode.Forbidden, "A form must come from a page of this server (Origin). Programs use users/create.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var name = Given(form, "username");
        await InWordsAsync(name, () => desk.AddAsync(name, Given(form, "password"), isAdmin: IsFirst, context.RequestAborted));
        context.Response.Redirect(UsersPage);
    }

    private async Task GetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("username");
        await AnswerAsync(context, await InWordsAsync(name, () => Task.FromResult(desk.GetOwn(name))));
    }

    private async Task UpdatePasswordAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, password) = (fields.RequiredText("username"), fields.RequiredText("password"));
        var (current, address) = (fields.Text("current_password"), context.Connection.RemoteIpAddress?.ToString() ?? "");
        await InWordsAsync(name, () => desk.SetPasswordAsync(name, password, current, address, context.RequestAborted));
        await JsonAnswer.EmptyAsync(context);
    }

    private async Task UpdateAdminAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("username");
        var isAdmin = fields.Flag("is_admin") ?? throw RequestFields.Missing("is_admin");
        await InWordsAsync(name, () => desk.ChangeAsync(name, isAdmin, isActive: null, context.RequestAborted));
        await JsonAnswer.EmptyAsync(context);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var name = fields.RequiredText("username");
        await InWordsAsync(name, () => desk.RemoveAsync(name, context.RequestAborted));
        await JsonAnswer.EmptyAsync(context);
    }

    private static Task ShowUsersAsync(HttpContext context)
    {
        context.Response.Redirect(UsersPage);
        return Task.CompletedTask;
    }

    // MLflow's server begins with an admin that everybody knows the password of; here the first user is the admin.
    private bool IsFirst => desk.List().Count == 0;

    /// <summary>What MLflow says of users, by which its clients' code knows what is the matter.</summary>
    private static async Task<T> InWordsAsync<T>(string name, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (CairnException refusal) when (refusal.Code == ErrorCode.NotFound)
        {
            throw CairnException.NotFound($"User with username={name} not found");
        }
        catch (CairnException refusal) when (refusal.Code == ErrorCode.AlreadyExists)
        {
            throw new CairnException(ErrorCode.AlreadyExists, $"User (username={name}) already exists.", "username");
        }
        catch (CairnException refusal) when (refusal.Code == ErrorCode.Forbidden)
        {
            throw new CairnException(ErrorCode.Forbidden, $"Permission denied. {refusal.Message}", refusal.Field);
        }
    }

    private static string Filled(RequestFields fields, string name) => fields.Text(name) is { Length: > 0 } text ? text
        : throw CairnException.Invalid(name, $"{char.ToUpperInvariant(name[0])}{name[1..]} cannot be empty.");

    private static string Given(IFormCollection form, string name) => form[name] is [{ Length: > 0 } value] ? value : throw RequestFields.Missing(name);

    private async Task AnswerAsync(HttpContext context, User user) =>
        await JsonAnswer.WriteAsync(context, (user, Grants: await permissions.ListOfAsync(user, context.RequestAborted)), static (writer, given) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("user"u8);
            Write(writer, given.user, given.Grants);
            writer.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter writer, User user, UserGrants grants)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, user.Id.Value);
        writer.WriteString("username"u8, user.Name);
        writer.WriteBoolean("is_admin"u8, user.IsAdmin);
        writer.WriteStartArray("experiment_permissions"u8);
        foreach (var (experiment, permission) in grants.Experiments)
        {
            Write(writer, "experiment_id"u8, experiment.ToString(), user, permission);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("registered_model_permissions"u8);
        foreach (var model in grants.Models)
        {
            Write(writer, "name"u8, model.Name, user, model.Permission);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> field, string thing, User user, Permission permission)
    {
        writer.WriteStartObject();
        writer.WriteString(field, thing);
        writer.WriteNumber("user_id"u8, user.Id.Value);
        writer.WriteString("permission"u8, PermissionNames.Of(permission));
        writer.WriteEndObject();
    }
}
