using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client;

public sealed partial class CairnClient
{
    /// <summary>
    /// What changes about a run, or about all runs of an experiment, as it happens (at most four times a second for each
    /// run). Ends when the server closes the stream or goes away: read the state again, then watch again.
    /// </summary>
    /// <param name="runId">The run, or null for all of <paramref name="experiment"/>.</param>
    /// <param name="experiment">Name or id of the experiment; not used with a run.</param>
    /// <param name="cancellation">Ends the watch with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<RunChange> WatchAsync(
        string? runId = null, string? experiment = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var address = _api.Address(
            ApiPath.Of("events").Query("run", runId).Query("experiment", runId is null ? experiment : null));
        using var response = await _api.SendAsync(
            _ => new HttpRequestMessage(HttpMethod.Get, address)
            {
                Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/event-stream") } },
            },
            Persistence.Patient,
            cancellation);
        using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var events = SseParser.Create(stream, Parse)
            .EnumerateAsync(cancellation)
            .GetAsyncEnumerator(cancellation);
        await using (events)
        {
            while (await NextAsync(events))
            {
                if (events.Current.Data is { } change)
                {
                    yield return change;
                }
            }
        }
    }

    private static RunChange? Parse(string type, ReadOnlySpan<byte> data) =>
        type == "run" ? JsonSerializer.Deserialize(data, CairnJson.Default.RunChange) : null;

    // A stream that breaks is one that ended: both mean "read the state again".
    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<RunChange?>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return false;
        }
    }
}
