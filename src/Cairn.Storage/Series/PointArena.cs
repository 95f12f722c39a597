using System.Runtime.InteropServices;
using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>Points of one series within a <see cref="PointArena"/>, in the order they came. Empty by default.</summary>
internal readonly record struct PointChain(int First, int Last, int Count);

/// <summary>
/// Points of many series in a few blocks, each series' linked to a chain. They wait for a fraction of a second, which is
/// long enough for the collector to take lists of each series' own for old objects and keep their remains; the blocks are
/// used again and again. A block stays below what the collector treats as a large object.
/// </summary>
internal sealed class PointArena
{
    private const int Shift = 11;
    private const int BlockLength = 1 << Shift;

    private readonly List<Entry[]> blocks = [];
    private int used;

    public PointChain Add(PointChain chain, MetricPoint point)
    {
        if (used == blocks.Count << Shift)
        {
            blocks.Add(new Entry[BlockLength]);
        }

        var index = used++;
        At(index).Point = point;
        if (chain.Count == 0)
        {
            return new PointChain(index, index, 1);
        }

        At(chain.Last).Next = index;
        return new PointChain(chain.First, index, chain.Count + 1);
    }

    public void CopyTo(PointChain chain, List<MetricPoint> points)
    {
        var index = chain.First;
        for (var i = 0; i < chain.Count; i++)
        {
            ref var entry = ref At(index);
            points.Add(entry.Point);
            index = entry.Next;
        }
    }

    /// <summary>Forgets all points. As many blocks are kept as these took: a quiet server gives back what a busy hour needed.</summary>
    public void Clear()
    {
        var needed = (used + BlockLength - 1) >> Shift;
        blocks.RemoveRange(needed, blocks.Count - needed);
        used = 0;
    }

    private ref Entry At(int index) => ref blocks[index >> Shift][index & (BlockLength - 1)];

    // Without it four bytes of each would be padding.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Entry
    {
        public MetricPoint Point;
        public int Next;
    }
}
