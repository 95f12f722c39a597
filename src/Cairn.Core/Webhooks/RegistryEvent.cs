namespace Cairn.Core.Webhooks;

/// <summary>A kind of thing that webhooks are told: what it happens to, and what happens. All but alerts of runs happen in the model registry.</summary>
/// <param name="Entity">Such as "model_version".</param>
/// <param name="Action">"created", "set" or "deleted".</param>
public readonly record struct RegistryEvent(string Entity, string Action)
{
    /// <summary>What MLflow's clients know. Prompts have their own, as MLflow has it.</summary>
    public static IReadOnlyList<RegistryEvent> Registry { get; } =
    [
        new("registered_model", "created"),
        new("model_version", "created"),
        new("model_version_tag", "set"),
        new("model_version_tag", "deleted"),
        new("model_version_alias", "created"),
        new("model_version_alias", "deleted"),
        new("prompt", "created"),
        new("prompt_version", "created"),
        new("prompt_tag", "set"),
        new("prompt_tag", "deleted"),
        new("prompt_version_tag", "set"),
        new("prompt_version_tag", "deleted"),
        new("prompt_alias", "created"),
        new("prompt_alias", "deleted"),
        new("run_alert", "created"),
    ];

    /// <summary>Every kind there is: the registry's, and what becomes of promotions, checks and pipelines.</summary>
    public static IReadOnlyList<RegistryEvent> All { get; } =
    [
        .. Registry,
        new("promotion", "accepted"),
        new("promotion", "refused"),
        new("promotion", "rolled_back"),
        new("check", "failed"),
        new("pipeline", "failed"),
    ];

    public override string ToString() => $"{Entity}.{Action}";
}
