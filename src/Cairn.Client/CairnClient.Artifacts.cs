using Cairn.Client.Http;
using Cairn.Client.Transfer;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>Artifacts.</summary>
    /// <param name="experiment">Name or id of the experiment to look in, or null for all.</param>
    /// <param name="type">Only artifacts of this type, or null for all.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<IReadOnlyList<ArtifactInfo>> ListArtifactsAsync(
        string? experiment = null, string? type = null, CancellationToken cancellation = default) =>
        (await _api.GetAsync(
            ApiPath.Of("artifacts").Query("experiment", experiment).Query("type", type),
            CairnJson.Default.ArtifactList,
            cancellation)).Artifacts;

    /// <summary>An artifact with its versions and the history of its aliases, both newest first.</summary>
    public async Task<ArtifactDetail> GetArtifactAsync(
        string experiment, string artifact, CancellationToken cancellation = default) =>
        await _api.GetAsync(
            await ArtifactPathAsync(experiment, artifact, cancellation), CairnJson.Default.ArtifactDetail, cancellation);

    /// <summary>The version a reference names now.</summary>
    /// <param name="reference">"name:v3", "name:alias", "name" (its latest) or "experiment/name:alias".</param>
    /// <param name="experiment">Name or id of the experiment where the reference names none; null means "Default".</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<VersionDetail> ResolveArtifactAsync(
        string reference, string? experiment = null, CancellationToken cancellation = default) =>
        _api.GetAsync(
            ApiPath.Of("artifacts/resolve").Query("ref", reference).Query("experiment", experiment),
            CairnJson.Default.VersionDetail,
            cancellation);

    /// <summary>One version of an artifact.</summary>
    /// <param name="experiment">Name or id of the experiment.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="version">A version ("v3") or an alias.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<VersionDetail> GetVersionAsync(
        string experiment, string artifact, string version, CancellationToken cancellation = default) =>
        await _api.GetAsync(
            await VersionPathAsync(experiment, artifact, version, cancellation), CairnJson.Default.VersionDetail, cancellation);

    /// <summary>Deletes a version. Refused (412) while an alias other than "latest" points to it.</summary>
    public async Task DeleteVersionAsync(
        string experiment, string artifact, string version, CancellationToken cancellation = default) =>
        await _api.DeleteAsync(await VersionPathAsync(experiment, artifact, version, cancellation), cancellation);

    /// <summary>Opens a file of a version for reading from the network. The caller disposes the stream.</summary>
    public async Task<Stream> OpenVersionFileAsync(
        string experiment, string artifact, string version, string path, CancellationToken cancellation = default) =>
        await OpenAsync(
            (await VersionPathAsync(experiment, artifact, version, cancellation)).Literal("files").File(path), cancellation);

    /// <summary>
    /// Commits a version whose contents have been stored already. <see cref="LogArtifactAsync"/> does all of it.
    /// </summary>
    public Task<CommitVersionResponse> CommitVersionAsync(
        CommitVersionRequest request, CancellationToken cancellation = default) =>
        _api.PostAsync(
            ApiPath.Of("artifacts/versions"),
            request,
            CairnJson.Default.CommitVersionRequest,
            CairnJson.Default.CommitVersionResponse,
            cancellation);

    /// <summary>
    /// Points an alias at a version, in one step for everyone who asks, and keeps the move in the history.
    /// </summary>
    /// <param name="experiment">Name or id of the experiment.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="alias">The alias; created if missing.</param>
    /// <param name="version">The version ("v1") or alias ("latest") to point to.</param>
    /// <param name="why">The reason, kept in the history; null for none.</param>
    /// <param name="expect">
    /// The version the alias must point to now ("" = it must not exist) for the move to happen, else the call throws with
    /// the code "conflict"; null moves it whatever it points to.
    /// </param>
    /// <param name="runId">The run that decided, or null.</param>
    /// <param name="who">Author of the move; null means the name of the user.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<AliasChange> MoveAliasAsync(
        string experiment,
        string artifact,
        string alias,
        string version,
        string? why = null,
        string? expect = null,
        string? runId = null,
        string? who = null,
        CancellationToken cancellation = default) =>
        await _api.PutAsync(
            await AliasPathAsync(experiment, artifact, alias, cancellation),
            new MoveAliasRequest(version, expect, why, who ?? Environment.UserName, runId),
            CairnJson.Default.MoveAliasRequest,
            CairnJson.Default.AliasChange,
            cancellation);

    /// <summary>Removes an alias; the version it pointed to stays.</summary>
    /// <param name="experiment">Name or id of the experiment.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="why">The reason, kept in the history; null for none.</param>
    /// <param name="who">Author of the removal; null means the name of the user.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<AliasChange> RemoveAliasAsync(
        string experiment,
        string artifact,
        string alias,
        string? why = null,
        string? who = null,
        CancellationToken cancellation = default)
    {
        var path = await AliasPathAsync(experiment, artifact, alias, cancellation);
        return await _api.SendForAsync(
            HttpMethod.Delete,
            path.Query("who", who ?? Environment.UserName).Query("why", why),
            null,
            CairnJson.Default.AliasChange,
            cancellation);
    }

    /// <summary>Runs and versions a run is connected with.</summary>
    /// <param name="runId">The run to begin at.</param>
    /// <param name="depth">How many edges away; null leaves it to the server.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<LineageGraph> GetRunLineageAsync(string runId, int? depth = null, CancellationToken cancellation = default) =>
        _api.GetAsync(
            ApiPath.Of("lineage").Query("run", runId).Query("depth", depth), CairnJson.Default.LineageGraph, cancellation);

    /// <summary>Runs and versions a version is connected with.</summary>
    /// <param name="experiment">Name or id of the experiment.</param>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="version">The version ("v3") to begin at.</param>
    /// <param name="depth">How many edges away; null leaves it to the server.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<LineageGraph> GetVersionLineageAsync(
        string experiment, string artifact, string version, int? depth = null, CancellationToken cancellation = default)
    {
        var id = await ExperimentIdAsync(experiment, cancellation);
        var path = ApiPath.Of("lineage").Query("version", $"{id}/{artifact}:{version}").Query("depth", depth);
        return await _api.GetAsync(path, CairnJson.Default.LineageGraph, cancellation);
    }

    /// <summary>
    /// Logs a version of an artifact without a run: stores the contents the server lacks, then commits. Calling it again
    /// after a break sends only what is still missing; content the artifact holds already makes no new version.
    /// </summary>
    /// <param name="experiment">Name of the experiment, created if missing, or id of an existing one.</param>
    /// <param name="artifact">What to log.</param>
    /// <param name="author">Who logs it; null means the name of the user.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call; no version exists then.</param>
    public Task<ArtifactVersion> LogArtifactAsync(
        string experiment,
        NewArtifact artifact,
        string? author = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var destination = artifact.ToRequest() with { Author = author ?? Environment.UserName };
        destination = IsId(experiment)
            ? destination with { ExperimentId = experiment }
            : destination with { Experiment = experiment };
        return new ArtifactUpload(this, artifact, progress).CommitAsync(destination, cancellation);
    }

    /// <summary>
    /// Logs a version as an output of a run that somebody else carries out, as <see cref="CairnRun.LogArtifactAsync"/>
    /// does for one's own. It lives in the run's experiment and has the run's author.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="artifact">What to log.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call; no version exists then.</param>
    public Task<ArtifactVersion> LogRunArtifactAsync(
        string runId,
        NewArtifact artifact,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return new ArtifactUpload(this, artifact, progress).CommitAsync(artifact.ToRequest() with { RunId = runId }, cancellation);
    }

    /// <summary>An artifact version whose files can be fetched, without a run that uses it.</summary>
    /// <param name="reference">"name:v3", "name:alias", "name" (its latest) or "experiment/name:alias".</param>
    /// <param name="experiment">Name or id of the experiment where the reference names none; null means "Default".</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<UsedArtifact> FindArtifactAsync(
        string reference, string? experiment = null, CancellationToken cancellation = default) =>
        new(this, await ResolveArtifactAsync(reference, experiment, cancellation));

    private async Task<ApiPath> ArtifactPathAsync(string experiment, string artifact, CancellationToken cancellation) =>
        ArtifactPath(await ExperimentIdAsync(experiment, cancellation), artifact);

    private async Task<ApiPath> VersionPathAsync(
        string experiment, string artifact, string version, CancellationToken cancellation) =>
        (await ArtifactPathAsync(experiment, artifact, cancellation)).Literal("versions").Segment(version, "version");

    private async Task<ApiPath> AliasPathAsync(
        string experiment, string artifact, string alias, CancellationToken cancellation) =>
        (await ArtifactPathAsync(experiment, artifact, cancellation)).Literal("aliases").Segment(alias, "alias");

    private static ApiPath ArtifactPath(string experimentId, string artifact) =>
        ApiPath.Of("artifacts").Segment(experimentId, "experiment").Segment(artifact, "artifact");
}
