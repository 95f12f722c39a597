using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Core;
using Cairn.Core.Triggers;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Triggers;

/// <summary>
/// Who may set off a webhook: whoever signed the request with its secret. Cairn's own form covers the id of the delivery
/// and its time; GitHub's covers the body alone. An unknown trigger and a wrong signature are answered alike.
/// </summary>
internal static class HookSignature
{
    private const int LargestBody = 1024 * 1024;
    private const long Tolerance = 300;

    /// <summary>The id of the delivery.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Unauthenticated"/>.</exception>
    public static async Task<string> CheckAsync(HttpContext http, Trigger? trigger, TimeProvider clock)
    {
        var body = await ReadAsync(http);
        var headers = http.Request.Headers;
        var secret = Encoding.UTF8.GetBytes(trigger?.Spec is { Kind: TriggerKind.Webhook, Secret: { } known } ? known : "");
        foreach (var family in (ReadOnlySpan<string>)["X-Cairn", "X-MLflow"])
        {
            // The sender of this house calls it Delivery-Id, as MLflow does.
            var delivery = headers[$"{family}-Delivery"].ToString() is { Length: > 0 } id ? id : headers[$"{family}-Delivery-Id"].ToString();
            if (headers[$"{family}-Signature"].ToString() is { Length: > 0 } signature)
            {
                var stamp = headers[$"{family}-Timestamp"].ToString();
                var signed = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{delivery}.{stamp}.").Concat(body).ToArray());
                var isFresh = long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= Tolerance;
                return secret.Length > 0 && IsSame($"v1,{Convert.ToBase64String(signed)}", signature)
                    ? isFresh ? delivery : throw new CairnException(ErrorCode.Unauthenticated, $"The request was signed more than {Tolerance} seconds ago, or has no time in {family}-Timestamp (Unix seconds).")
                    : throw Refusal();
            }
        }

        var hub = headers["X-Hub-Signature-256"].ToString();
        return secret.Length > 0 && IsSame($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(secret, body))}", hub)
            ? headers["X-GitHub-Delivery"].ToString() is { Length: > 0 } given ? given : headers["X-Cairn-Delivery"].ToString()
            : throw Refusal();
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await http.Request.Body.ReadAsync(chunk, http.RequestAborted) is > 0 and var count)
        {
            if (buffer.Length + count > LargestBody)
            {
                throw new CairnException(ErrorCode.TooLarge, $"The body of a delivery has at most {LargestBody} bytes.");
            }

            buffer.Write(chunk, 0, count);
        }

        return buffer.ToArray();
    }

    private static bool IsSame(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    private static CairnException Refusal() => new(
        ErrorCode.Unauthenticated,
        "There is no such webhook, or the request is not signed with its secret. docs/promotion.md tells how: X-Cairn-Delivery, X-Cairn-Timestamp and X-Cairn-Signature.");
}
