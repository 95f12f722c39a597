using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow.Artifacts;

/// <summary>
/// The tree that MLflow's clients see behind the artifact proxy: <c>EXPERIMENT/RUN/artifacts/…</c> are the files of runs,
/// everything else is a tree of its own.
/// </summary>
internal sealed class ProxyPaths(IRunStore runs, FileTree files, ArtifactRoots roots)
{
    private const string Artifacts = "artifacts";
    private const int PageLength = 1000;

    /// <summary>Owner of what belongs to no run.</summary>
    public static FileOwner Elsewhere => FileOwner.Server;

    /// <summary>Whose tree a path is in, and where in it ("" = its root).</summary>
    public async ValueTask<(FileOwner Owner, string Path)> LocateAsync(string path, CancellationToken cancellationToken)
    {
        var parts = path.Split('/');
        for (var i = 0; i + 1 < parts.Length; i++)
        {
            if (parts[i + 1] == Artifacts && RunId.TryParse(parts[i], out var id)
                && await FindAsync(id, cancellationToken) is { } run
                && await roots.ProxyPathAsync(run, cancellationToken) == string.Join('/', parts[..(i + 2)]))
            {
                return (FileOwner.Of(id), string.Join('/', parts[(i + 2)..]));
            }
        }

        return (Elsewhere, path);
    }

    /// <summary>Whose tree a place such as an artifact URI is in, and where in it; null where it is not with this server.</summary>
    public async ValueTask<(FileOwner Owner, string Path)?> LocatePlaceAsync(string place, CancellationToken cancellationToken) =>
        files.Locate(place) is not { } found ? null
        : found.Owner == Elsewhere ? await LocateAsync(string.Join('/', found.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)), cancellationToken)
        : found;

    public async Task<FolderListing> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var listing = new FolderListing();
        var (owner, path) = await LocateAsync(folder, cancellationToken);
        listing.Add(await files.ListFolderAsync(owner, path, cancellationToken));
        if (owner == Elsewhere && !files.IsPlain)
        {
            await AddRunFoldersAsync(listing, folder, cancellationToken);
        }

        return listing;
    }

    // The folders above those of runs exist only in the paths of runs.
    private async Task AddRunFoldersAsync(FolderListing listing, string folder, CancellationToken cancellationToken)
    {
        foreach (var (experiment, runCount, _) in await runs.ListExperimentsAsync(LifecycleFilter.All, cancellationToken))
        {
            var root = ArtifactRoots.ProxyPathOf(ArtifactRoots.Of(experiment));
            if (root is null || runCount == 0)
            {
                continue;
            }

            if (folder == root)
            {
                await AddRunsAsync(listing, experiment.Id, cancellationToken);
            }
            else if (folder.Length == 0 || root.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                listing.AddFolder(Below(root, folder));
            }
            else if (folder.StartsWith(root + "/", StringComparison.Ordinal)
                && RunId.TryParse(folder[(root.Length + 1)..], out var id)
                && await FindAsync(id, cancellationToken) is { } run && run.ExperimentId == experiment.Id
                && await HasFilesAsync(id, cancellationToken))
            {
                listing.AddFolder(Artifacts);
            }
        }
    }

    private async Task AddRunsAsync(FolderListing listing, ExperimentId experiment, CancellationToken cancellationToken)
    {
        var query = new RunQuery([experiment], LifecycleFilter.All, Where: null, OrderBy: [], PageLength, Offset: 0);
        while (true)
        {
            var page = await runs.SearchRunsAsync(query, cancellationToken);
            foreach (var snapshot in page)
            {
                if (await HasFilesAsync(snapshot.Run.Id, cancellationToken))
                {
                    listing.AddFolder(snapshot.Run.Id.Value);
                }
            }

            if (page.Count < PageLength)
            {
                return;
            }

            query = query with { After = RunPosition.Of(page[^1], query.OrderBy) };
        }
    }

    private async Task<bool> HasFilesAsync(RunId run, CancellationToken cancellationToken) =>
        (await files.ListAsync(FileOwner.Of(run), "", cancellationToken)).Count > 0;

    private async Task<Run?> FindAsync(RunId id, CancellationToken cancellationToken) =>
        (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault();

    private static string Below(string path, string folder)
    {
        var rest = folder.Length == 0 ? path : path[(folder.Length + 1)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? rest : rest[..slash];
    }
}
