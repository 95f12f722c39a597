using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Cairn.Core.Accounts;
using Cairn.Core.Blobs;
using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts;

/// <summary>
/// The one catalogue of versioned things. A version exists from the moment its commit is on disk, never before, and only
/// if every blob it names is there.
/// </summary>
public sealed partial class ArtifactCatalog(
    IArtifactStore store,
    IBlobStore blobs,
    IRunStore runs,
    RunFeed feed,
    TimeProvider clock)
{
    public const string Latest = "latest";
    public const int ManifestLength = 100_000;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The digests of <paramref name="digests"/> that the store lacks, each once.</summary>
    public async Task<IReadOnlyList<Digest>> FindMissingAsync(IEnumerable<Digest> digests, CancellationToken cancellationToken)
    {
        var asked = digests.Distinct().ToList();
        var found = await blobs.FindAsync(asked, cancellationToken);
        return [.. asked.Where(digest => !found.ContainsKey(digest))];
    }

    /// <summary>
    /// Commits a version, or answers the one that has this content already. Moves "latest" and the asked aliases.
    /// </summary>
    /// <exception cref="CairnException">
    /// <see cref="ErrorCode.InvalidArgument"/> naming the field; <see cref="ErrorCode.FailedPrecondition"/> where a blob
    /// is missing; <see cref="ErrorCode.Conflict"/> where the artifact has another type.
    /// </exception>
    public async Task<CommittedVersion> CommitAsync(VersionRequest request, CancellationToken cancellationToken)
    {
        CheckName("name", request.Key.Name);
        CheckName("type", request.Type);
        var manifest = CheckManifest(request.Manifest);
        foreach (var alias in request.Aliases)
        {
            CheckAlias(alias);
        }

        var run = request.RunId is { } id ? await FindActiveRunAsync(id, cancellationToken) : null;
        var lengths = await blobs.FindAsync([.. manifest.Select(entry => entry.Digest).Distinct()], cancellationToken);
        foreach (var entry in manifest)
        {
            var length = lengths.TryGetValue(entry.Digest, out var found)
                ? found
                : throw new CairnException(
                    ErrorCode.FailedPrecondition,
                    $"The content {entry.Digest} of '{entry.Path}' has not been uploaded. Put it to /api/v1/blobs/{entry.Digest} first.",
                    "manifest");
            if (length != entry.Size)
            {
                throw CairnException.Invalid("manifest", $"'{entry.Path}' is said to have {entry.Size} bytes; its content has {length}.");
            }
        }

        var committed = await store.CommitAsync(
            new NewVersion(
                request.Key,
                request.Type,
                manifest,
                DigestOf(manifest),
                [.. request.Aliases.Where(alias => alias != Latest).Distinct(StringComparer.Ordinal)],
                request.Description,
                request.Metadata,
                Caller.Current.Sign(request.Author ?? run?.Author),
                request.RunId,
                Now),
            cancellationToken);
        Publish(run);
        return committed;
    }

    /// <summary>A version by reference.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> saying what there is instead.</exception>
    public async Task<ArtifactVersion> GetAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken)
    {
        if (await store.FindVersionAsync(key, reference, cancellationToken) is { } version)
        {
            return version;
        }

        var artifact = await store.FindAsync(key, cancellationToken)
            ?? throw CairnException.NotFound($"There is no artifact '{key.Name}' in experiment {key.ExperimentId}.");
        var aliases = string.Join(", ", artifact.Aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal).Select(alias => $"{alias.Key} → v{alias.Value}"));
        throw CairnException.NotFound(
            reference.Alias is null
                ? $"'{key.Name}' has no version {reference}."
                : $"'{key.Name}' has no alias '{reference}' (it has: {(aliases.Length > 0 ? aliases : "none")}). Set it with: cairn artifact alias {key.Name}:latest {reference}");
    }

    /// <summary>Records that a run uses a version and answers the version.</summary>
    public async Task<ArtifactVersion> UseAsync(RunId runId, ArtifactKey key, VersionReference reference, CancellationToken cancellationToken)
    {
        var run = await FindActiveRunAsync(runId, cancellationToken);
        var version = await GetAsync(key, reference, cancellationToken);
        await store.AddInputAsync(
            new LineageEdge(runId, key, version.Index, LineageDirection.Input, Now, $"{key.Name}:{reference}"),
            cancellationToken);
        Publish(run);
        return version;
    }

    /// <summary>Moves an alias, or, with a null target, removes it. "latest" moves by itself and cannot be moved.</summary>
    public async Task<AliasChange> MoveAliasAsync(AliasRequest request, CancellationToken cancellationToken)
    {
        CheckAlias(request.Alias);
        if (request.Alias == Latest)
        {
            throw CairnException.Invalid("alias", "'latest' always points to what was logged last and cannot be set. Use a name of your own.");
        }

        if (request.Why is { Length: > RunRules.ValueLength })
        {
            throw CairnException.Invalid("why", $"'why' has {request.Why.Length} characters; at most {RunRules.ValueLength} are kept.");
        }

        var to = request.To is { } target ? (await GetAsync(request.Key, target, cancellationToken)).Index : (int?)null;
        return await store.MoveAliasAsync(
            new AliasMove(request.Key, request.Alias, to, request.Expected, Caller.Current.Sign(request.Who), request.Why, request.RunId, Now),
            cancellationToken);
    }

    /// <summary>Takes a version out of sight. Refused while an alias other than "latest" points to it.</summary>
    public async Task DeleteAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken)
    {
        var version = await GetAsync(key, reference, cancellationToken);
        if (version.Aliases.FirstOrDefault(alias => alias != Latest) is { } alias)
        {
            throw new CairnException(
                ErrorCode.FailedPrecondition,
                $"'{key.Name}:{version.Label}' carries the alias '{alias}'. Move or remove the alias first.");
        }

        await store.DeleteVersionAsync(key, version.Index, Now, cancellationToken);
    }

    /// <summary>The digest of a manifest: equal digests mean equal content under equal names.</summary>
    /// <param name="manifest">Ordered by path (ordinal).</param>
    public static Digest DigestOf(IReadOnlyList<ManifestEntry> manifest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("cairn-manifest-v1\n"u8);
        foreach (var entry in manifest)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{entry.Path}:{entry.Digest}:{entry.Size}\n")));
        }

        return Digest.FromHash(hash.GetHashAndReset());
    }

    private static List<ManifestEntry> CheckManifest(IReadOnlyList<ManifestEntry> manifest)
    {
        if (manifest.Count is 0 or > ManifestLength)
        {
            throw CairnException.Invalid("manifest", $"'manifest' has {manifest.Count} files; a version has 1 to {ManifestLength}.");
        }

        var ordered = manifest
            .Select((entry, i) => entry with { Path = RelativePath.Normalize(entry.Path, $"manifest[{i}].path") })
            .OrderBy(entry => entry.Path, StringComparer.Ordinal)
            .ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Path == ordered[i - 1].Path)
            {
                throw CairnException.Invalid("manifest", $"'manifest' names '{ordered[i].Path}' twice.");
            }
        }

        return ordered;
    }

    private static void CheckName(string field, string name)
    {
        if (name.Length is 0 or > 128 || !NamePattern().IsMatch(name) || name is "." or "..")
        {
            throw CairnException.Invalid(
                field,
                $"'{field}' must be 1 to 128 letters, digits, dots, dashes or underscores (such as 'raw_data.csv').");
        }
    }

    private static void CheckAlias(string alias)
    {
        if (alias.Length is 0 or > 128 || !NamePattern().IsMatch(alias) || alias is "." or ".." || VersionPattern().IsMatch(alias))
        {
            throw CairnException.Invalid(
                "alias",
                "'alias' must be 1 to 128 letters, digits, dots, dashes or underscores, and must not look like a version (v3).");
        }
    }

    private async Task<Run> FindActiveRunAsync(RunId id, CancellationToken cancellationToken)
    {
        var run = (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault()
            ?? throw CairnException.NotFound($"Run with id={id} not found");
        return run.Lifecycle == Lifecycle.Active
            ? run
            : throw new CairnException(ErrorCode.FailedPrecondition, $"The run {id} must be in the 'active' state. Current state is deleted.");
    }

    private void Publish(Run? run)
    {
        if (run is not null)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Artifacts));
        }
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}._-]+$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^v[0-9]+$")]
    private static partial Regex VersionPattern();
}

/// <summary>What a client asks to commit.</summary>
public sealed record VersionRequest(
    ArtifactKey Key,
    string Type,
    IReadOnlyList<ManifestEntry> Manifest,
    IReadOnlyList<string> Aliases,
    string? Description = null,
    string? Metadata = null,
    string? Author = null,
    RunId? RunId = null);

/// <summary>What a client asks of an alias; a null <paramref name="To"/> removes it.</summary>
public sealed record AliasRequest(
    ArtifactKey Key,
    string Alias,
    VersionReference? To,
    ExpectedAlias? Expected = null,
    string? Who = null,
    string? Why = null,
    RunId? RunId = null);
