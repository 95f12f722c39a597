using System.Runtime.CompilerServices;
using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>
    /// Creates a run. Where the request names no <see cref="CreateRunRequest.Id"/> one is chosen here, so that a try that
    /// was answered but not heard does not make a second run.
    /// </summary>
    public Task<RunInfo> CreateRunAsync(CreateRunRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _api.PostAsync(
            ApiPath.Of("runs"),
            request.Id is null ? request with { Id = Guid.NewGuid().ToString("N") } : request,
            CairnJson.Default.CreateRunRequest,
            CairnJson.Default.RunInfo,
            cancellation);
    }

    /// <summary>One page of the runs that match.</summary>
    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var path = ApiPath.Of("runs")
            .Query("experiment", query.Experiments)
            .Query("filter", query.Filter)
            .Query("orderBy", query.OrderBy)
            .Query("state", query.State)
            .Query("limit", query.Limit)
            .Query("pageToken", query.PageToken);
        return _api.GetAsync(path, CairnJson.Default.RunPage, cancellation);
    }

    /// <summary>All runs that match, asked for page by page as they are consumed.</summary>
    public async IAsyncEnumerable<RunRow> EnumerateRunsAsync(
        RunQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        while (true)
        {
            var page = await ListRunsAsync(query, cancellation);
            foreach (var row in page.Runs)
            {
                yield return row;
            }

            if (string.IsNullOrEmpty(page.NextPageToken))
            {
                yield break;
            }

            query = query with { PageToken = page.NextPageToken };
        }
    }

    /// <summary>Everything about one run but its points, log lines and file contents.</summary>
    public Task<RunDetail> GetRunAsync(string runId, CancellationToken cancellation = default) =>
        _api.GetAsync(RunPath(runId), CairnJson.Default.RunDetail, cancellation);

    /// <summary>The steps of a pipeline's run, or of an entry point that starts its components itself, and which waited for which.</summary>
    public Task<StepGraph> GetStepsAsync(string runId, CancellationToken cancellation = default) =>
        _api.GetAsync(RunPath(runId).Literal("steps"), CairnJson.Default.StepGraph, cancellation);

    /// <summary>Deletes a run; <see cref="RestoreRunAsync"/> brings it back.</summary>
    public Task DeleteRunAsync(string runId, CancellationToken cancellation = default) =>
        _api.DeleteAsync(RunPath(runId), cancellation);

    /// <summary>Brings a deleted run back.</summary>
    public Task<RunInfo> RestoreRunAsync(string runId, CancellationToken cancellation = default) =>
        _api.SendForAsync(HttpMethod.Post, RunPath(runId).Literal("restore"), null, CairnJson.Default.RunInfo, cancellation);

    /// <summary>
    /// Writes an update at once: all of it or, where this throws with a status below 500, nothing. Many small ones are
    /// better logged through a <see cref="CairnRun"/>, which gathers them.
    /// </summary>
    public Task UpdateRunAsync(string runId, RunUpdate update, CancellationToken cancellation = default) =>
        SendUpdateAsync(runId, update, Persistence.Patient, cancellation);

    /// <summary>Points of series of a run, ordered by (step, time).</summary>
    /// <param name="runId">The run.</param>
    /// <param name="keys">The series.</param>
    /// <param name="from">The first step, or null for the beginning.</param>
    /// <param name="to">The last step, or null for the end.</param>
    /// <param name="buckets">Into how many parts a long series is thinned; 0 asks for every point, null for the server's default.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<IReadOnlyList<SeriesData>> GetSeriesAsync(
        string runId,
        IEnumerable<string> keys,
        long? from = null,
        long? to = null,
        int? buckets = null,
        CancellationToken cancellation = default)
    {
        var path = RunPath(runId).Literal("series")
            .Query("key", keys).Query("from", from).Query("to", to).Query("buckets", buckets);
        return (await _api.GetAsync(path, CairnJson.Default.SeriesList, cancellation)).Series;
    }

    /// <summary>Console lines of a run, in order of their numbers.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="after">Only lines with a greater number, or null for all.</param>
    /// <param name="limit">Most lines to answer, or null for the server's default.</param>
    /// <param name="tail">The last so many lines instead, or null.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<LogPage> GetLogsAsync(
        string runId, long? after = null, int? limit = null, int? tail = null, CancellationToken cancellation = default) =>
        _api.GetAsync(
            RunPath(runId).Literal("logs").Query("after", after).Query("limit", limit).Query("tail", tail),
            CairnJson.Default.LogPage,
            cancellation);

    /// <summary>Records that a run uses an artifact version and answers that version.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="artifact">"name:v3", "name:alias", "name" (its latest) or "experiment/name:alias".</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<VersionDetail> RecordInputAsync(string runId, string artifact, CancellationToken cancellation = default) =>
        _api.PostAsync(
            RunPath(runId).Literal("inputs"),
            new UseArtifactRequest(artifact),
            CairnJson.Default.UseArtifactRequest,
            CairnJson.Default.VersionDetail,
            cancellation);

    internal Task SendUpdateAsync(string runId, RunUpdate update, Persistence persistence, CancellationToken cancellation) =>
        _api.SendAsync(
            HttpMethod.Post, RunPath(runId).Literal("updates"), update, CairnJson.Default.RunUpdate, persistence, cancellation);

    private static ApiPath RunPath(string runId) => ApiPath.Of("runs").Segment(runId, "runId");
}
