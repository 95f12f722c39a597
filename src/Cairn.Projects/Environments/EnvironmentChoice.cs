namespace Cairn.Projects.Environments;

/// <summary>Who makes the environment of a project.</summary>
public enum EnvironmentChoice
{
    /// <summary>What the project asks for, by whatever is installed; the running interpreter where it satisfies the file.</summary>
    Auto,

    /// <summary>Nobody: the programs on PATH.</summary>
    System,

    /// <summary>conda, mamba or micromamba.</summary>
    Conda,

    /// <summary>Python's own venv, with pip.</summary>
    Virtualenv,

    /// <summary>uv.</summary>
    Uv,

    /// <summary>docker, or podman where that is not there.</summary>
    Docker,

    /// <summary>podman.</summary>
    Podman,
}

/// <summary>The words for them.</summary>
public static class EnvironmentChoices
{
    /// <summary>Null for a word that is not known.</summary>
    public static EnvironmentChoice? Parse(string word) => word.ToLowerInvariant() switch
    {
        "auto" => EnvironmentChoice.Auto,
        "system" or "local" => EnvironmentChoice.System,
        "conda" or "mamba" or "micromamba" => EnvironmentChoice.Conda,
        "virtualenv" or "venv" => EnvironmentChoice.Virtualenv,
        "uv" => EnvironmentChoice.Uv,
        "docker" => EnvironmentChoice.Docker,
        "podman" => EnvironmentChoice.Podman,
        _ => null,
    };
}

/// <summary>An environment that is wanted.</summary>
/// <param name="Project">For which project.</param>
/// <param name="Choice">Made by whom.</param>
public sealed record EnvironmentRequest(Project Project, EnvironmentChoice Choice)
{
    /// <summary>Builds an image that holds the project's code.</summary>
    public bool BuildImage { get; init; }

    /// <summary>Takes the image as it is, even where the project says that its code goes into it.</summary>
    public bool SkipImageBuild { get; init; }

    /// <summary>Further options for the container, as <c>name=value</c> or <c>name</c>.</summary>
    public IReadOnlyList<string> DockerArguments { get; init; } = [];
}
