using System.Text.Json;

namespace Cairn.Client.Wire;

/// <summary>A named, typed thing of which versions are kept.</summary>
/// <param name="ExperimentId">The experiment whose name space it is in.</param>
/// <param name="ExperimentName">Its name.</param>
/// <param name="Name">Letters, digits, dot, dash, underscore; at most 128.</param>
/// <param name="Type">"dataset", "model" or any other word; fixed by the first version.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds of the newest version or alias move.</param>
/// <param name="VersionCount">Versions that are not deleted.</param>
/// <param name="LatestVersion">The newest version ("v4"), or null.</param>
/// <param name="Aliases">Alias to version ("prod" to "v3"), "latest" included.</param>
public sealed record ArtifactInfo(
    string ExperimentId,
    string ExperimentName,
    string Name,
    string Type,
    string? Description,
    long CreatedAt,
    long UpdatedAt,
    int VersionCount,
    string? LatestVersion,
    IReadOnlyDictionary<string, string> Aliases);

/// <summary>Answer of <c>GET /api/v1/artifacts</c>.</summary>
public sealed record ArtifactList(IReadOnlyList<ArtifactInfo> Artifacts);

/// <summary>Answer of <c>GET /api/v1/artifacts/{experimentId}/{name}</c>.</summary>
/// <param name="Artifact">The artifact.</param>
/// <param name="Versions">Its versions, newest first.</param>
/// <param name="AliasHistory">Every move of every alias, newest first.</param>
/// <param name="Model">What the model registry knows of it; null where it is no model.</param>
public sealed record ArtifactDetail(
    ArtifactInfo Artifact,
    IReadOnlyList<VersionInfo> Versions,
    IReadOnlyList<AliasChange> AliasHistory,
    RegisteredModelInfo? Model = null);

/// <summary>One immutable version of an artifact.</summary>
/// <param name="ExperimentId">The experiment of the artifact.</param>
/// <param name="ExperimentName">Its name.</param>
/// <param name="Name">The artifact's name.</param>
/// <param name="Type">The artifact's type.</param>
/// <param name="Version">"v0", "v1" …</param>
/// <param name="Digest">SHA-256 over the manifest: equal digests mean equal content.</param>
/// <param name="Size">Bytes of all files.</param>
/// <param name="FileCount">Files.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Metadata">A JSON object, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="Author">Who logged it, or null.</param>
/// <param name="RunId">The run that logged it, or null.</param>
/// <param name="Aliases">Aliases that point to it now.</param>
public sealed record VersionInfo(
    string ExperimentId,
    string ExperimentName,
    string Name,
    string Type,
    string Version,
    string Digest,
    long Size,
    int FileCount,
    string? Description,
    JsonElement? Metadata,
    long CreatedAt,
    string? Author,
    string? RunId,
    IReadOnlyList<string> Aliases);

/// <summary>Answer of <c>GET /api/v1/artifacts/{experimentId}/{name}/versions/{versionOrAlias}</c>.</summary>
/// <param name="Version">The version.</param>
/// <param name="Manifest">Its files, ordered by path.</param>
/// <param name="LoggedBy">Runs that logged this content: the first made the version.</param>
/// <param name="UsedBy">Runs that used it.</param>
/// <param name="Model">What the model registry knows of it; null where it is no model.</param>
/// <param name="LoggedModel">What its MLmodel file says; null where it has none.</param>
/// <param name="References">Files that lie elsewhere, ordered by path; null where there are none.</param>
public sealed record VersionDetail(
    VersionInfo Version,
    IReadOnlyList<ManifestEntry> Manifest,
    IReadOnlyList<RunInfo> LoggedBy,
    IReadOnlyList<RunInfo> UsedBy,
    ModelVersionInfo? Model = null,
    LoggedModelInfo? LoggedModel = null,
    IReadOnlyList<ReferenceInfo>? References = null);

/// <summary>A file of a version that lies elsewhere; the server never opens it.</summary>
/// <param name="Path">Its path in the version.</param>
/// <param name="Uri">Where it lies.</param>
/// <param name="Digest">What the client took for its digest.</param>
/// <param name="Size">Bytes, or null where the client did not know.</param>
public sealed record ReferenceInfo(string Path, string Uri, string Digest, long? Size);

