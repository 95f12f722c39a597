using System.Text.Json;
using Cairn.Core.Blobs;
using Cairn.Core.Runs;

namespace Cairn.Wandb.Streams;

/// <summary>The pictures that a value of a row speaks of: one, or several logged together.</summary>
internal static class RowPictures
{
    public static IEnumerable<Media> Of(string key, JsonElement value, long step, long time)
    {
        if (Text(value, "path") is { } path)
        {
            if (RelativePath.IsSafe(path))
            {
                yield return new Media(key, step, time, "image", RelativePath.Normalize(path), Caption(Text(value, "caption")));
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
                yield return new Media(key, step, time, "image", RelativePath.Normalize(file), Caption(caption));
            }
        }
    }

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.GetString() is { Length: > 0 } text ? text : null;

    private static string? Caption(string? text) => text is { Length: > 1000 } ? text[..1000] : text;
}
