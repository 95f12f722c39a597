using System.Globalization;
using Cairn.Client;
using Cairn.Client.Wire;

namespace SeattleWeather.Evaluate;

/// <summary>Asks for the aliases that say what is in production. Who gets them is decided by the gate that the server keeps.</summary>
internal static class Registry
{
    /// <summary>The alias of the model that is used.</summary>
    public const string Production = "prod";

    /// <summary>The alias of the data that check_data compares new data with.</summary>
    private const string Reference = "reference";

    /// <summary>What a model must be to get <c>prod</c>: better than the one that has it, by so much, on the same days.</summary>
    public static string Condition(Metric metric, double minGain)
    {
        var (more, less) = metric.LessIsBetter
            ? ($"{Production}.metrics.{metric.Name}", $"metrics.{metric.Name}")
            : ($"metrics.{metric.Name}", $"{Production}.metrics.{metric.Name}");
        return string.Create(CultureInfo.InvariantCulture, $"{more} > {less} && {more} - {less} >= {minGain}");
    }

    /// <summary>Sees to it that <c>prod</c> has a gate. One that is there stays: it is policy, not a parameter of a run.</summary>
    public static async Task EnsureGateAsync(CairnClient client, CairnRun run, JudgedModel candidate, string condition, CancellationToken cancellation)
    {
        var gate = await client.SetGateAsync(
            run.Info.ExperimentId, candidate.Name, Production, new SetGateRequest(condition, Source: "evaluate", OnlyIfMissing: true), cancellation);
        if (gate.When != condition)
        {
            Console.WriteLine($"The gate before {Production} asks for something else: {gate.When}");
        }
    }

    /// <summary>
    /// Asks for <c>prod</c>, provided it still points where the judgement was made: if someone moved it meanwhile, the
    /// comparison was with the wrong model. The gate judges by what this run has measured; false where it refuses.
    /// </summary>
    public static async Task<bool> PromoteAsync(CairnRun run, JudgedModel candidate, JudgedModel? current, Promotion expected, CancellationToken cancellation)
    {
        if (candidate.Version == current?.Version)
        {
            return false;
        }

        try
        {
            await run.MoveAliasAsync(candidate.Name, Production, candidate.Version, expected.Why, expect: current?.Version ?? "", cancellation);
        }
        catch (CairnClientException refusal) when (refusal.Code == "failed_precondition")
        {
            if (expected.Promote)
            {
                Console.WriteLine(refusal.Message);
            }

            return false;
        }

        Console.WriteLine($"{Production} → {candidate.Name}:{candidate.Version}");
        if (candidate.CleanData?.Split(':') is [var name, var version])
        {
            await run.MoveAliasAsync(name, Reference, version, $"{candidate.Name}:{candidate.Version}, now {Production}, comes from it.", expect: null, cancellation);
            Console.WriteLine($"{Reference} → {name}:{version}");
        }

        return true;
    }
}
