using Cairn.Core.Search;

namespace Cairn.Core.Models;

/// <summary>A search over registered models or over their versions.</summary>
/// <param name="Where">Condition, or null.</param>
/// <param name="OrderBy">First is strongest; then name, then the newest version, always apply.</param>
/// <param name="WithPrompts">False leaves prompts out.</param>
/// <param name="Limit">How many to return at most.</param>
/// <param name="Offset">How many to pass over.</param>
public sealed record ModelQuery(
    Condition? Where,
    IReadOnlyList<Ordering> OrderBy,
    bool WithPrompts,
    int Limit,
    int Offset)
{
    /// <summary>What may be found at all; null for everything.</summary>
    public Access.ModelSight? Sight { get; init; }
}
