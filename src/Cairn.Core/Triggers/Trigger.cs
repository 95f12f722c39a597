using Cairn.Core.Experiments;

namespace Cairn.Core.Triggers;

/// <summary>What sets a pipeline going.</summary>
public enum TriggerKind
{
    /// <summary>The clock.</summary>
    Schedule = 0,

    /// <summary>A new version of an artifact.</summary>
    Artifact = 1,

    /// <summary>An alias that points to another version now.</summary>
    Alias = 2,

    /// <summary>A signed request.</summary>
    Webhook = 3,

    /// <summary>A check that failed.</summary>
    Check = 4,
}

/// <summary>What becomes of ticks that passed while the server was down.</summary>
public enum MissedTicks
{
    /// <summary>The last of them is made up for.</summary>
    One = 0,

    /// <summary>Each is made up for.</summary>
    All = 1,

    /// <summary>None is made up for.</summary>
    Skip = 2,
}

/// <summary>What a trigger listens to. Which members are set depends on the kind.</summary>
/// <param name="Kind">What sets it off.</param>
/// <param name="Schedule">Five or six fields of cron; of a schedule.</param>
/// <param name="TimeZone">In which zone the schedule is meant; null means UTC.</param>
/// <param name="Missed">What becomes of missed ticks.</param>
/// <param name="ExperimentId">Where the artifact or the check is.</param>
/// <param name="Artifact">Name of the artifact; of an artifact or alias.</param>
/// <param name="Alias">Name of the alias.</param>
/// <param name="Check">Name of the check; "*" for any.</param>
/// <param name="Secret">Key of the signatures of a webhook. It is never shown.</param>
public sealed record TriggerSpec(
    TriggerKind Kind,
    string? Schedule = null,
    string? TimeZone = null,
    MissedTicks Missed = MissedTicks.One,
    ExperimentId? ExperimentId = null,
    string? Artifact = null,
    string? Alias = null,
    string? Check = null,
    string? Secret = null);

/// <summary>A trigger as it is kept.</summary>
/// <param name="Id">Made by the server; the same as long as its pipeline declares a trigger of this name.</param>
/// <param name="Pipeline">What it sets going.</param>
/// <param name="Name">Unique within the pipeline.</param>
/// <param name="Spec">What it listens to.</param>
/// <param name="Changes">Changes of the pipeline's parameters.</param>
/// <param name="IsPaused">It listens to nothing for now.</param>
/// <param name="NextAt">The next tick of a schedule, Unix milliseconds; null elsewhere.</param>
/// <param name="LastAt">When it was set off last, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
public sealed record Trigger(
    string Id,
    string Pipeline,
    string Name,
    TriggerSpec Spec,
    IReadOnlyList<string> Changes,
    bool IsPaused,
    long? NextAt,
    long? LastAt,
    long CreatedAt);
