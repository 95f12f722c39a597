using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>docker or podman, as it is on this machine.</summary>
/// <param name="Program">Its absolute path.</param>
internal sealed record ContainerEngine(string Program)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Of a cluster: its nodes have their own.</summary>
    public static ContainerEngine Elsewhere { get; } = new("");

    /// <exception cref="ProjectException">There is none.</exception>
    public static ContainerEngine Find(EnvironmentChoice choice) => new(choice == EnvironmentChoice.Podman
        ? Programs.Find("podman") ?? throw new ProjectException("podman is not installed: apt install podman, or run with --env-manager docker where docker is, or system for the programs on PATH.")
        : Programs.Find("docker") ?? Programs.Find("podman")
        ?? throw new ProjectException("The project runs in a container, and neither docker nor podman is installed: apt install podman, or run with --env-manager system."));

    /// <summary>The identity of an image that is here; null where it is not.</summary>
    public Task<string?> IdAsync(string image, CancellationToken cancellation) =>
        ProgramAnswer.ReadAsync(Program, ["image", "inspect", "--format", "{{.Id}}", image], "/", Limit, cancellation);
}
