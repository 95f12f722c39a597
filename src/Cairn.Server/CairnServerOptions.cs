using System.Net;
using Cairn.Core;
using Cairn.Core.Access;

namespace Cairn.Server;

/// <summary>Everything a server can be told. It runs with none of it set.</summary>
public sealed record CairnServerOptions
{
    public const int DefaultPort = 5080;

    /// <summary>The folder everything is kept in; made where it is missing.</summary>
    public string DataFolder { get; init; } = DefaultDataFolder;

    /// <summary>"host:port"; port 0 takes a free one. Hosts other than this machine's loopback need an <see cref="ApiKey"/>, or users.</summary>
    public string Listen { get; init; } = $"127.0.0.1:{DefaultPort}";

    /// <summary>The key every request must carry; null or empty asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// Where clients put the files of experiments that name no place of their own: a folder or URI. Null = they send them
    /// through the server. An experiment keeps the place that it got when it was made.
    /// </summary>
    public string? DefaultArtifactRoot { get; init; }

    /// <summary>A folder that keeps what is sent through the server as plain files. Null = the data folder does, each content once.</summary>
    public string? ArtifactsDestination { get; init; }

    /// <summary>
    /// Does as MLflow's server does also where that is a nuisance: the name of a deleted experiment stays taken until the
    /// bin is emptied.
    /// </summary>
    public bool MlflowStrict { get; init; }

    /// <summary>
    /// Hosts to which webhooks may be sent: a name, "name:port", or "*" for every host of the public internet by https. None
    /// by default: the server then opens no connection that a user asked for.
    /// </summary>
    public IReadOnlyList<string> WebhookHosts { get; init; } = [];

    /// <summary>
    /// Addresses ("10.0.0.2") and networks ("10.0.0.0/24") of the proxies in front of this server. From these alone it believes
    /// where a request came from (X-Forwarded-For) and whether it came by TLS (X-Forwarded-Proto). None by default.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>What users may do with experiments and models on which nothing was said of them.</summary>
    public Permission DefaultPermission { get; init; } = Permission.Read;

    /// <summary>Logs warnings and errors only, and leaves signals (Ctrl-C) to the program it is hosted in.</summary>
    public bool Quiet { get; init; }

    /// <summary><c>CAIRN_DATA</c>, or <c>.cairn</c> in the user's home.</summary>
    public static string DefaultDataFolder =>
        Environment.GetEnvironmentVariable("CAIRN_DATA") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cairn");

    /// <summary>The address to listen on.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> saying all that is wrong.</exception>
    internal IPEndPoint Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(DataFolder))
        {
            faults.Add("--data is empty: name a folder.");
        }

        var endpoint = ParseListen(Listen);
        if (endpoint is null)
        {
            faults.Add($"--listen '{Listen}' is not HOST:PORT (such as 127.0.0.1:{DefaultPort}, 0.0.0.0:{DefaultPort} or [::1]:{DefaultPort}).");
        }
        else if (!IsProtected(endpoint) && !Directory.Exists(DataFolder))
        {
            faults.Add(Unprotected);
        }

        if (ApiKey is { Length: > 0 and < 16 })
        {
            faults.Add("The API key is shorter than 16 characters and could be guessed. Use a longer one, for instance from: openssl rand -hex 20");
        }

        faults.AddRange(Hosting.TrustedProxies.Faults(TrustedProxies));
        return faults.Count == 0
            ? endpoint!
            : throw new CairnException(ErrorCode.InvalidArgument, string.Join(Environment.NewLine, faults));
    }

    /// <summary>What can be reached from other machines must ask who it is: for a key, or for users.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    internal void RequireCredentials(IPEndPoint endpoint, bool hasUsers)
    {
        if (!hasUsers && !IsProtected(endpoint))
        {
            throw new CairnException(ErrorCode.InvalidArgument, Unprotected);
        }
    }

    private string Unprotected =>
        $"--listen {Listen} can be reached from other machines, and neither a key nor a user is asked for. "
        + "Add a user (cairn user add NAME --admin), set CAIRN_API_KEY for the server and its clients, or listen on 127.0.0.1.";

    private bool IsProtected(IPEndPoint endpoint) => IPAddress.IsLoopback(endpoint.Address) || !string.IsNullOrEmpty(ApiKey);

    private static IPEndPoint? ParseListen(string listen)
    {
        var text = listen.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{listen[9..]}"
            : listen.StartsWith("*:", StringComparison.Ordinal) ? $"0.0.0.0{listen[1..]}"
            : listen;
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var endpoint) && HasPort(text) ? endpoint : null;
    }

    // IPEndPoint takes a bare IPv6 address for one with port 0.
    private static bool HasPort(string text) => text.LastIndexOf(':') > text.LastIndexOf(']') && (text.StartsWith('[') || text.Count(c => c == ':') == 1);
}
