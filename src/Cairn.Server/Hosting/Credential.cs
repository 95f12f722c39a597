using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Hosting;

/// <summary>What a request carries to show who it is from.</summary>
/// <param name="Name">Of <c>Basic</c>; null of <c>Bearer</c>.</param>
/// <param name="Secret">A key, token or password.</param>
internal readonly record struct Credential(string? Name, string Secret)
{
    /// <summary>Null where the header is missing, or of another scheme.</summary>
    public static Credential? Of(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header])
        {
            return null;
        }

        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? new Credential(null, header[7..].Trim())
            : header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? Basic(header[6..].Trim())
            : null;
    }

    private static Credential Basic(string encoded)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return new Credential(colon < 0 ? "" : text[..colon], text[(colon + 1)..]);
        }
        catch (FormatException)
        {
            return new Credential("", "");
        }
    }
}
