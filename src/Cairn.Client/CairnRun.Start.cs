using System.Net;
using System.Text.Json;
using Cairn.Client.Values;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnRun
{
    /// <summary>
    /// Starts a run on the server the environment names (<see cref="CairnClientOptions.FromEnvironment()"/>). Under
    /// <c>cairn run</c> the first run a process starts is the one it was launched as (<c>CAIRN_RUN_ID</c>): it is adopted,
    /// with the given params and tags added; further ones are created as its children. Elsewhere a run is created.
    /// </summary>
    /// <param name="options">What it is called and belongs to; null for all defaults.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <exception cref="CairnClientException">
    /// The server cannot be reached or refuses, or the run to resume or adopt does not exist.
    /// </exception>
    public static async Task<CairnRun> StartAsync(RunOptions? options = null, CancellationToken cancellation = default)
    {
        var client = new CairnClient();
        try
        {
            return await StartAsync(client, ownsClient: true, options ?? new RunOptions(), RunEnvironment.Process, cancellation);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Starts a run as the other overload does, on the server of a client. The client must outlive the run.</summary>
    /// <param name="client">The client to speak through.</param>
    /// <param name="options">What it is called and belongs to; null for all defaults.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <exception cref="CairnClientException">
    /// The server cannot be reached or refuses, or the run to resume or adopt does not exist.
    /// </exception>
    public static Task<CairnRun> StartAsync(
        CairnClient client, RunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return StartAsync(client, ownsClient: false, options ?? new RunOptions(), RunEnvironment.Process, cancellation);
    }

    /// <summary>
    /// Carries out work as a run and ends the run as the work ends: <see cref="RunStatus.Finished"/>, or
    /// <see cref="RunStatus.Failed"/> when it throws (<see cref="FailAsync"/>), or <see cref="RunStatus.Killed"/> when it
    /// was cancelled. The exception is thrown on.
    /// </summary>
    /// <param name="options">What the run is called and belongs to; null for all defaults.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Handed to the work.</param>
    public static async Task TrackAsync(
        RunOptions? options, Func<CairnRun, CancellationToken, Task> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        await using var run = await StartAsync(options, cancellation);
        await run.CarryOutAsync(work, cancellation);
    }

    /// <summary>Carries out work as a run as the other overload does, on the server of a client.</summary>
    /// <param name="client">The client to speak through.</param>
    /// <param name="options">What the run is called and belongs to; null for all defaults.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Handed to the work.</param>
    public static async Task TrackAsync(
        CairnClient client,
        RunOptions? options,
        Func<CairnRun, CancellationToken, Task> work,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        await using var run = await StartAsync(client, options, cancellation);
        await run.CarryOutAsync(work, cancellation);
    }

    internal static async Task<CairnRun> StartAsync(
        CairnClient client, bool ownsClient, RunOptions options, RunEnvironment environment, CancellationToken cancellation)
    {
        if (options.ResumeId is { } resumed)
        {
            var detail = await ExistingAsync(client, resumed, "ResumeId", cancellation);
            await WriteAsync(client, options, detail, resumed: true, cancellation);
            return new CairnRun(client, ownsClient, detail.Run, detail, adopted: false);
        }

        if (environment.Claim() is not { } adopted)
        {
            var info = await client.CreateRunAsync(ToRequest(client, options, environment), cancellation);
            return new CairnRun(client, ownsClient, info, null, adopted: false);
        }

        try
        {
            var detail = await ExistingAsync(client, adopted, "CAIRN_RUN_ID", cancellation);
            await WriteAsync(client, options, detail, resumed: false, cancellation);
            return new CairnRun(client, ownsClient, detail.Run, detail, adopted: true);
        }
        catch
        {
            environment.Release();
            throw;
        }
    }

    internal async Task CarryOutAsync(Func<CairnRun, CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(this, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await EndBecauseAsync(() => FinishAsync(RunStatus.Killed, CancellationToken.None));
            throw;
        }
        catch (Exception fault)
        {
            await EndBecauseAsync(() => FailAsync(fault, CancellationToken.None));
            throw;
        }

        await FinishAsync(RunStatus.Finished, cancellation);
    }

    // The exception of the work is the one to be thrown; trouble with the server on top of it is only told.
    private async Task EndBecauseAsync(Func<Task> end)
    {
        try
        {
            await end();
        }
        catch (CairnClientException trouble)
        {
            _client.Options.Tell($"Run {Id} could not be finished as it should: {trouble.Message}");
        }
    }

    private static async Task<RunDetail> ExistingAsync(
        CairnClient client, string runId, string origin, CancellationToken cancellation)
    {
        try
        {
            return await client.GetRunAsync(runId, cancellation);
        }
        catch (CairnClientException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            throw new CairnClientException(
                missing.Status, missing.Code, $"{origin} names the run \"{runId}\", which does not exist at {client.Url}.", origin, missing);
        }
    }

    private static async Task WriteAsync(
        CairnClient client, RunOptions options, RunDetail detail, bool resumed, CancellationToken cancellation)
    {
        var update = new RunUpdate(
            Params: ToJson(options.Params),
            Tags: options.Tags?.ToDictionary(tag => tag.Key, tag => (string?)tag.Value, StringComparer.Ordinal),
            Name: resumed ? options.Name : null,
            Status: resumed && detail.Run.Status != RunStatus.Running.ToWire() ? RunStatus.Running.ToWire() : null);
        if (update != new RunUpdate())
        {
            await client.UpdateRunAsync(detail.Run.Id, update, cancellation);
        }
    }

    private static CreateRunRequest ToRequest(CairnClient client, RunOptions options, RunEnvironment environment) => new(
        Experiment: options.Experiment ?? environment.Experiment ?? "Default",
        Id: Guid.NewGuid().ToString("N"),
        Name: options.Name,
        Author: options.Author ?? Environment.UserName,
        JobType: options.JobType,
        ParentId: options.ParentId ?? environment.ParentId,
        StartedAt: client.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
        Params: ToJson(options.Params),
        Tags: options.Tags);

    private static Dictionary<string, JsonElement>? ToJson(IReadOnlyDictionary<string, object?>? values) =>
        values?.ToDictionary(pair => pair.Key, pair => LoggedValue.From($"params.{pair.Key}", pair.Value), StringComparer.Ordinal);
}
