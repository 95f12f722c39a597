using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cairn.Server.Api;

/// <summary>Server-sent events: which runs changed. Many changes in a quarter of a second are one event.</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    public static async Task Stream(HttpContext http)
    {
        RunId? run = Bind.Query(http, "run") is { } text ? RunId.Parse(text) : null;
        ExperimentId? experiment = Bind.Query(http, "experiment") is { } name
            ? (await http.RequestServices.GetRequiredService<ExperimentCatalog>().GetAsync(name, http.RequestAborted)).Id
            : null;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A stop of the server must not wait for pages that are open somewhere.
        var lifetime = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        using var subscription = http.RequestServices.GetRequiredService<RunFeed>().Subscribe(run, experiment);
        await http.Response.WriteAsync(": connected\n\n", ending.Token);
        var session = http.Features.Get<StandingSession>();
        try
        {
            while (session is null || session.Holds())
            {
                var reading = subscription.ReadAsync(ending.Token);
                while (await Task.WhenAny(reading, Task.Delay(KeepAlive, ending.Token)) != reading)
                {
                    if (session?.Holds() == false)
                    {
                        return;
                    }

                    // A proxy, or a browser that has gone, is found out by writing now and then.
                    await http.Response.WriteAsync(": still here\n\n", ending.Token);
                }

                foreach (var change in await reading)
                {
                    if (session?.Holds() == false)
                    {
                        return;
                    }

                    await http.Response.WriteAsync(Format(change), ending.Token);
                }

                await Task.Delay(Pace, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone, or the server goes: either way the stream just ends.
        }
    }

    private static string Format(Core.Runs.RunChange change)
    {
        var words = Enum.GetValues<RunChanges>()
            .Where(flag => flag != RunChanges.None && change.Changes.HasFlag(flag))
            .Select(flag => flag.ToString().ToLowerInvariant());
        var json = JsonSerializer.Serialize(new Client.Wire.RunChange(change.RunId.Value, [.. words]), CairnJson.Default.RunChange);
        return new StringBuilder("event: run\ndata: ").Append(json).Append("\n\n").ToString();
    }
}
