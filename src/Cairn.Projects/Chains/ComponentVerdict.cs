namespace Cairn.Projects.Chains;

/// <summary>Whether a component of a chain is to run.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Same">The earlier run whose results hold; null where the component runs.</param>
/// <param name="Reason">Why.</param>
/// <param name="Step">What tells it apart from others of its name in this execution.</param>
/// <param name="LaunchKey">The key whose runs become children of the component's own run; null where there is none.</param>
public sealed record ComponentVerdict(string Name, string? Same, string Reason, string Step, string? LaunchKey);
