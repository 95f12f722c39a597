using System.Text.Json;

namespace Cairn.Cli.Hosting;

/// <summary>What a running server leaves in its data folder: its address and process.</summary>
internal sealed record Beacon(Uri Url, int ProcessId)
{
    /// <summary>The beacon of a folder; null where there is none. It may be a left-over of a server that was killed.</summary>
    public static Beacon? Read(string dataFolder)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataFolder, "server.json")));
            return Uri.TryCreate(json.RootElement.GetProperty("url").GetString(), UriKind.Absolute, out var url)
                ? new Beacon(url, json.RootElement.GetProperty("pid").GetInt32())
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // A file that is just being written reads as broken; the caller looks again.
            return null;
        }
    }
}
