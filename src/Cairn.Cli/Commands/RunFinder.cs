using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands;

/// <summary>Finds the run a person means: by id, by the beginning of an id, or by name.</summary>
internal static class RunFinder
{
    private const int LongestId = 32;
    private const int MostLookedAt = 2000;

    public static async Task<RunDetail> FindAsync(CairnClient client, string text, CancellationToken cancellation)
    {
        if (text.Length == LongestId)
        {
            return await client.GetRunAsync(text, cancellation);
        }

        var matches = new List<RunInfo>();
        await foreach (var row in client.EnumerateRunsAsync(new RunQuery { Limit = 500, State = "all" }, cancellation).Take(MostLookedAt).WithCancellation(cancellation))
        {
            if ((text.Length >= 4 && row.Run.Id.StartsWith(text, StringComparison.Ordinal)) || row.Run.Name == text)
            {
                matches.Add(row.Run);
            }
        }

        return matches switch
        {
            [var single] => await client.GetRunAsync(single.Id, cancellation),
            [] => throw new CairnClientException(null, "not_found", $"There is no run '{text}' among the newest {MostLookedAt}. Give its id, at least 4 digits of it, or its name; see: cairn runs ls"),
            _ => throw new UsageException($"'{text}' could be any of {string.Join(", ", matches.Take(8).Select(run => $"{run.Id[..8]} ({run.Name})"))}. Give more of the id."),
        };
    }
}
