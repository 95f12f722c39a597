namespace Cairn.Wandb.History;

/// <summary>Picks so many of a row of things, evenly, with the first and the last: always the same ones.</summary>
internal sealed class Picker
{
    private readonly long total;
    private readonly long wanted;

    private Picker(long total, long wanted) => (this.total, this.wanted) = (total, wanted);

    /// <summary>Null where all are to be taken.</summary>
    public static Picker? For(long total, int limit) => total <= limit ? null : new Picker(total, Math.Max(1, limit));

    public bool Takes(long index) =>
        wanted == 1 ? index == total - 1 : Place(index) != Place(index - 1) || index == 0;

    // Which of the wanted places the thing has reached: 0 for the first, wanted - 1 for the last.
    private long Place(long index) => index < 0 ? -1 : (long)((Int128)index * (wanted - 1) / (total - 1));
}
