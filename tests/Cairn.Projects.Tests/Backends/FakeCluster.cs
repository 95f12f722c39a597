using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Cairn.Tests;

namespace Cairn.Projects.Tests.Backends;

/// <summary>
/// The part of a Kubernetes API server that jobs need, made by hand: it takes Secrets and Jobs, starts the command of the
/// job's container as a process of this machine with the secret's variables, and tells of it as a cluster does.
/// </summary>
internal sealed class FakeCluster : IDisposable
{
    private readonly HttpListener _listener;
    private readonly ConcurrentDictionary<string, JsonElement> _secrets = new();
    private readonly ConcurrentDictionary<string, Pod> _pods = new();

    private sealed record Pod(JsonElement Job, Process Process, string Log);

    public FakeCluster()
    {
        _listener = FreePort.Listen(out var url);
        Url = url;
        _ = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Jobs that were made, as their JSON.</summary>
    public ConcurrentQueue<JsonElement> Jobs { get; } = new();

    public ICollection<string> Secrets => _secrets.Keys;

    /// <summary>Answers every request with this while it is set.</summary>
    public HttpStatusCode? Refusal { get; set; }

    /// <summary>Takes no Jobs, as a cluster does with one that breaks its rules.</summary>
    public bool RefusesJobs { get; set; }

    public void Dispose()
    {
        foreach (var pod in _pods.Values)
        {
            Kill(pod);
        }

        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var path = context.Request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (context.Request.Headers["Authorization"] != "Bearer let-me-in" || Refusal is not null)
            {
                await WriteAsync(context, Refusal ?? HttpStatusCode.Unauthorized, """{"kind":"Status","message":"not you"}""");
                return;
            }

            switch (context.Request.HttpMethod, path)
            {
                case ("POST", [.., "secrets"]):
                    var secret = await ReadAsync(context);
                    _secrets[NameOf(secret)] = secret;
                    await WriteAsync(context, HttpStatusCode.Created, "{}");
                    break;
                case ("POST", [.., "jobs"]) when RefusesJobs:
                    await WriteAsync(context, HttpStatusCode.UnprocessableEntity, """{"kind":"Status","message":"the job is invalid"}""");
                    break;
                case ("POST", [.., "jobs"]):
                    Start(await ReadAsync(context));
                    await WriteAsync(context, HttpStatusCode.Created, "{}");
                    break;
                case ("GET", [.., "jobs", var job]):
                    await WriteAsync(context, _pods.ContainsKey(job) ? HttpStatusCode.OK : HttpStatusCode.NotFound, """{"metadata":{},"status":{}}""");
                    break;
                case ("GET", [.., "pods"]):
                    var name = context.Request.QueryString["labelSelector"]!.Split('=')[1];
                    await WriteAsync(context, HttpStatusCode.OK, _pods.TryGetValue(name, out var pod) ? $$"""{"items":[{{Status(name, pod)}}]}""" : """{"items":[]}""");
                    break;
                case ("GET", [.., "pods", var of, "log"]):
                    if (_pods.TryGetValue(of, out var followed))
                    {
                        await FollowAsync(context, followed);
                    }
                    else
                    {
                        await WriteAsync(context, HttpStatusCode.NotFound, "{}");
                    }

                    break;
                case ("DELETE", [.., "pods", var gone]):
                    if (_pods.TryGetValue(gone, out var ended))
                    {
                        Kill(ended);
                    }

                    await WriteAsync(context, HttpStatusCode.OK, "{}");
                    break;
                case ("DELETE", [.., "jobs", var gone]):
                    if (_pods.TryRemove(gone, out var removed))
                    {
                        Kill(removed);
                    }

                    await WriteAsync(context, HttpStatusCode.OK, "{}");
                    break;
                case ("DELETE", [.., "secrets", var gone]):
                    _secrets.TryRemove(gone, out _);
                    await WriteAsync(context, HttpStatusCode.OK, "{}");
                    break;
                default:
                    await WriteAsync(context, HttpStatusCode.NotFound, "{}");
                    break;
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or IOException or ObjectDisposedException)
        {
            // Whoever asked is gone.
        }
    }

    private void Start(JsonElement job)
    {
        Jobs.Enqueue(job);
        var container = job.GetProperty("spec").GetProperty("template").GetProperty("spec").GetProperty("containers")[0];
        var log = Path.GetTempFileName();
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "sh", log, .. container.GetProperty("command").EnumerateArray().Select(word => word.GetString()!)]);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        var secret = container.GetProperty("envFrom").EnumerateArray().Last().GetProperty("secretRef").GetProperty("name").GetString()!;
        foreach (var variable in _secrets[secret].GetProperty("stringData").EnumerateObject())
        {
            start.Environment[variable.Name] = variable.Value.GetString();
        }

        _pods[NameOf(job)] = new Pod(job, Process.Start(start)!, log);
    }

    private static string Status(string name, Pod pod)
    {
        var state = pod.Process.HasExited
            ? $$$"""{"terminated":{"exitCode":{{{pod.Process.ExitCode}}},"reason":"{{{(pod.Process.ExitCode == 0 ? "Completed" : "Error")}}}"}}"""
            : """{"running":{}}""";
        return $$$"""{"metadata":{"name":"{{{name}}}"},"status":{"phase":"Running","containerStatuses":[{"state":{{{state}}}}]}}""";
    }

    private static async Task FollowAsync(HttpListenerContext context, Pod pod)
    {
        await using var file = new FileStream(pod.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var isLast = false;
        while (true)
        {
            await file.CopyToAsync(context.Response.OutputStream);
            await context.Response.OutputStream.FlushAsync();
            if (isLast)
            {
                break;
            }

            isLast = pod.Process.HasExited;
            await Task.WhenAny(pod.Process.WaitForExitAsync(), Task.Delay(50));
        }

        context.Response.Close();
    }

    private static void Kill(Pod pod)
    {
        if (!pod.Process.HasExited)
        {
            pod.Process.Kill(entireProcessTree: true);
            pod.Process.WaitForExit();
        }
    }

    private static string NameOf(JsonElement thing) => thing.GetProperty("metadata").GetProperty("name").GetString()!;

    private static async Task<JsonElement> ReadAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        return JsonElement.Parse(await reader.ReadToEndAsync());
    }

    private static async Task WriteAsync(HttpListenerContext context, HttpStatusCode status, string json)
    {
        context.Response.StatusCode = (int)status;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(json));
        context.Response.Close();
    }
}
