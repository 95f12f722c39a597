using Cairn.Core.Accounts;
using Cairn.Core.Experiments;

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

    /// <summary>
    /// What only admins would manage if a user were gone: things on which no other active user was given
    /// <see cref="Permission.Manage"/>.
    /// </summary>
    public async Task<(IReadOnlyList<ExperimentId> Experiments, IReadOnlyList<ModelGrant> Models)> ListManagedAloneAsync(User user, CancellationToken cancellationToken)
    {
        if (guard.ByDefault == Permission.Manage)
        {
            return ([], []);
        }

        var given = await store.ReadAsync(user.Id, cancellationToken);
        var (experiments, models) = (new List<ExperimentId>(), new List<ModelGrant>());
        foreach (var (experiment, permission) in given.Experiments)
        {
            if (permission == Permission.Manage && !await IsManagedWithoutAsync(user.Id, GrantPlace.Of(experiment), cancellationToken))
            {
                experiments.Add(experiment);
            }
        }

        foreach (var model in given.Models.Where(model => model.Permission == Permission.Manage))
        {
            // Of whom nothing was said on the model may do with it what he may do with its experiment.
            if (!await IsManagedWithoutAsync(user.Id, GrantPlace.Of(model.Name), cancellationToken)
                && !await IsManagedWithoutAsync(user.Id, GrantPlace.Of(model.Key.ExperimentId), cancellationToken))
            {
                models.Add(model);
            }
        }

        return (experiments, models);
    }

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> for the user, or where nothing was given; of a thing that is not there nothing was.</exception>
    public async Task<(User User, Permission Permission)> GetAsync(GrantPlace place, string username, CancellationToken cancellationToken)
    {
        await DemandAsync(place, cancellationToken);
        var user = Find(username);
        return (user, await FindAsync(place, user.Id, cancellationToken) ?? throw Missing(place, username));
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

    private async Task<bool> IsManagedWithoutAsync(UserId user, GrantPlace place, CancellationToken cancellationToken) =>
        (await store.ListAsync(place, cancellationToken)).Any(grant => grant.User != user && grant.Permission == Permission.Manage && findById(grant.User) is { IsActive: true });

    private async Task<Permission?> FindAsync(GrantPlace place, UserId user, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.ListAsync(place, cancellationToken)).FirstOrDefault(grant => grant.User == user)?.Permission;
        }
        catch (CairnException gone) when (gone.Code == ErrorCode.NotFound)
        {
            return null;
        }
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
