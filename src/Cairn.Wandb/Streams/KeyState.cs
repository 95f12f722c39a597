using Cairn.Core.Series;

namespace Cairn.Wandb.Streams;

/// <summary>What is known of one key of a run's history: W&amp;B's clients ask for it, and so do we between chunks.</summary>
internal sealed class KeyState(string name)
{
    public string Name { get; } = name;

    /// <summary>How many values of which type were seen, by W&amp;B's names of types.</summary>
    public Dictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>True while no number was less than the one before it.</summary>
    public bool IsMonotonic { get; set; } = true;

    /// <summary>The last number, or null.</summary>
    public double? Last { get; set; }

    /// <summary>Points of the chunk being read.</summary>
    public List<MetricPoint> Points { get; } = [];

    public void Count(string type) => Counts[type] = Counts.GetValueOrDefault(type) + 1;

    public void Add(double value)
    {
        Count("number");
        IsMonotonic &= Last is not { } last || value >= last;
        Last = value;
    }
}
