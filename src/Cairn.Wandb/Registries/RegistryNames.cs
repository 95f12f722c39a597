namespace Cairn.Wandb.Registries;

/// <summary>How W&amp;B's clients name the project that a registry is.</summary>
internal static class RegistryNames
{
    /// <summary>"wandb-registry-model" is the registry "model".</summary>
    public const string Prefix = "wandb-registry-";
}
