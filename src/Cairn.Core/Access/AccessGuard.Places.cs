using System.Collections.Concurrent;
using Cairn.Core.Accounts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <content>To what things belong that are no experiments: runs, paths behind the server, contents.</content>
public sealed partial class AccessGuard
{
    private const int MostHomes = 200_000;

    private readonly ConcurrentDictionary<RunId, ExperimentId> homes = new();
    private volatile IReadOnlyDictionary<(FileOwner Owner, string Path), List<ExperimentId>>? filePlaces;

    /// <summary>The experiment of a run, which never changes; null where there is no such run.</summary>
    public async ValueTask<ExperimentId?> HomeOfAsync(RunId run, CancellationToken cancellationToken)
    {
        if (homes.TryGetValue(run, out var home))
        {
            return home;
        }

        if (await runs.FindRunsAsync([run], cancellationToken) is not [var found])
        {
            return null;
        }

        if (homes.Count >= MostHomes)
        {
            homes.Clear();
        }

        homes[run] = found.ExperimentId;
        return found.ExperimentId;
    }

    /// <summary>To be called after an experiment was made or moved to another place.</summary>
    public void ForgetPlaces() => filePlaces = null;

    /// <summary>A path in somebody's tree of files.</summary>
    public async ValueTask DemandAsync(FileOwner owner, string path, Permission need, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is not { } rights)
        {
            return;
        }

        if (RunId.TryParse(owner.Value, out var run))
        {
            await DemandAsync(run, need, cancellationToken);
        }
        else if (await OfPathAsync(rights, owner, path, cancellationToken) < need)
        {
            throw Refusal(need, $"the experiment whose files are at '{path}'");
        }
    }

    /// <summary>Leaves out what is in places that the caller may not read.</summary>
    public async ValueTask<IReadOnlyList<T>> OnlyReadableAsync<T>(FileOwner owner, IReadOnlyList<T> things, Func<T, string> pathOf, CancellationToken cancellationToken)
    {
        if (RunId.TryParse(owner.Value, out _) || await FindRightsAsync(cancellationToken) is not { } rights)
        {
            return things;
        }

        var kept = new List<T>(things.Count);
        foreach (var thing in things)
        {
            if (await OfPathAsync(rights, owner, pathOf(thing), cancellationToken) >= Permission.Read)
            {
                kept.Add(thing);
            }
        }

        return kept;
    }

    /// <summary>
    /// Contents that the caller may speak of: those he sent himself, and those of things he may read. To know the digest of
    /// a content is no right to it.
    /// </summary>
    public async ValueTask<IReadOnlySet<Digest>> FindHeldAsync(IReadOnlyCollection<Digest> contents, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is not { } rights)
        {
            return contents.ToHashSet();
        }

        var held = (await store.FindSentAsync(Caller.Current.UserId!.Value, contents, cancellationToken)).ToHashSet();
        var others = contents.Where(content => !held.Contains(content)).ToList();
        foreach (var holder in others.Count > 0 ? await store.FindHoldersAsync(others, cancellationToken) : [])
        {
            if (holder.Artifact is { } artifact ? rights.MayRead(artifact)
                : holder.Experiment is { } experiment ? rights.MayRead(experiment)
                : await OfPathAsync(rights, FileOwner.Server, holder.ServerPath!, cancellationToken) >= Permission.Read)
            {
                held.Add(holder.Digest);
            }
        }

        return held;
    }

    /// <summary>Remembers that the caller has the bytes of a content.</summary>
    public Task NoteSentAsync(Digest content, CancellationToken cancellationToken) =>
        Caller.Current.UserId is { } user && !IsOpen
            ? store.NoteSentAsync(user, content, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken)
            : Task.CompletedTask;

    /// <summary>
    /// Refuses a new place for an experiment's files that is in another one's: whose files are where is how files are
    /// guarded. Places that are named by a number are for the experiment of that number, and nobody's is everything.
    /// </summary>
    public async ValueTask DemandPlaceAsync(string location, CancellationToken cancellationToken)
    {
        if (await FindRightsAsync(cancellationToken) is { } rights && shared.Locate(location) is var (owner, path)
            && (await FindOwnersAsync(owner, path, cancellationToken) is { Count: > 0 } owners
                ? owners.Any(experiment => rights.Of(experiment) < Permission.Manage)
                : FirstOf(path) is var first && (first.Length == 0 || (owner == FileOwner.Server && ExperimentId.TryParse(first, out _)))))
        {
            throw new CairnException(
                ErrorCode.Forbidden, "Permission denied. 'artifact_location' is in the place of another experiment. Choose another one, or none.", "artifact_location");
        }
    }

    private async ValueTask<Permission> OfPathAsync(Rights rights, FileOwner owner, string path, CancellationToken cancellationToken) =>
        await FindOwnersAsync(owner, path, cancellationToken) is { Count: > 0 } owners ? owners.Min(rights.Of) : rights.ByDefault;

    /// <summary>The experiments in whose place a path is: of several places the one that says most.</summary>
    private async ValueTask<IReadOnlyList<ExperimentId>> FindOwnersAsync(FileOwner owner, string path, CancellationToken cancellationToken)
    {
        var places = filePlaces ??= await ReadPlacesAsync(cancellationToken);
        var clean = string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        for (var end = clean.Length; end >= 0; end = end > 0 ? Math.Max(0, clean.LastIndexOf('/', end - 1)) : -1)
        {
            if (places.TryGetValue((owner, clean[..end]), out var there))
            {
                return there;
            }
        }

        // The usual place of an experiment, which has another one now.
        return owner == FileOwner.Server && ExperimentId.TryParse(FirstOf(clean), out var numbered) ? [numbered] : [];
    }

    private async Task<IReadOnlyDictionary<(FileOwner Owner, string Path), List<ExperimentId>>> ReadPlacesAsync(CancellationToken cancellationToken)
    {
        var places = new Dictionary<(FileOwner, string), List<ExperimentId>>();
        foreach (var (id, location) in await store.ListExperimentsAsync(cancellationToken))
        {
            if (shared.Locate(location ?? $"{ArtifactPlace.ServerScheme}{id}") is var (owner, path))
            {
                var clean = string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
                (places.TryGetValue((owner, clean), out var there) ? there : places[(owner, clean)] = []).Add(id);
            }
        }

        return places;
    }

    private static string FirstOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : "";
}
