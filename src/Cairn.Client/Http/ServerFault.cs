using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Client.Http;

/// <summary>Puts what went wrong between client and server into sentences.</summary>
internal static class ServerFault
{
    private const int MaxBody = 64 << 10;
    private const int MaxQuote = 200;

    public static CairnClientException Unreachable(Uri server, Exception fault)
    {
        var reason = fault.GetBaseException() is SocketException socket ? socket.Message : fault.Message;
        return new CairnClientException(
            null,
            "unreachable",
            $"Cannot reach a Cairn server at {server} ({reason.TrimEnd('.')}). " +
            "Start one with `cairn server`, or set CAIRN_URL to the address of one that runs.",
            inner: fault);
    }

    public static CairnClientException Silent(Uri server, TimeSpan silence) => new(
        null, "unreachable", $"The Cairn server at {server} has not answered for {silence.TotalSeconds:0} seconds.");

    public static async Task<CairnClientException> ReadAsync(
        HttpResponseMessage response, Uri server, bool keySent, CancellationToken cancellation)
    {
        var body = await ReadBodyAsync(response, cancellation);
        if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
        {
            return new CairnClientException(
                response.StatusCode,
                "invalid_argument",
                $"{server} redirects to {response.Headers.Location}. Set CAIRN_URL to the address it redirects to.",
                "url");
        }

        if (Parse(body) is { } error)
        {
            var hint = response.StatusCode == HttpStatusCode.Unauthorized && !keySent
                       && !error.Message.Contains("CAIRN_API_KEY", StringComparison.Ordinal)
                ? " No key was sent: set CAIRN_API_KEY."
                : "";
            return new CairnClientException(response.StatusCode, error.Code, error.Message + hint, error.Field);
        }

        var quote = Encoding.UTF8.GetString(body).Trim();
        quote = quote.Length > MaxQuote ? quote[..MaxQuote] + "…" : quote;
        return new CairnClientException(
            response.StatusCode,
            CodeOf(response.StatusCode),
            $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} " +
            $"{response.ReasonPhrase}{(quote.Length > 0 ? $": {quote}" : ".")}");
    }

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var body = new byte[MaxBody];
        return body[..await stream.ReadAtLeastAsync(body, MaxBody, throwOnEndOfStream: false, cancellation)];
    }

    private static ErrorInfo? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CairnJson.Default.ErrorResponse)?.Error is { Code: not null, Message: not null } error
                ? error
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // For answers that did not come from Cairn itself but from something on the way.
    private static string CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "not_found",
        HttpStatusCode.Conflict => "conflict",
        HttpStatusCode.PreconditionFailed => "failed_precondition",
        HttpStatusCode.Unauthorized => "unauthenticated",
        HttpStatusCode.Forbidden => "forbidden",
        HttpStatusCode.RequestEntityTooLarge => "too_large",
        HttpStatusCode.InsufficientStorage => "storage_full",
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => "unavailable",
        < HttpStatusCode.InternalServerError => "invalid_argument",
        _ => "internal",
    };
}
