using System.Numerics;

namespace Cairn.Storage.Search;

/// <summary>A set of runs by the store's numbers of them: a bit for each, since searches put many and large ones together.</summary>
internal sealed class KeySet(long greatest)
{
    private readonly ulong[] words = new ulong[(greatest / 64) + 1];

    public int Count => words.Sum(BitOperations.PopCount);

    /// <summary>The members, ascending.</summary>
    public IEnumerable<long> Keys
    {
        get
        {
            for (var i = 0; i < words.Length; i++)
            {
                for (var rest = words[i]; rest != 0; rest &= rest - 1)
                {
                    yield return (i * 64L) + BitOperations.TrailingZeroCount(rest);
                }
            }
        }
    }

    public bool Contains(long key) => key / 64 < words.Length && (words[key / 64] & (1UL << (int)(key & 63))) != 0;

    public void Add(long key)
    {
        // A run made since the greatest number was read is not in this search's snapshot.
        if (key / 64 < words.Length)
        {
            words[key / 64] |= 1UL << (int)(key & 63);
        }
    }

    public void IntersectWith(KeySet other) => Combine(other, static (left, right) => left & right);

    public void UnionWith(KeySet other) => Combine(other, static (left, right) => left | right);

    public void Invert()
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = ~words[i];
        }
    }

    private void Combine(KeySet other, Func<ulong, ulong, ulong> with)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = with(words[i], other.words[i]);
        }
    }
}
