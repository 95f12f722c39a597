using Cairn.Core.Accounts;

namespace Cairn.Core.Access;

/// <summary>Who may do what, for those who manage an experiment or a model: to see it, to give and to take away.</summary>
/// <param name="store">What users were given.</param>
/// <param name="guard">Who may do what.</param>
/// <param name="findByName">A user by name; null where there is none.</param>
/// <param name="findById">A user by number; null where there is none any more.</param>
public sealed class PermissionDesk(IPermissionStore store, AccessGuard guard, Func<string, User?> findByName, Func<UserId, User?> findById)
{
    /// <summary>Grants on one thing with their users, by name.</summary>
    public async Task<IReadOnlyList<(User User, Permission Permission)>> ListAsync(GrantPlace place, CancellationToken cancellationToken)
    {
        await DemandAsync(place, cancellationToken);
        return
        [
            .. (await store.ListAsync(place, cancellationToken))
                .Select(grant => (User: findById(grant.User), grant.Permission))
                .Where(grant => grant.User is not null)
                .Select(grant => (grant.User!, grant.Permission))
                .OrderBy(grant => grant.Item1.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>All that one user was given; for whoever may see the user.</summary>
    public Task<UserGrants> ListOfAsync(User user, CancellationToken cancellationToken) => store.ReadAsync(user.Id, cancellationToken);

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> for the user, the thing, or where nothing was given.</exception>
    public async Task<(User User, Permission Permission)> GetAsync(GrantPlace place, string username, CancellationToken cancellationToken)
    {
        await DemandAsync(place, cancellationToken);
        var user = Find(username);
        var grant = (await store.ListAsync(place, cancellationToken)).FirstOrDefault(grant => grant.User == user.Id) ?? throw Missing(place, username);
        return (user, grant.Permission);
    }

    /// <summary>Gives a permission, in place of the one that was given before.</summary>
    public async Task<User> SetAsync(GrantPlace place, string username, Permission permission, GrantWrite how, CancellationToken cancellationToken)
    {
        await DemandAsync(place, cancellationToken);
        var user = Find(username);
        try
        {
            await store.SetAsync(new Grant(user.Id, place, permission), how, cancellationToken);
        }
        catch (CairnException taken) when (taken.Code == ErrorCode.AlreadyExists)
        {
            throw new CairnException(ErrorCode.AlreadyExists, $"{Name(place, "(", ")", ", username=" + username)} already exists.");
        }

        guard.Forget();
        return user;
    }

    /// <summary>Takes away what was said of a user: what holds by default holds again.</summary>
    public async Task RemoveAsync(GrantPlace place, string username, CancellationToken cancellationToken)
    {
        await DemandAsync(place, cancellationToken);
        if (!await store.RemoveAsync(Find(username).Id, place, cancellationToken))
        {
            throw Missing(place, username);
        }

        guard.Forget();
    }

    // Before anything is looked up: who may not manage a thing learns neither of users nor of what they may do.
    private async ValueTask DemandAsync(GrantPlace place, CancellationToken cancellationToken)
    {
        if (place.Experiment is { } experiment)
        {
            await guard.DemandAsync(experiment, Permission.Manage, cancellationToken);
        }
        else if (await guard.DemandModelAsync(place.Model!, Permission.Manage, cancellationToken) is null && !guard.IsOpen)
        {
            throw AccessGuard.Refusal(Permission.Manage, place.ToString());
        }
    }

    private User Find(string username) => findByName(username) ?? throw CairnException.NotFound($"User with username={username} not found");

    private static CairnException Missing(GrantPlace place, string username) =>
        CairnException.NotFound($"{Name(place, "with ", "", " and username=" + username)} not found");

    // MLflow's words, by which its clients know what is the matter.
    private static string Name(GrantPlace place, string before, string after, string user) => place.Experiment is { } id
        ? $"Experiment permission {before}experiment_id={id}{user}{after}"
        : $"Registered model permission {before}name={place.Model}{user}{after}";
}
