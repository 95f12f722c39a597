using Cairn.Client.Wire;

namespace Cairn.Client;

/// <summary>Knows the next step of every series, for callers that give none.</summary>
internal sealed class StepCounter
{
    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal);

    /// <summary>Goes on behind what a run has.</summary>
    public void ContinueAfter(RunDetail run)
    {
        foreach (var metric in run.Metrics)
        {
            Next(metric.Key, metric.Step);
        }

        foreach (var media in run.Media)
        {
            NextImage(media.Key, media.Step);
        }
    }

    /// <summary>The step given or, for null, the one after the greatest so far.</summary>
    public long Next(string key, long? step)
    {
        lock (_next)
        {
            var next = _next.GetValueOrDefault(key);
            var chosen = step ?? next;
            _next[key] = Math.Max(next, chosen == long.MaxValue ? chosen : chosen + 1);
            return chosen;
        }
    }

    /// <summary>The same for a series of pictures, which may have the name of a metric.</summary>
    public long NextImage(string key, long? step) => Next($"\0image\0{key}", step);
}
