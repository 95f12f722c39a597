namespace Cairn.Projects.Environments;

/// <summary>How a command is run in a container.</summary>
/// <param name="Engine">docker or podman.</param>
/// <param name="Image">Image, as the engine knows it.</param>
/// <param name="HasCode">The image holds the project's code; else the project is mounted.</param>
/// <param name="Arguments">Options of <c>run</c>: volumes and what the user adds.</param>
/// <param name="Copied">Names of variables that are copied from here.</param>
/// <param name="Set">Variables with values.</param>
internal sealed record ContainerPlan(
    ContainerEngine Engine,
    string Image,
    bool HasCode,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Copied,
    IReadOnlyList<KeyValuePair<string, string>> Set)
{
    /// <summary>Variables of ours that a process in a container needs.</summary>
    private static readonly string[] Prefixes = ["CAIRN_", "MLFLOW_", "WANDB_"];

    /// <summary>Of these, the ones that are paths of this machine.</summary>
    private static readonly string[] OfThisMachine = ["CAIRN_CLI", "CAIRN_CACHE_DIR", "CAIRN_DATA", "CAIRN_BASH_ENV", "MLFLOW_CONDA_HOME", "WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR", "WANDB_CONFIG_DIR"];

    /// <summary>True for variables that go into the container without being asked for.</summary>
    public static bool IsForContainers(string name) =>
        Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && !OfThisMachine.Contains(name);
}
