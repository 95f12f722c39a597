using Cairn.Client.Transfer;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnRun
{
    /// <summary>
    /// Logs a version of an artifact as output of the run: hashes the files, stores the contents the server lacks (four at
    /// a time, in constant memory), then commits. The version exists when this returns and not before. Calling it again
    /// after a break sends only what is still missing; content the artifact holds already makes no new version.
    /// </summary>
    /// <param name="artifact">What to log.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call; no version exists then.</param>
    /// <exception cref="CairnClientException">The artifact is empty, a file cannot be read, or the server refuses it.</exception>
    public Task<ArtifactVersion> LogArtifactAsync(
        NewArtifact artifact, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return new ArtifactUpload(_client, artifact, progress).CommitAsync(artifact.ToRequest() with { RunId = Id }, cancellation);
    }

    /// <summary>Records a version as input of the run and answers it. Its files are fetched when they are asked for.</summary>
    /// <param name="reference">"name:v3", "name:alias", "name" (its latest) or "experiment/name:alias".</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CairnClientException">With the code "not_found" where there is no such version.</exception>
    public async Task<UsedArtifact> UseArtifactAsync(string reference, CancellationToken cancellation = default) =>
        new(_client, await _client.RecordInputAsync(Id, reference, cancellation));

    /// <summary>
    /// Points an alias of an artifact of the run's experiment at a version, with this run as the one that decided; see
    /// <see cref="CairnClient.MoveAliasAsync"/>. What the run has logged until now is sent first: the alias may have a gate
    /// that is judged by it, and refuses with the code "failed_precondition".
    /// </summary>
    /// <param name="artifact">Name of the artifact.</param>
    /// <param name="alias">The alias; created if missing.</param>
    /// <param name="version">The version ("v1") or alias to point to.</param>
    /// <param name="why">The reason, kept in the history; null for none.</param>
    /// <param name="expect">The version the alias must point to now ("" = it must not exist); null for any.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<AliasChange> MoveAliasAsync(
        string artifact,
        string alias,
        string version,
        string? why = null,
        string? expect = null,
        CancellationToken cancellation = default)
    {
        await FlushAsync(cancellation);
        return await _client.MoveAliasAsync(Info.ExperimentId, artifact, alias, version, why, expect, Id, Info.Author, cancellation);
    }

    /// <summary>
    /// Reports how a check of data or of a model ended, for the gates and triggers that listen to it. Any client can do
    /// the same with a tag, summary value or metric named <c>checks.NAME</c>.
    /// </summary>
    /// <param name="name">Name of the check.</param>
    /// <param name="passed">It passed.</param>
    /// <param name="detail">What was found, or null.</param>
    public void LogCheck(string name, bool passed, string? detail = null) =>
        SetTag($"checks.{name}", $"{(passed ? "passed" : "failed")}{(string.IsNullOrEmpty(detail) ? "" : $": {detail}")}");
}
