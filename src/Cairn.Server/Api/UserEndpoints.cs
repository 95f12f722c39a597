using System.Globalization;
using Cairn.Core;
using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Experiments;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Users, their passwords, keys and sessions. "me" in place of a name is who asks.</summary>
internal static class UserEndpoints
{
    public static Task List(HttpContext http) => http.WriteJsonAsync(new Wire.UserList([.. Desk(http).List().Select(ToWire)]));

    public static Task Get(HttpContext http) => http.WriteJsonAsync(ToWire(Desk(http).Get(Name(http))));

    public static async Task Add(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.AddUserRequest>();
        var (user, password) = await Desk(http).AddAsync(request.Name, request.Password, request.IsAdmin, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.AddedUser(ToWire(user), password));
    }

    public static async Task Change(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.ChangeUserRequest>();
        await http.WriteJsonAsync(ToWire(await Desk(http).ChangeAsync(Name(http), request.IsAdmin, request.IsActive, http.RequestAborted)));
    }

    public static async Task Holdings(HttpContext http)
    {
        const int named = 10;
        var user = Desk(http).GetOwn(Name(http));
        var (experiments, models) = await http.RequestServices.GetRequiredService<PermissionDesk>().ListManagedAloneAsync(user, http.RequestAborted);
        var catalog = http.RequestServices.GetRequiredService<ExperimentCatalog>();
        var names = new List<string>();
        foreach (var experiment in experiments.Take(named))
        {
            names.Add((await catalog.GetAsync(experiment.ToString(), http.RequestAborted)).Name);
        }

        names.AddRange(models.Take(named - names.Count).Select(model => model.Name));
        await http.WriteJsonAsync(new Wire.UserHoldings(
            Desk(http).ListKeys(user.Name).Count, Desk(http).ListSessions(user.Name).Count, experiments.Count, models.Count, names));
    }

    public static async Task Remove(HttpContext http)
    {
        await Desk(http).RemoveAsync(Name(http), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task SetPassword(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.SetPasswordRequest>();
        var made = await Desk(http).SetPasswordAsync(Name(http), request.Password, request.Current, RequestGuard.Address(http), http.RequestAborted);
        await http.WriteJsonAsync(new Wire.SetPasswordAnswer(made));
    }

    public static Task ListKeys(HttpContext http)
    {
        var keys = Desk(http).ListKeys(Name(http));
        var owner = Desk(http).Get(Name(http)).Name;
        return http.WriteJsonAsync(new Wire.KeyList([.. keys.Select(key => ToWire(owner, key))]));
    }

    public static Task ListAllKeys(HttpContext http) =>
        http.WriteJsonAsync(new Wire.KeyList([.. Desk(http).ListAllKeys().Select(found => ToWire(found.Owner.Name, found.Key))]));

    public static async Task AddKey(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.AddKeyRequest>();
        var name = Name(http);
        var (record, key) = await Desk(http).AddKeyAsync(name, request.Name, request.ExpiresAt, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.AddedKey(ToWire(Desk(http).Get(name).Name, record), key));
    }

    public static async Task RevokeKey(HttpContext http)
    {
        await Desk(http).RevokeKeyAsync(Name(http), Number(http, "keyId"), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static Task ListSessions(HttpContext http)
    {
        var here = SessionCookie.Read(http.Request) is { } token
            ? http.RequestServices.GetRequiredService<Authenticator>().BySession(token)?.Session.Id
            : null;
        return http.WriteJsonAsync(new Wire.BrowserList([.. Desk(http).ListSessions(Name(http)).Select(session =>
            new Wire.BrowserInfo(session.Id, session.Agent, session.Address, session.CreatedAt, session.SeenAt, session.Id == here))]));
    }

    public static async Task EndSession(HttpContext http)
    {
        await Desk(http).EndSessionsAsync(Name(http), Number(http, "sessionId"), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task EndSessions(HttpContext http)
    {
        await Desk(http).EndSessionsAsync(Name(http), session: null, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Wire.UserInfo ToWire(User user) => new(user.Name, user.IsAdmin, user.IsActive, user.CreatedAt);

    private static Wire.KeyInfo ToWire(string owner, UserKey key) => new(key.Id, key.Name, key.Hint, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, owner);

    private static string Name(HttpContext http) => Bind.Route(http, "name") is var name && name != "me" ? name
        : Caller.Current is { IsOperator: false } caller ? caller.Name
        : throw CairnException.NotFound("'me' is who asks, and here that is the operator, who is no user. Name a user in place of 'me'.");

    private static long Number(HttpContext http, string name) =>
        long.TryParse(Bind.Route(http, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw CairnException.NotFound($"'{Bind.Route(http, name)}' is no number; keys and sessions have numbers.");

    private static AccountDesk Desk(HttpContext http) => http.RequestServices.GetRequiredService<AccountDesk>();
}
