using System.Globalization;

namespace Cairn.Wandb.Wire;

/// <summary>Times as W&amp;B's clients read them.</summary>
internal static class WandbTime
{
    public static string? Of(long? milliseconds) => milliseconds is { } at ? Of(at) : null;

    public static string Of(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
