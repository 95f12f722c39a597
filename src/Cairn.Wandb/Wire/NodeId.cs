using System.Globalization;
using System.Text;

namespace Cairn.Wandb.Wire;

/// <summary>
/// Identities on the wire: the base64 of "Kind:value". Clients decode and re-encode them, so it must be standard base64.
/// </summary>
internal static class NodeId
{
    public static string Of(string kind, long number) => Of(kind, number.ToString(CultureInfo.InvariantCulture));

    public static string Of(string kind, string value) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{kind}:{value}"));

    /// <summary>The value inside of an id of that kind; null where it is none.</summary>
    public static string? Read(string kind, string? id)
    {
        if (string.IsNullOrEmpty(id))
        {
            return null;
        }

        var bytes = new byte[id.Length];
        if (!Convert.TryFromBase64String(id, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.StartsWith($"{kind}:", StringComparison.Ordinal) ? text[(kind.Length + 1)..] : null;
    }
}