/// <summary>One file of a version.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Digest">SHA-256 of its bytes, 64 hexadecimal digits.</param>
/// <param name="Size">Bytes.</param>
public sealed record ManifestEntry(string Path, string Digest, long Size);

/// <summary>
/// Body of <c>POST /api/v1/artifacts/versions</c>, sent when every blob of the manifest has been put. The server checks
/// that they are there, gives the next index (or finds the version that has this content), moves "latest" and the asked
/// aliases and records the run's output, in one transaction. Sending it again answers the same version.
/// </summary>
/// <param name="Name">The artifact's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Manifest">Its files: at least one, paths unique.</param>
/// <param name="ExperimentId">Where the artifact lives; null with a <paramref name="RunId"/> means the run's experiment.</param>
/// <param name="Experiment">Name of the experiment, created if missing, where there is neither id nor run.</param>
/// <param name="RunId">The run that logs it, or null.</param>
/// <param name="Aliases">Further aliases, or null.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Metadata">A JSON object, or null.</param>
/// <param name="Author">Who logs it; null means the run's author.</param>
public sealed record CommitVersionRequest(
    string Name,
    string Type,
    IReadOnlyList<ManifestEntry> Manifest,
    string? ExperimentId = null,
    string? Experiment = null,
    string? RunId = null,
    IReadOnlyList<string>? Aliases = null,
    string? Description = null,
    JsonElement? Metadata = null,
    string? Author = null);

/// <summary>Answer of a commit.</summary>
/// <param name="Version">The version that now holds this content.</param>
/// <param name="Created">False where the content was there already.</param>
public sealed record CommitVersionResponse(VersionInfo Version, bool Created);

/// <summary>Body of <c>PUT /api/v1/artifacts/{experimentId}/{name}/aliases/{alias}</c>. Answers the <see cref="AliasChange"/>.</summary>
/// <param name="Version">Version or alias to point to ("v1", "latest").</param>
/// <param name="Expect">
/// The version the alias must point to now for the move to happen ("" = it must not exist); null moves it whatever it
/// points to. A mismatch is a conflict (409).
/// </param>
/// <param name="Why">The reason, kept in the history; null where none was given.</param>
/// <param name="Who">Author of the move, or null.</param>
/// <param name="RunId">The run that decided, or null.</param>
public sealed record MoveAliasRequest(string Version, string? Expect = null, string? Why = null, string? Who = null, string? RunId = null);

/// <summary>One move of an alias.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="From">Where it pointed ("v0"), or null.</param>
/// <param name="To">Where it points since, or null where it was removed.</param>
/// <param name="Who">Author, or null.</param>
/// <param name="Why">Reason, or null.</param>
/// <param name="RunId">The deciding run, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record AliasChange(string Alias, string? From, string? To, string? Who, string? Why, string? RunId, long At);

/// <summary>Body of <c>POST /api/v1/blobs/missing</c>: which of these contents the server lacks.</summary>
/// <param name="Digests">SHA-256 digests, at most 10,000.</param>
public sealed record MissingBlobsRequest(IReadOnlyList<string> Digests);

/// <summary>Answer of <c>POST /api/v1/blobs/missing</c>.</summary>
public sealed record MissingBlobsResponse(IReadOnlyList<string> Missing);

/// <summary>Answer of <c>GET /api/v1/lineage</c>: runs and versions around a start point.</summary>
public sealed record LineageGraph(IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges);

/// <summary>A run or a version.</summary>
/// <param name="Id">"run:{id}" or "version:{experimentId}/{name}:{version}".</param>
/// <param name="Run">Set where the node is a run.</param>
/// <param name="Version">Set where the node is a version.</param>
/// <param name="More">Neighbours that the answer leaves out because they are further away than was asked.</param>
public sealed record LineageNode(string Id, RunInfo? Run, VersionInfo? Version, int More);

/// <summary>From a version to the run that used it, or from a run to the version it logged.</summary>
public sealed record LineageEdge(string From, string To);
