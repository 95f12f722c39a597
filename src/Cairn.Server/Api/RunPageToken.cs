using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Cairn.Core;
using Cairn.Core.Search;

namespace Cairn.Server.Api;

/// <summary>Where the next page of runs begins: how many runs came before it, and behind which run it is found.</summary>
internal static class RunPageToken
{
    public static string Write(int offset, RunPosition? after) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{offset} {after}")));

    /// <summary>The start for no token.</summary>
    public static (int Offset, RunPosition? After) Read(string? token)
    {
        if (token is null)
        {
            return (0, null);
        }

        if (Base64Url.IsValid(token))
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            RunPosition? after = null;
            if (space > 0
                && int.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                && (space + 1 == text.Length || RunPosition.TryParse(text[(space + 1)..], out after)))
            {
                return (offset, after);
            }
        }

        throw CairnException.Invalid("pageToken", "'pageToken' is none that this server gave out. Start again without it.");
    }
}
