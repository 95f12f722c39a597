using Cairn.Core.Accounts;

namespace Cairn.Wandb.Accounts;

/// <summary>
/// Whoever asks, or made a run. A server has one entity, which owns all projects; on one without users, every key speaks
/// for it.
/// </summary>
internal sealed record Viewer(string Name, long Number = 1, bool IsAdmin = false)
{
    public static Viewer Of() => Caller.Current is { UserId: { } id } caller ? new(caller.Name, id.Value + 1, caller.IsAdmin) : new(Entities.Default, IsAdmin: true);
}

/// <summary>The names projects hang under.</summary>
internal static class Entities
{
    /// <summary>The one entity of a server.</summary>
    public const string Default = "cairn";
}

/// <summary>
/// The entity as clients see it. Scripts name others (<c>entity="my-team"</c>), those of the server they come from: every
/// name is taken for the one entity there is, and the answer says its name.
/// </summary>
internal sealed record EntityNode(string Name)
{
    public static EntityNode Default { get; } = new(Entities.Default);
}

/// <summary>The organization, which is nothing else than the one entity.</summary>
internal sealed record Organization(string Name)
{
    public static Organization Only { get; } = new(Entities.Default);
}
