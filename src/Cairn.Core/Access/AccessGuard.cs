using System.Collections.Concurrent;
using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Models;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <summary>
/// The one place that says what a caller may do. The guarded stores ask it before every operation; doors translate its
/// refusals and decide nothing. The operator and admins may do everything, and a server without users knows nobody else:
/// then each question is one look at who asks. What users were given is kept in memory and read anew when it changes.
/// </summary>
/// <param name="store">What users were given.</param>
/// <param name="runs">Where runs are looked up: the store itself, not the guarded one.</param>
/// <param name="artifacts">Likewise, for models.</param>
/// <param name="shared">Where the places of experiments are.</param>
/// <param name="clock">The time.</param>
/// <param name="byDefault">What users may do where nothing was said.</param>
/// <param name="findUser">
/// A user as of now; null where there is none any more: requests may last longer than users. Without it, the caller is
/// believed to be still what he was when the request began.
/// </param>
public sealed partial class AccessGuard(
    IPermissionStore store,
    IRunStore runs,
    IArtifactStore artifacts,
    SharedFolders shared,
    TimeProvider clock,
    Permission byDefault,
    Func<UserId, User?>? findUser = null)
{
    /// <summary>How far lists that are cut off are looked through for what may be read.</summary>
    internal const int LookedThrough = 2000;

    private readonly ConcurrentDictionary<UserId, Rights> known = new();
    private int generation;

    /// <summary>True where the caller may do everything.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Unauthenticated"/> where the user is gone since the request began.</exception>
    public bool IsOpen => Caller.Current is not { UserId: { } id } caller || IsAdmin(caller, id);

    /// <summary>What users may do where nothing was said.</summary>
    public Permission ByDefault => byDefault;

    /// <summary>What the caller may do; null for everything.</summary>
    public ValueTask<Rights?> FindRightsAsync(CancellationToken cancellationToken)
    {
        if (Caller.Current is not { UserId: { } user } caller || IsAdmin(caller, user))
        {
            return default;
        }

        return known.TryGetValue(user, out var rights) ? new(rights) : new(ReadAsync(user, cancellationToken));
    }

    /// <summary>To be called after what users may do has changed, or what an artifact is called or belongs to.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref generation);
        known.Clear();
    }

    public async ValueTask DemandAsync(ExperimentId experiment, Permission need, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is { } rights && rights.Of(experiment) < need)
        {
            throw Refusal(need, $"the experiment {experiment}");
        }
    }

    /// <summary>An artifact, or a portfolio.</summary>
    public async ValueTask DemandAsync(ArtifactKey artifact, Permission need, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is { } rights && rights.Of(artifact) < need)
        {
            // Without its name: it may have been asked for by a number.
            throw Refusal(need, $"an artifact of the experiment {artifact.ExperimentId}");
        }
    }

    /// <summary>A registered model by its name. One that is not there is let through: whoever looks it up says so.</summary>
    public async ValueTask<RegisteredModel?> DemandModelAsync(string name, Permission need, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is not { } rights)
        {
            return null;
        }

        var model = await artifacts.FindModelAsync(name, cancellationToken);
        if (model is not null ? rights.Of(model.Artifact.Key) < need : rights.ByDefault < Permission.Read)
        {
            throw Refusal(need, $"the model '{name}'");
        }

        return model;
    }

    /// <summary>A run. One that is not there is let through: whoever looks it up says so.</summary>
    public async ValueTask DemandAsync(RunId run, Permission need, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is { } rights
            && (await HomeOfAsync(run, cancellationToken) is { } home ? rights.Of(home) < need : rights.ByDefault < Permission.Read))
        {
            throw Refusal(need, $"the experiment of the run {run}");
        }
    }

    /// <summary>What concerns the whole server.</summary>
    public void DemandAdmin(string what)
    {
        if (!IsOpen)
        {
            throw new CairnException(ErrorCode.Forbidden, $"Permission denied. {what} is for admins.");
        }
    }

    /// <summary>The experiments to look into; null for nowhere. Without any asked for, everywhere that may be read.</summary>
    public async ValueTask<IReadOnlyList<ExperimentId>?> LimitAsync(IReadOnlyList<ExperimentId> asked, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is not { SeesEverything: false } rights)
        {
            return asked;
        }

        var readable = asked.Count > 0 ? asked.Where(rights.MayRead).ToList() : await ListReadableAsync(rights, cancellationToken);
        return readable.Count > 0 ? readable : null;
    }

    /// <summary>Leaves out what belongs to experiments that the caller may not read.</summary>
    public ValueTask<IReadOnlyList<T>> OnlyReadableAsync<T>(IReadOnlyList<T> things, Func<T, ExperimentId> experimentOf, CancellationToken cancellationToken) =>
        OnlyAsync(things, (rights, thing) => rights.MayRead(experimentOf(thing)), cancellationToken);

    /// <summary>Leaves out what belongs to artifacts that the caller may not read.</summary>
    public ValueTask<IReadOnlyList<T>> OnlyReadableAsync<T>(IReadOnlyList<T> things, Func<T, ArtifactKey> artifactOf, CancellationToken cancellationToken) =>
        OnlyAsync(things, (rights, thing) => rights.MayRead(artifactOf(thing)), cancellationToken);

    /// <summary>The experiments that may be read; null for all.</summary>
    public async ValueTask<IReadOnlyList<ExperimentId>?> FindSightAsync(CancellationToken cancellationToken) =>
        await FindRightsAsync(cancellationToken) is { SeesEverything: false } rights ? await ListReadableAsync(rights, cancellationToken) : null;

    /// <summary>The models that may be read; null for all.</summary>
    public async ValueTask<ModelSight?> FindModelSightAsync(CancellationToken cancellationToken) =>
        await FindRightsAsync(cancellationToken) is { SeesEverything: false } rights
            ? new ModelSight(await ListReadableAsync(rights, cancellationToken), rights.Models(readable: true), rights.Models(readable: false))
            : null;

    public static CairnException Refusal(Permission need, string what) =>
        new(ErrorCode.Forbidden, $"Permission denied. You need the permission {PermissionNames.Of(need)} on {what}; whoever has MANAGE on it can give it.");

    private bool IsAdmin(Caller caller, UserId id) =>
        findUser is null ? caller.IsAdmin
        : findUser(id) is { IsActive: true } user ? user.IsAdmin
        : throw new CairnException(ErrorCode.Unauthenticated, "Your account is not active any more. Ask an admin.");

    private async Task<Rights?> ReadAsync(UserId user, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = Volatile.Read(ref generation);
            var rights = new Rights(await store.ReadAsync(user, cancellationToken), byDefault);
            known[user] = rights;

            // What changed while it was read may not be in it.
            if (before == Volatile.Read(ref generation))
            {
                return rights;
            }

            known.TryRemove(user, out _);
        }
    }

    private async ValueTask<IReadOnlyList<T>> OnlyAsync<T>(IReadOnlyList<T> things, Func<Rights, T, bool> isReadable, CancellationToken cancellationToken) =>
        await FindRightsAsync(cancellationToken) is { SeesEverything: false } rights ? [.. things.Where(thing => isReadable(rights, thing))] : things;

    private async ValueTask<IReadOnlyList<ExperimentId>> ListReadableAsync(Rights rights, CancellationToken cancellationToken) =>
        [.. (await store.ListExperimentsAsync(cancellationToken)).Select(one => one.Id).Where(rights.MayRead)];
}
