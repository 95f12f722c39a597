using System.Runtime.InteropServices;
using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>Points of one series put in order, each once.</summary>
internal static class PointList
{
    /// <summary>Sorts in place where that is needed and drops repeated points.</summary>
    public static void Tidy(List<MetricPoint> points)
    {
        var span = CollectionsMarshal.AsSpan(points);
        var inOrder = true;
        for (var i = 1; i < span.Length && inOrder; i++)
        {
            inOrder = span[i - 1].CompareTo(span[i]) < 0;
        }

        if (inOrder)
        {
            return;
        }

        span.Sort();
        var kept = 1;
        for (var i = 1; i < span.Length; i++)
        {
            if (span[i] != span[kept - 1])
            {
                span[kept++] = span[i];
            }
        }

        CollectionsMarshal.SetCount(points, kept);
    }
}
