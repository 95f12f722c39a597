using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts;

/// <summary>Walks from a run or a version to what it was made of and what was made of it.</summary>
public sealed class Lineage(IArtifactStore store)
{
    /// <summary>More edges than a person can look at; the walk stops there.</summary>
    private const int EdgeLimit = 10_000;

    /// <summary>Every edge within <paramref name="depth"/> hops of the start, in both directions, each once.</summary>
    public async Task<LineageWalk> WalkAsync(LineageStart start, int depth, CancellationToken cancellationToken)
    {
        var edges = new Dictionary<(RunId, ArtifactKey, int, LineageDirection), LineageEdge>();
        var seen = new HashSet<LineageStart> { start };
        var front = new List<LineageStart> { start };
        for (var hop = 0; hop < depth && front.Count > 0 && edges.Count < EdgeLimit; hop++)
        {
            var next = new List<LineageStart>();
            foreach (var place in front)
            {
                foreach (var edge in await ReadEdgesAsync(place, cancellationToken))
                {
                    edges.TryAdd(Identity(edge), edge);
                    var other = place.Run is null ? LineageStart.Of(edge.RunId) : LineageStart.Of(edge.Key, edge.Index);
                    if (seen.Add(other))
                    {
                        next.Add(other);
                    }
                }
            }

            front = next;
        }

        var beyond = new Dictionary<LineageStart, int>();
        foreach (var place in front)
        {
            var more = (await ReadEdgesAsync(place, cancellationToken)).Select(Identity).Distinct().Count(edge => !edges.ContainsKey(edge));
            if (more > 0)
            {
                beyond[place] = more;
            }
        }

        return new LineageWalk([.. edges.Values], beyond);
    }

    private static (RunId, ArtifactKey, int, LineageDirection) Identity(LineageEdge edge) => (edge.RunId, edge.Key, edge.Index, edge.Direction);

    private Task<IReadOnlyList<LineageEdge>> ReadEdgesAsync(LineageStart place, CancellationToken cancellationToken) => place.Run is { } run
        ? store.ReadEdgesAsync(run, cancellationToken)
        : store.ReadEdgesAsync(place.Key!.Value, place.Index, cancellationToken);
}

/// <summary>What a walk found.</summary>
/// <param name="Edges">Each once.</param>
/// <param name="Beyond">Places at the rim, and how many edges of theirs lead further than was asked.</param>
public sealed record LineageWalk(IReadOnlyList<LineageEdge> Edges, IReadOnlyDictionary<LineageStart, int> Beyond);

/// <summary>A place in the graph: a run, or a version.</summary>
public readonly record struct LineageStart(RunId? Run, ArtifactKey? Key, int Index)
{
    public static LineageStart Of(RunId run) => new(run, null, 0);

    public static LineageStart Of(ArtifactKey key, int index) => new(null, key, index);
}
