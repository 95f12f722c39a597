using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Cairn.Client.Http;

/// <summary>
/// Sends requests to one server: credentials, retries, time-outs, and faults turned into
/// <see cref="CairnClientException"/>. A request is made anew for every try.
/// </summary>
internal sealed class ApiConnection : IDisposable
{
    private const int LargeBody = 1 << 20;

    // A wrong address should be told at once; a server that has answered before is worth waiting for.
    private static readonly TimeSpan FirstContactPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstWarning = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan NextWarning = TimeSpan.FromSeconds(30);

    private readonly CairnClientOptions _options;
    private readonly HttpClient _http;
    private volatile bool _reached;

    public ApiConnection(CairnClientOptions options)
    {
        if (!CairnClientOptions.IsWebAddress(options.Url))
        {
            throw CairnClientException.Invalid(
                "url", $"\"{options.Url}\" is not the address of a server. Write it like {CairnClientOptions.DefaultUrl}.");
        }

        _options = options;
        Base = new Uri(options.Url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        _http = options.Handler is { } handler
            ? new HttpClient(handler, disposeHandler: false)
            : new HttpClient(NewHandler(Base), disposeHandler: true);
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("cairn-dotnet", ClientVersion));
        if (options.ApiKey is { Length: > 0 } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>Address of the server, ending in a slash.</summary>
    public Uri Base { get; }

    public CairnClientOptions Options => _options;

    private static string ClientVersion { get; } =
        typeof(ApiConnection).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public Task<T> GetAsync<T>(ApiPath path, JsonTypeInfo<T> answer, CancellationToken cancellation) =>
        SendForAsync(HttpMethod.Get, path, null, answer, cancellation);

    public Task<T> PostAsync<TBody, T>(
        ApiPath path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> answer, CancellationToken cancellation) =>
        SendForAsync(HttpMethod.Post, path, Json(body, bodyType), answer, cancellation);

    public Task<T> PutAsync<TBody, T>(
        ApiPath path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> answer, CancellationToken cancellation) =>
        SendForAsync(HttpMethod.Put, path, Json(body, bodyType), answer, cancellation);

    public Task<T> PatchAsync<TBody, T>(
        ApiPath path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> answer, CancellationToken cancellation) =>
        SendForAsync(HttpMethod.Patch, path, Json(body, bodyType), answer, cancellation);

    public async Task DeleteAsync(ApiPath path, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            _ => new HttpRequestMessage(HttpMethod.Delete, Address(path)), Persistence.Patient, cancellation);
    }

    public async Task<T> SendForAsync<T>(
        HttpMethod method, ApiPath path, Func<KeepAlive, HttpContent>? content, JsonTypeInfo<T> answer, CancellationToken cancellation)
    {
        var address = Address(path);
        using var response = await SendAsync(
            alive => new HttpRequestMessage(method, address) { Content = content?.Invoke(alive) },
            Persistence.Patient,
            cancellation,
            HttpCompletionOption.ResponseContentRead);
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(cancellation);
            return JsonSerializer.Deserialize(body, answer) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException fault)
        {
            throw new CairnClientException(
                response.StatusCode,
                "internal",
                $"What {address} answered is not what a Cairn server answers ({fault.Message}). Is CAIRN_URL right?",
                inner: fault);
        }
    }

    public async Task SendAsync<TBody>(
        HttpMethod method, ApiPath path, TBody body, JsonTypeInfo<TBody> bodyType, Persistence persistence, CancellationToken cancellation)
    {
        var address = Address(path);
        var content = Json(body, bodyType);
        using var response = await SendAsync(
            alive => new HttpRequestMessage(method, address) { Content = content(alive) }, persistence, cancellation);
    }

    /// <summary>
    /// Sends until an answer of success has come. The caller disposes it.
    /// </summary>
    /// <param name="make">Makes the request of one try; content that moves calls <see cref="KeepAlive.Touch"/>.</param>
    /// <param name="persistence">How long to try.</param>
    /// <param name="cancellation">Ends the tries.</param>
    /// <param name="until">Whether a try has succeeded with the head of the answer or only with all of it.</param>
    public async Task<HttpResponseMessage> SendAsync(
        Func<KeepAlive, HttpRequestMessage> make,
        Persistence persistence,
        CancellationToken cancellation,
        HttpCompletionOption until = HttpCompletionOption.ResponseHeadersRead)
    {
        var patience = _reached || _options.RetryFor < FirstContactPatience ? _options.RetryFor : FirstContactPatience;
        var schedule = new RetrySchedule(_options, persistence, patience);
        var warnAt = FirstWarning;
        while (true)
        {
            CairnClientException fault;
            TimeSpan? asked = null;
            using (var alive = new KeepAlive(_options, cancellation))
            {
                try
                {
                    using var request = make(alive);

                    // Lets a server that refuses say so before the bytes are on their way.
                    request.Headers.ExpectContinue = request.Content?.Headers.ContentLength >= LargeBody;
                    var response = await _http.SendAsync(request, until, alive.Token);
                    _reached = true;
                    if (response.IsSuccessStatusCode)
                    {
                        if (warnAt > FirstWarning)
                        {
                            _options.Tell($"The Cairn server at {Base} answers again.");
                        }

                        return response;
                    }

                    using (response)
                    {
                        asked = AskedPause(response);
                        fault = await ServerFault.ReadAsync(response, Base, _options.ApiKey is not null, alive.Token);
                    }
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    fault = ServerFault.Silent(Base, _options.SilenceTimeout);
                }
                catch (HttpRequestException broken)
                {
                    fault = ServerFault.Unreachable(Base, broken);
                }
                catch (IOException broken) when (broken is not (FileNotFoundException or DirectoryNotFoundException))
                {
                    fault = ServerFault.Unreachable(Base, broken);
                }
            }

            var pause = schedule.NextPause(fault.Status, asked) ?? throw fault;
            if (schedule.Elapsed >= warnAt)
            {
                warnAt = schedule.Elapsed + NextWarning;
                _options.Tell($"{fault.Message} Trying again.");
            }

            await Task.Delay(pause, _options.TimeProvider, cancellation);
        }
    }

    /// <summary>One try, of which only success or failure matters.</summary>
    public async Task<bool> TryAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var alive = new KeepAlive(_options, cancellation);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, alive.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public Uri Address(ApiPath path) => new(Base, path.ToString());

    public void Dispose() => _http.Dispose();

    private static Func<KeepAlive, HttpContent> Json<T>(T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return _ => new ByteArrayContent(bytes)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
    }

    private TimeSpan? AskedPause(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _options.TimeProvider.GetUtcNow(),
        _ => null,
    };

    private static SocketsHttpHandler NewHandler(Uri address) => new()
    {
        // Proxy settings of the machine are meant for the world outside it.
        UseProxy = !address.IsLoopback,
        // A redirected POST would silently become a GET.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        ConnectTimeout = TimeSpan.FromSeconds(15),
    };
}
