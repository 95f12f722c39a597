namespace Cairn.Client;

/// <summary>
/// Where the server is and how the client behaves. Every property has a default that suits a program on the same
/// machine as its server; <see cref="FromEnvironment()"/> adds what the environment says.
/// </summary>
public sealed class CairnClientOptions
{
    /// <summary>The address a server listens on when it is told nothing else: <c>http://127.0.0.1:5080</c>.</summary>
    public static Uri DefaultUrl { get; } = new("http://127.0.0.1:5080");

    /// <summary>
    /// Address of the server, <c>http</c> or <c>https</c>; a path ("https://host/cairn") is kept in front of every route.
    /// </summary>
    public Uri Url { get; init; } = DefaultUrl;

    /// <summary>The key sent as bearer token, or null where the server asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// Folder of the local artifact cache. It may be shared by any number of processes and deleted at any time no
    /// download is going on.
    /// </summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder(Environment.GetEnvironmentVariable);

    /// <summary>
    /// How long a call that someone waits for is tried again when the server does not answer; 1 minute by default, zero
    /// means one try. A server that has not answered this client even once gets at most two seconds, so that a wrong
    /// address is told at once. What a run logs in the background is not bound by this: see <see cref="DeliveryTimeout"/>.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The pause before the first retry, 100 ms by default. It doubles with each further one up to
    /// <see cref="MaxRetryDelay"/> and is shortened by chance, by up to half, so that many clients do not come back at
    /// the same moment.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two tries, 10 s by default. A server that names a pause itself is obeyed.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the server may stay silent within one try, 100 s by default. A transfer that moves is never cut off.
    /// </summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long a logged value may wait in memory before it is sent, 500 ms by default. Full batches leave at once.
    /// </summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Memory that values of one run waiting to be sent may take, in bytes and roughly; 32 MiB by default (about
    /// 300,000 metric values). Where it is used up, for instance because the server is away, logging calls block until
    /// there is room.
    /// </summary>
    public long QueueBytes { get; init; } = 32 << 20;

    /// <summary>
    /// How long finishing or disposing a run waits for a server that does not answer before it gives up what was not
    /// delivered. Endless by default: nothing is lost while the process lives.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// Whether a run that is still open when the process ends by itself is seen to, with at most five seconds spent on it:
    /// finished by the exit code, failed by an exception nobody caught, or killed by a signal (Ctrl-C, SIGTERM, SIGHUP).
    /// After a signal the run stays open, for programs that go on to a graceful end of their own. True by default.
    /// </summary>
    public bool FinishOnExit { get; init; } = true;

    /// <summary>
    /// Told in a sentence what a person should know but no call can throw: the server is away and values wait, a value
    /// was refused, a run is finished. Writes to standard error by default. Called from any thread; must not block.
    /// </summary>
    public Action<string> Warn { get; init; } = static message => Console.Error.WriteLine($"cairn: {message}");

    /// <summary>The clock: time stamps, pauses and time-outs follow it.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The handler that carries the requests, for instance one of a server in the same process; null for the client's
    /// own. It is not disposed with the client.
    /// </summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>
    /// The defaults, with <c>CAIRN_URL</c>, <c>CAIRN_API_KEY</c> and <c>CAIRN_CACHE_DIR</c> in their place where they are
    /// set and not empty. A host without a scheme ("localhost:5080") means <c>http</c>.
    /// </summary>
    /// <exception cref="CairnClientException"><c>CAIRN_URL</c> is not the address of a web server.</exception>
    public static CairnClientOptions FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    internal static CairnClientOptions FromEnvironment(Func<string, string?> variable) => new()
    {
        Url = variable("CAIRN_URL") is { Length: > 0 } url ? ParseUrl(url, "CAIRN_URL") : DefaultUrl,
        ApiKey = variable("CAIRN_API_KEY") is { Length: > 0 } key ? key : null,
        CacheFolder = DefaultCacheFolder(variable),
    };

    /// <summary>Reads an address as a person writes it: a scheme may be missing and then means <c>http</c>.</summary>
    /// <param name="text">"localhost:5080", "https://cairn.example.org" …</param>
    /// <param name="field">Where the text came from, for the message of the error.</param>
    /// <exception cref="CairnClientException">It is not an address of a web server.</exception>
    public static Uri ParseUrl(string text, string field = "url")
    {
        ArgumentNullException.ThrowIfNull(text);
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(full.Trim(), UriKind.Absolute, out var url) && IsWebAddress(url)
            ? url
            : throw CairnClientException.Invalid(
                field, $"{field} is \"{text}\", which is not the address of a server. Write it like {DefaultUrl}.");
    }

    /// <summary>Calls <see cref="Warn"/>; a fault in it must not become one of the delivery.</summary>
    internal void Tell(string message)
    {
        try
        {
            Warn(message);
        }
#pragma warning disable CA1031 // Whatever the user's code throws.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    internal static bool IsWebAddress(Uri url) =>
        url.IsAbsoluteUri && url.Scheme is "http" or "https" && url.Host.Length > 0;

    private static string DefaultCacheFolder(Func<string, string?> variable)
    {
        if (variable("CAIRN_CACHE_DIR") is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "cairn", "cache");
        }

        var caches = variable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg)
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(caches, "cairn");
    }
}
