namespace Cairn.Projects;

/// <summary>The environment a project file asks for.</summary>
/// <param name="Kind">Which of the format's environments.</param>
/// <param name="File">The environment file relative to the project (conda, Python), or null.</param>
/// <param name="Docker">Set where <paramref name="Kind"/> is Docker.</param>
public sealed record ProjectEnvironment(EnvironmentKind Kind, string? File = null, DockerEnvironment? Docker = null)
{
    /// <summary>No environment asked for: the programs on PATH.</summary>
    public static ProjectEnvironment None { get; } = new(EnvironmentKind.None);
}

/// <summary>The environments of the MLproject format.</summary>
public enum EnvironmentKind
{
    None,
    Conda,
    Python,
    Docker,
}

/// <summary>A container to run in.</summary>
/// <param name="Image">Image reference, or folder with a Dockerfile.</param>
/// <param name="Volumes">Mounts as <c>host:container[:mode]</c>.</param>
/// <param name="Variables">Variables to set; a null value copies the host's.</param>
public sealed record DockerEnvironment(
    string Image,
    IReadOnlyList<string> Volumes,
    IReadOnlyList<KeyValuePair<string, string?>> Variables)
{
    /// <summary>Copies the project's code into an image of its own, as <c>--build-image</c> does.</summary>
    public bool IsBuilt { get; init; }

    /// <summary>Folder of the project with the Dockerfile that makes the image, or null where the image is there already.</summary>
    public string? BuildFolder { get; init; }
}
