using System.Security.Cryptography;
using System.Text;
using Cairn.Client;

namespace Cairn.Projects.Environments;

/// <summary>
/// The environments of this machine, each built once for what its file asks and shared by all projects that ask the same.
/// A pointer file (<c>HASH.ready</c>) names the folder of a finished one; it is written last, in one step, so that neither
/// a kill -9 nor a second builder leaves half an environment that looks whole. Builders of one hash take turns at a lock
/// that the system releases with its holder.
/// </summary>
public sealed class EnvironmentStore(string root)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);

    /// <summary>The user's own.</summary>
    public static EnvironmentStore Default { get; } = new(Path.Combine(CairnClientOptions.FromEnvironment().CacheFolder, "environments"));

    /// <summary>Where they lie.</summary>
    public string Root => root;

    /// <summary>The environment of a project, built where it is not there yet; null means the programs on PATH.</summary>
    /// <exception cref="ProjectException">It cannot be had; says how to get it, or what would do instead.</exception>
    public async Task<PreparedEnvironment?> PrepareAsync(EnvironmentRequest request, Action<string> tell, CancellationToken cancellation)
    {
        var kind = request.Project.Environment.Kind;
        if (request.Choice == EnvironmentChoice.System || (kind == EnvironmentKind.None && request.Choice is not (EnvironmentChoice.Docker or EnvironmentChoice.Podman)))
        {
            return null;
        }

        if (request.Choice is EnvironmentChoice.Docker or EnvironmentChoice.Podman || (kind == EnvironmentKind.Docker && request.Choice == EnvironmentChoice.Auto))
        {
            return await ContainerEnvironment.PrepareAsync(request, this, tell, cancellation);
        }

        if (kind == EnvironmentKind.Docker)
        {
            throw new ProjectException("The project runs in a container (docker_env): use --env-manager docker, or system for the programs on PATH.");
        }

        var needs = PythonNeedsReader.Read(request.Project);
        var (builder, running) = await BuilderChoice.MakeAsync(request.Choice, kind, needs, cancellation);
        return running ?? await BuildAsync(needs, builder!, tell, cancellation);
    }

    /// <summary>Finished environments, newest use first.</summary>
    public IReadOnlyList<StoredEnvironment> List() => !Directory.Exists(root) ? [] : Directory.EnumerateFiles(root, "*.ready")
        .Select(StoredEnvironment.Read).OfType<StoredEnvironment>()
        .OrderByDescending(stored => stored.LastUsed).ToArray();

    /// <summary>Removes environments that were not used since a time, and what interrupted builders left.</summary>
    /// <returns>Bytes that became free.</returns>
    public long Prune(DateTimeOffset unusedSince)
    {
        if (!Directory.Exists(root))
        {
            return 0;
        }

        long freed = 0;
        foreach (var stored in List().Where(stored => stored.LastUsed < unusedSince))
        {
            using var turn = TryLock(stored.Hash);

            // A run may have come to use it since we looked.
            if (turn is not null && StoredEnvironment.Read(Pointer(stored.Hash)) is { } now && now.LastUsed < unusedSince)
            {
                File.Delete(Pointer(stored.Hash));
                freed += Remove(stored.Folder);
            }
        }

        var kept = List().Select(stored => stored.Folder).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(root).Where(folder => !kept.Contains(folder) && Path.GetFileName(folder) != CondaNames.FolderName))
        {
            using var turn = TryLock(Path.GetFileName(folder).Split('-')[0]);
            freed += turn is null ? 0 : Remove(folder);
        }

        return freed;
    }

    internal async Task<PreparedEnvironment> BuildAsync(PythonNeeds needs, IEnvironmentBuilder builder, Action<string> tell, CancellationToken cancellation)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{builder.Identity}\n{needs.Canonical}")))[..20];
        if (Ready(hash) is { } there)
        {
            return there;
        }

        using var turn = await TakeTurnAsync(hash, tell, cancellation);
        if (Ready(hash) is { } meanwhile)
        {
            return meanwhile;
        }

        var folder = Path.Combine(root, $"{hash}-{Guid.NewGuid().ToString("N")[..8]}");
        try
        {
            var contents = await builder.BuildAsync(needs, folder, tell, cancellation);
            new StoredEnvironment(hash, builder.Kind, folder, Path.GetFileName(needs.Folder), contents, default).Write(Pointer(hash));
        }
        catch
        {
            Remove(folder);
            throw;
        }

        return Ready(hash)!;
    }

    private PreparedEnvironment? Ready(string hash) => StoredEnvironment.Read(Pointer(hash))?.Use(Pointer(hash));

    private string Pointer(string hash) => Path.Combine(root, $"{hash}.ready");

    private void CreateRoot() => OwnFolder.Create(root);

    /// <summary>Only one at a time builds what has this hash.</summary>
    internal async Task<IDisposable> TakeTurnAsync(string hash, Action<string> tell, CancellationToken cancellation)
    {
        CreateRoot();
        var told = false;
        while (true)
        {
            if (TryLock(hash) is { } turn)
            {
                return turn;
            }

            if (!told)
            {
                tell("another run builds this environment; waiting for it");
                told = true;
            }

            await Task.Delay(Turn, cancellation);
        }
    }

    private FileStream? TryLock(string hash)
    {
        try
        {
            return new FileStream(Path.Combine(root, $"{hash}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var size = StoredEnvironment.SizeOf(folder);
        Directory.Delete(folder, recursive: true);
        return size;
    }
}
