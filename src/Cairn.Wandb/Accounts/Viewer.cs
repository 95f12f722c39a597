namespace Cairn.Wandb.Accounts;

/// <summary>Whoever asks. A server has one entity, which owns all projects; every key speaks for it.</summary>
internal sealed record Viewer(string Name)
{
    public static Viewer Of() => new(Entities.Default);
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
