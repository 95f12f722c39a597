using System.Net.Http.Headers;
using System.Text.Json;
using Cairn.Client;

namespace Cairn.Projects.Running;

/// <summary>
/// The key a run hands to what it starts: whatever run any client creates with it becomes a child of this one. A server
/// that issues none is not worth a word; the children are then only not linked.
/// </summary>
internal static class LaunchKey
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public static async Task<string?> RequestAsync(CairnClient client, string runId, CancellationToken cancellation)
    {
        var address = new Uri($"{client.Url.AbsoluteUri.TrimEnd('/')}/api/v1/runs/{runId}/launch-token");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            if (client.Options.ApiKey is { } key)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }

            using var answer = await Http.SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            return document.RootElement.TryGetProperty("token", out var token) ? token.GetString() : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
