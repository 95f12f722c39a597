using Cairn.Core;
using Cairn.Core.Accounts;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Logging browsers in and out.</summary>
internal static class SessionEndpoints
{
    public const string Path = ApiRoutes.Root + "/session";

    /// <summary>Whoever is not known yet may send so much and no more.</summary>
    private const int LargestLogin = 16 * 1024;

    public static Task Get(HttpContext http) => AnswerAsync(http, Caller.Current);

    public static async Task LogIn(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.LogInRequest>(LargestLogin);
        if (!Book(http).HasUsers)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, "This server has no users, so nobody has to log in. Add the first one with: cairn user add NAME --admin");
        }

        var agent = http.Request.Headers.UserAgent.ToString();
        var (user, token) = await Desk(http).LogInAsync(request.Name, request.Password, RequestGuard.Address(http), agent.Length > 0 ? agent : null, http.RequestAborted)
            ?? throw new CairnException(ErrorCode.Unauthenticated, "The name or the password is wrong.");

        // Who logs in again in the same browser leaves no second session behind.
        if (SessionCookie.Read(http.Request) is { } old)
        {
            await Desk(http).LogOutAsync(old, http.RequestAborted);
        }

        SessionCookie.Write(http, token, AccountBook.SessionLife);
        await AnswerAsync(http, Caller.Of(user, proof: CallerProof.Session));
    }

    public static async Task LogOut(HttpContext http)
    {
        if (SessionCookie.Read(http.Request) is { } token)
        {
            await Desk(http).LogOutAsync(token, http.RequestAborted);
        }

        SessionCookie.Remove(http);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task AnswerAsync(HttpContext http, Caller caller)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.WriteJsonAsync(new Wire.SessionInfo(caller.Name, caller.IsAdmin, caller.IsOperator, Book(http).HasUsers));
    }

    private static AccountBook Book(HttpContext http) => http.RequestServices.GetRequiredService<AccountBook>();

    private static AccountDesk Desk(HttpContext http) => http.RequestServices.GetRequiredService<AccountDesk>();
}
