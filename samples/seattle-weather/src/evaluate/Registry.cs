using Cairn.Client;

namespace SeattleWeather.Evaluate;

/// <summary>Moves the aliases that say what is in production.</summary>
internal static class Registry
{
    /// <summary>The alias of the model that is used.</summary>
    public const string Production = "prod";

    /// <summary>The alias of the data that check_data compares new data with.</summary>
    private const string Reference = "reference";

    /// <summary>
    /// Points <c>prod</c> at the candidate, provided it still points where the judgement was made: if someone moved it
    /// meanwhile, the comparison was with the wrong model and the server refuses.
    /// </summary>
    public static async Task PromoteAsync(CairnRun run, JudgedModel candidate, JudgedModel? current, string why, CancellationToken cancellation)
    {
        await run.MoveAliasAsync(candidate.Name, Production, candidate.Version, why, expect: current?.Version ?? "", cancellation);
        Console.WriteLine($"{Production} → {candidate.Name}:{candidate.Version}");
        if (candidate.CleanData?.Split(':') is [var name, var version])
        {
            await run.MoveAliasAsync(name, Reference, version, $"{candidate.Name}:{candidate.Version}, now {Production}, comes from it.", expect: null, cancellation);
            Console.WriteLine($"{Reference} → {name}:{version}");
        }
    }
}
