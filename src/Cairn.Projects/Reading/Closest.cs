namespace Cairn.Projects;

/// <summary>"Did you mean": the known word nearest to a mistyped one.</summary>
internal static class Closest
{
    /// <summary>The nearest of <paramref name="known"/> that is near enough to be meant; null where none is.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(Normal(word), Normal(candidate));
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best is not null && (bestDistance <= Math.Min(3, best.Length / 3) || (bestDistance <= 3 && IsAlike(Normal(word), Normal(best)))) ? best : null;
    }

    /// <summary>"retries" for "retry", "lss" for "ls": the ending differs, or the one is the beginning of the other.</summary>
    private static bool IsAlike(string word, string known)
    {
        var common = word.AsSpan().CommonPrefixLength(known);
        return common >= 4 || (common >= 2 && common == Math.Min(word.Length, known.Length) && Math.Abs(word.Length - known.Length) == 1);
    }

    private static string Normal(string word) => word.ToLowerInvariant().Replace('-', '_');

    /// <summary>Edits (insert, delete, replace, swap of neighbours) between two words.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 8 || a.Length > 64 || b.Length > 64)
        {
            return int.MaxValue;
        }

        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replace, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
