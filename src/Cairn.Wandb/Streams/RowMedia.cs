using System.Text.Json;
using Cairn.Core.Blobs;
using Cairn.Core.Runs;

namespace Cairn.Wandb.Streams;

/// <summary>What a value of a row shows: a picture or several logged together, a table, a page, a sound, a film, a histogram.</summary>
internal static class RowMedia
{
    /// <summary>The kind of media that a type of the client's is; null for what can only be kept.</summary>
    public static string? KindOf(string? type) => type switch
    {
        "image-file" or "images/separated" => "image",
        "table-file" => "table",
        "html-file" => "html",
        "audio-file" => "audio",
        "video-file" => "video",
        "histogram" => "histogram",
        "plotly-file" or "object3D-file" or "molecule-file" or "bokeh-file" => "file",
        _ => null,
    };

    public static IEnumerable<Media> Of(string key, JsonElement value, long step, long time)
    {
        var kind = KindOf(Text(value, "_type"));
        if (kind is null or "histogram")
        {
            // A histogram has no file: its counts are in the row.
            if (kind is not null)
            {
                yield return new Media(key, step, time, kind, "", null);
            }

            yield break;
        }

        if (Text(value, "path") is { } path)
        {
            if (RelativePath.IsSafe(path))
            {
                yield return new Media(key, step, time, kind, RelativePath.Normalize(path), Caption(Text(value, "caption")));
            }

            yield break;
        }

        if (!value.TryGetProperty("filenames"u8, out var names) || names.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        var captions = value.TryGetProperty("captions"u8, out var given) && given.ValueKind == JsonValueKind.Array ? given : default;
        var index = 0;
        foreach (var name in names.EnumerateArray())
        {
            var caption = captions.ValueKind == JsonValueKind.Array && index < captions.GetArrayLength() && captions[index].ValueKind == JsonValueKind.String ? captions[index].GetString() : null;
            index++;
            if (name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } file && RelativePath.IsSafe(file))
            {
                yield return new Media(key, step, time, kind, RelativePath.Normalize(file), Caption(caption));
            }
        }
    }

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.GetString() is { Length: > 0 } text ? text : null;

    private static string? Caption(string? text) => text is { Length: > 1000 } ? text[..1000] : text;
}
