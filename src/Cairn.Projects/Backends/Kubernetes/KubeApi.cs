using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>The seven calls of a cluster's API that jobs need, over plain HTTP: see docs/decisions/0009-kubernetes-over-http.md.</summary>
internal sealed class KubeApi : IDisposable
{
    private readonly KubeConfig _config;
    private readonly HttpClient _http;

    public KubeApi(KubeConfig config)
    {
        _config = config;
        var options = new SslClientAuthenticationOptions();
        if (config.Client is { } certificate)
        {
            options.ClientCertificates = [certificate];
        }

        if (config.TrustsAnyServer)
        {
#pragma warning disable CA5359 // The user's own kubeconfig asks for it (insecure-skip-tls-verify), as kubectl does.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (config.Authority is { } authority)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authority);
        }

        _http = new HttpClient(new SocketsHttpHandler { SslOptions = options, UseProxy = false }) { BaseAddress = config.Server, Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The object; null where there is none.</summary>
    /// <exception cref="HttpRequestException">The cluster does not answer, or refuses.</exception>
    public async Task<JsonElement?> GetAsync(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseContentRead, cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : JsonElement.Parse(await CheckedAsync(answer, cancellation));
    }

    /// <summary>Makes an object. One of the same name that is there already is taken for ours: it was made by this very call.</summary>
    /// <returns>Its <c>uid</c>; null where it was there already.</returns>
    public async Task<string?> CreateAsync(string path, string json, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, json, HttpCompletionOption.ResponseContentRead, cancellation);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            return null;
        }

        var made = JsonElement.Parse(await CheckedAsync(answer, cancellation));
        return made.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("uid", out var uid) ? uid.GetString() : null;
    }

    /// <summary>Changes the parts of an object that are given.</summary>
    public async Task PatchAsync(string path, string json, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Patch, path, json, HttpCompletionOption.ResponseContentRead, cancellation);
        await CheckedAsync(answer, cancellation);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path, null, HttpCompletionOption.ResponseContentRead, cancellation);
        if (answer.StatusCode != HttpStatusCode.NotFound)
        {
            await CheckedAsync(answer, cancellation);
        }
    }

    /// <summary>Makes a call whose failing is not the worst that has happened; false where it failed.</summary>
    public async Task<bool> TryAsync(Func<KubeApi, Task> call)
    {
        try
        {
            await call(this);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Bytes as they come; null where they cannot be had yet.</summary>
    public async Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return await answer.Content.ReadAsStreamAsync(cancellation);
        }

        answer.Dispose();
        return null;
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json, HttpCompletionOption completion, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(method, path);
        if (_config.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token());
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        return _http.SendAsync(request, completion, cancellation);
    }

    private static async Task<string> CheckedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return text;
        }

        // A Status object, whose message is for people.
        var message = text;
        try
        {
            using var status = JsonDocument.Parse(text);
            message = status.RootElement.TryGetProperty("message", out var said) ? said.GetString() : text;
        }
        catch (JsonException)
        {
            // A proxy in between answers what it likes.
        }

        throw new HttpRequestException($"The cluster refuses ({(int)answer.StatusCode}): {message}", null, answer.StatusCode);
    }
}
