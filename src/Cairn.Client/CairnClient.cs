using System.Globalization;
using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client;

/// <summary>
/// One typed method for every route of the native API of a Cairn server, and the transfers built on them. Safe to use
/// from any number of threads. To log from a program, begin with <see cref="CairnRun"/>.
/// </summary>
/// <remarks>
/// Every method throws <see cref="CairnClientException"/> where the server refuses, cannot be reached within
/// <see cref="CairnClientOptions.RetryFor"/>, or an argument cannot be right, and <see cref="OperationCanceledException"/>
/// on cancellation. An experiment is given by its name or its id; text of digits only is an id. An answered write is on
/// the server's disk. Times are Unix milliseconds, UTC.
/// </remarks>
public sealed partial class CairnClient : IDisposable
{
    private readonly ApiConnection _api;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <exception cref="CairnClientException">The address in the options is not one of a web server.</exception>
    public CairnClient(CairnClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _api = new ApiConnection(options);
    }

    /// <summary>Makes a client for the server the environment names; see <see cref="CairnClientOptions.FromEnvironment()"/>.</summary>
    public CairnClient()
        : this(CairnClientOptions.FromEnvironment())
    {
    }

    /// <summary>What the client was made with.</summary>
    public CairnClientOptions Options { get; }

    /// <summary>Address of the server, ending in a slash.</summary>
    public Uri Url => _api.Base;

    internal ApiConnection Api => _api;

    /// <summary>The page of a run in the web interface.</summary>
    public Uri RunPage(string runId) => new(Url, $"runs/{Uri.EscapeDataString(runId)}");

    /// <summary>Whether a server answers at the address now. One try; never throws but for cancellation.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Url, "health"));
        return await _api.TryAsync(request, cancellation);
    }

    /// <summary>What the server says about itself.</summary>
    public Task<ServerInfo> GetServerAsync(CancellationToken cancellation = default) =>
        _api.GetAsync(ApiPath.Of("server"), CairnJson.Default.ServerInfo, cancellation);

    /// <summary>Experiments, those with the newest activity first.</summary>
    /// <param name="state">"active", "deleted" or "all"; null means active.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<IReadOnlyList<ExperimentInfo>> ListExperimentsAsync(
        string? state = null, CancellationToken cancellation = default) =>
        (await _api.GetAsync(
            ApiPath.Of("experiments").Query("state", state), CairnJson.Default.ExperimentList, cancellation)).Experiments;

    /// <summary>The experiment of that name, created if it was missing.</summary>
    /// <param name="name">1 to 500 characters.</param>
    /// <param name="tags">Labels to set on it, or null.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ExperimentInfo> EnsureExperimentAsync(
        string name, IReadOnlyDictionary<string, string>? tags = null, CancellationToken cancellation = default) =>
        _api.PostAsync(
            ApiPath.Of("experiments"),
            new EnsureExperimentRequest(name, tags),
            CairnJson.Default.EnsureExperimentRequest,
            CairnJson.Default.ExperimentInfo,
            cancellation);

    /// <summary>An existing experiment.</summary>
    /// <param name="experiment">Its name or id.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CairnClientException">With the code "not_found" where there is none.</exception>
    public async Task<ExperimentInfo> GetExperimentAsync(string experiment, CancellationToken cancellation = default)
    {
        if (IsId(experiment))
        {
            return await _api.GetAsync(ExperimentPath(experiment), CairnJson.Default.ExperimentInfo, cancellation);
        }

        var active = await ListExperimentsAsync(null, cancellation);
        return active.FirstOrDefault(e => string.Equals(e.Name, experiment, StringComparison.Ordinal))
            ?? throw new CairnClientException(
                null, "not_found", $"There is no active experiment \"{experiment}\" at {Url}.", "experiment");
    }

    /// <summary>Deletes an experiment and its runs; <see cref="RestoreExperimentAsync"/> brings the experiment back.</summary>
    /// <param name="experimentId">Its id.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task DeleteExperimentAsync(string experimentId, CancellationToken cancellation = default) =>
        _api.DeleteAsync(ExperimentPath(experimentId), cancellation);

    /// <summary>Brings a deleted experiment back.</summary>
    /// <param name="experimentId">Its id.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<ExperimentInfo> RestoreExperimentAsync(string experimentId, CancellationToken cancellation = default) =>
        _api.SendForAsync(
            HttpMethod.Post, ExperimentPath(experimentId).Literal("restore"), null, CairnJson.Default.ExperimentInfo, cancellation);

    /// <summary>
    /// Removes for good what was deleted, and contents that nothing mentions any more. May be called while everything
    /// else goes on, and again after it was cut off.
    /// </summary>
    /// <param name="olderThan">Only what has been deleted for so long.</param>
    /// <param name="dryRun">Only say what would be removed.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<GarbageReport> CollectGarbageAsync(TimeSpan olderThan, bool dryRun = false, CancellationToken cancellation = default) =>
        _api.PostAsync(
            ApiPath.Of("gc"),
            new GarbageRequest((long)olderThan.TotalMilliseconds, dryRun),
            CairnJson.Default.GarbageRequest,
            CairnJson.Default.GarbageReport,
            cancellation);

    /// <summary>Takes over experiments and runs as they are elsewhere; see <see cref="ImportRequest"/>.</summary>
    public Task<ImportAnswer> ImportAsync(ImportRequest request, CancellationToken cancellation = default) =>
        _api.PostAsync(ApiPath.Of("import"), request, CairnJson.Default.ImportRequest, CairnJson.Default.ImportAnswer, cancellation);

    /// <summary>Those of the runs that the server has.</summary>
    /// <param name="ids">Ids of runs, at most some thousands.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public async Task<IReadOnlyList<KnownRun>> FindKnownRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellation = default) =>
        (await _api.PostAsync(
            ApiPath.Of("import").Literal("known"), new KnownRunsRequest(ids), CairnJson.Default.KnownRunsRequest, CairnJson.Default.KnownRuns, cancellation)).Runs;

    /// <summary>All experiments, as an import takes them.</summary>
    public async Task<IReadOnlyList<ImportExperiment>> ExportExperimentsAsync(CancellationToken cancellation = default) =>
        (await _api.GetAsync(ApiPath.Of("export"), CairnJson.Default.ImportRequest, cancellation)).Experiments ?? [];

    /// <summary>Everything about a run, as an import takes it.</summary>
    public Task<ImportRun> ExportRunAsync(string runId, CancellationToken cancellation = default) =>
        _api.GetAsync(RunPath(runId).Literal("export"), CairnJson.Default.ImportRun, cancellation);

    /// <summary>The same as JSON, read as it arrives: a run may have more points than fit into memory. The caller disposes the stream.</summary>
    public Task<Stream> OpenRunExportAsync(string runId, CancellationToken cancellation = default) =>
        OpenAsync(RunPath(runId).Literal("export"), cancellation);

    /// <summary>Closes the connections. Runs started with this client must have been finished before.</summary>
    public void Dispose() => _api.Dispose();

    private static ApiPath ExperimentPath(string id) => ApiPath.Of("experiments").Segment(id, "experiment");

    private static bool IsId(string experiment) =>
        ulong.TryParse(experiment, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private async Task<string> ExperimentIdAsync(string experiment, CancellationToken cancellation) =>
        IsId(experiment) ? experiment : (await GetExperimentAsync(experiment, cancellation)).Id;
}
