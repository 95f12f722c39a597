namespace Cairn.Projects.Environments;

/// <summary>Containers by docker or podman.</summary>
internal static class ContainerEnvironment
{
    /// <exception cref="ProjectException">No engine, no image, or no docker_env.</exception>
    public static async Task<PreparedEnvironment> PrepareAsync(EnvironmentRequest request, EnvironmentStore store, Action<string> tell, CancellationToken cancellation)
    {
        var project = request.Project;
        var wanted = project.Environment.Docker
            ?? throw new ProjectException($"--env-manager {request.Choice.ToString().ToLowerInvariant()} needs a docker_env with an image in the project.");
        if (request is { BuildImage: true, SkipImageBuild: true })
        {
            // For a backend that wants images, of which the user says that this one is ready: its nodes get it themselves.
            var ready = ContainerImages.CheckName(wanted.Image);
            return new PreparedEnvironment("docker", null, null, $"image {ready}") { Container = Plan(request, wanted, ContainerEngine.Elsewhere, ready, hasCode: false) };
        }

        var engine = ContainerEngine.Find(request.Choice);
        var images = new ContainerImages(engine, store, tell, cancellation);
        var image = FolderOf(wanted) is { } place ? await images.MakeAsync(Path.GetFullPath(place, project.Folder)) : await images.HaveAsync(wanted.Image, project.Folder);
        var hasCode = request.BuildImage || (wanted.IsBuilt && !request.SkipImageBuild);
        if (hasCode)
        {
            image = await images.WithCodeAsync(image, project.Folder);
        }

        foreach (var volume in wanted.Volumes.Where(volume => volume[0] is '/' or '.' && volume.Contains(':', StringComparison.Ordinal)))
        {
            tell($"the container sees {Volume(volume, project.Folder).Split(':')[0]} of this machine (docker_env.volumes)");
        }

        var id = await engine.IdAsync(image, cancellation);
        return new PreparedEnvironment("docker", id, null, $"image {image}\nid {id}")
        {
            Container = Plan(request, wanted, engine, image, hasCode),
        };
    }

    private static ContainerPlan Plan(EnvironmentRequest request, DockerEnvironment wanted, ContainerEngine engine, string image, bool hasCode) => new(
        engine,
        image,
        hasCode,
        [.. wanted.Volumes.SelectMany(volume => new[] { "-v", Volume(volume, request.Project.Folder) }), .. request.DockerArguments.Select(Option)],
        wanted.Variables.Where(variable => variable.Value is null).Select(variable => variable.Key).ToArray(),
        wanted.Variables.Where(variable => variable.Value is not null).Select(variable => new KeyValuePair<string, string>(variable.Key, variable.Value!)).ToArray());

    /// <summary>The folder with the Dockerfile: <c>build: FOLDER</c>, or an image that is written as one.</summary>
    private static string? FolderOf(DockerEnvironment wanted) =>
        wanted.BuildFolder
        ?? (wanted.Image == "." || (wanted.Image.StartsWith("./", StringComparison.Ordinal) && !wanted.Image.Split('/').Contains("..")) ? wanted.Image : null);

    /// <summary>As MLflow: a relative host folder is one of the project's.</summary>
    private static string Volume(string volume, string folder)
    {
        var colon = volume.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && volume[0] == '.' ? Path.GetFullPath(volume[..colon], folder) + volume[colon..] : volume;
    }

    /// <summary>"gpus=all" becomes "--gpus=all", "t" becomes "-t".</summary>
    private static string Option(string text) =>
        text.StartsWith('-') ? text : text.Split('=')[0].Length == 1 ? $"-{text.Replace("=", "", StringComparison.Ordinal)}" : $"--{text}";
}
