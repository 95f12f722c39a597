using Cairn.Projects.Running;

namespace Cairn.Projects.Backends;

/// <summary>How a job ended.</summary>
/// <param name="Exit">How its command ended.</param>
/// <param name="End">Why, as far as whoever carries it out knows.</param>
/// <param name="Remark">What people should know about it, or null.</param>
public sealed record JobEnd(ChildExit Exit, RunEnd End, string? Remark = null);
