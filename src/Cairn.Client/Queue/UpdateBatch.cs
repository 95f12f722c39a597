using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Client.Queue;

/// <summary>
/// Puts queued values together into one <see cref="RunUpdate"/>. A later tag or summary value of the same name replaces
/// the earlier one, as it would on the server. A parameter that changes its value ends the update before it, so that the
/// server is the one who judges it.
/// </summary>
internal sealed class UpdateBatch
{
    private Dictionary<string, JsonElement>? _params;
    private Dictionary<string, string?>? _tags;
    private Dictionary<string, JsonElement>? _summary;
    private List<MetricPoint>? _points;
    private List<MediaInfo>? _media;
    private List<LogLine>? _logs;

    private UpdateBatch()
    {
    }

    /// <summary>The update made of the first <paramref name="used"/> entries, at least one.</summary>
    public static RunUpdate Of(ReadOnlySpan<Entry> entries, out int used)
    {
        var batch = new UpdateBatch();
        used = 0;
        foreach (var entry in entries)
        {
            if (!batch.TryAdd(entry))
            {
                break;
            }

            used++;
        }

        return new RunUpdate(batch._params, batch._tags, batch._points, batch._summary, batch._media, batch._logs);
    }

    private bool TryAdd(Entry entry)
    {
        switch (entry)
        {
            case Entry.Point point:
                (_points ??= []).Add(point.Value);
                return true;
            case Entry.Log log:
                (_logs ??= []).Add(log.Value);
                return true;
            case Entry.Media media:
                (_media ??= []).Add(media.Value);
                return true;
            case Entry.Tag tag:
                (_tags ??= new(StringComparer.Ordinal))[tag.Key] = tag.Value;
                return true;
            case Entry.Summary summary:
                (_summary ??= new(StringComparer.Ordinal))[summary.Key] = summary.Value;
                return true;
            case Entry.Param param:
                _params ??= new(StringComparer.Ordinal);
                return _params.TryAdd(param.Key, param.Value) || JsonElement.DeepEquals(_params[param.Key], param.Value);
            default:
                throw new InvalidOperationException($"No place in an update for {entry.GetType()}.");
        }
    }
}
