namespace Cairn.Projects.Environments;

/// <summary>How a command is run in a container.</summary>
/// <param name="Program">Absolute path of docker or podman.</param>
/// <param name="Image">Image, as the engine knows it.</param>
/// <param name="Arguments">Options of <c>run</c>: volumes and what the user adds.</param>
/// <param name="Copied">Names of variables that are copied from here.</param>
/// <param name="Set">Variables with values.</param>
internal sealed record ContainerPlan(
    string Program,
    string Image,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Copied,
    IReadOnlyList<KeyValuePair<string, string>> Set);
