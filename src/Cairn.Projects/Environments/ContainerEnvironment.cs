using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>Containers by docker or podman.</summary>
internal static partial class ContainerEnvironment
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <exception cref="ProjectException">No engine, no image, or no docker_env.</exception>
    public static async Task<PreparedEnvironment> PrepareAsync(EnvironmentRequest request, Action<string> tell, CancellationToken cancellation)
    {
        var project = request.Project;
        var wanted = project.Environment.Docker
            ?? throw new ProjectException("--env-manager docker needs a docker_env with an image in the project.");
        var engine = Programs.Find("docker") ?? Programs.Find("podman")
            ?? throw new ProjectException("The project runs in a container, and neither docker nor podman is installed: apt install podman, or run with --env-manager system.");
        var image = wanted.BuildFolder is { } place
            ? await BuildAsync(engine, Path.Combine(project.Folder, place), null, tell, cancellation)
            : Directory.Exists(Path.Combine(project.Folder, wanted.Image)) || wanted.Image is "."
            ? await BuildAsync(engine, Path.Combine(project.Folder, wanted.Image), null, tell, cancellation)
            : await PullAsync(engine, wanted.Image, project.Folder, tell, cancellation);
        if (request.BuildImage || wanted.IsBuilt)
        {
            image = await BuildAsync(engine, project.Folder, $"FROM {image}\nCOPY . /mlflow/projects/code\nWORKDIR /mlflow/projects/code\n", tell, cancellation);
        }

        var id = await IdAsync(engine, image, project.Folder, cancellation);
        return new PreparedEnvironment("docker", id, null, $"image {image}\nid {id}")
        {
            Container = new ContainerPlan(
                engine,
                image,
                [.. wanted.Volumes.SelectMany(volume => new[] { "-v", Volume(volume, project.Folder) }), .. request.DockerArguments.Select(Option)],
                wanted.Variables.Where(variable => variable.Value is null).Select(variable => variable.Key).ToArray(),
                wanted.Variables.Where(variable => variable.Value is not null).Select(variable => new KeyValuePair<string, string>(variable.Key, variable.Value!)).ToArray()),
        };
    }

    private static async Task<string> PullAsync(string engine, string image, string folder, Action<string> tell, CancellationToken cancellation)
    {
        if (!Image().IsMatch(image))
        {
            throw new ProjectException($"docker_env.image: '{image}' is not the name of an image.");
        }

        if (await IdAsync(engine, image, folder, cancellation) is null)
        {
            tell($"pulling {image}");
            await Installer.DoAsync(engine, ["pull", image], folder, tell,
                "Is the engine running, and the name of the image right? A folder with a Dockerfile is possible too, as docker_env.image.", cancellation);
        }

        return image;
    }

    private static async Task<string> BuildAsync(string engine, string folder, string? recipe, Action<string> tell, CancellationToken cancellation)
    {
        var name = $"cairn-project:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{folder}\n{recipe}")))[..16]}";
        var file = Path.Combine(folder, "Dockerfile");
        if (recipe is not null)
        {
            file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, recipe, cancellation);
        }

        tell($"building an image in {folder}");
        await Installer.DoAsync(engine, ["build", "-t", name, "-f", file, folder], folder, tell, "See what the engine complains about.", cancellation);
        return name;
    }

    private static async Task<string?> IdAsync(string engine, string image, string folder, CancellationToken cancellation) =>
        await ProgramAnswer.ReadAsync(engine, ["image", "inspect", "--format", "{{.Id}}", image], folder, Limit, cancellation);

    /// <summary>As MLflow: a relative host folder is one of the project's.</summary>
    private static string Volume(string volume, string folder)
    {
        var colon = volume.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && volume[0] == '.' ? Path.GetFullPath(volume[..colon], folder) + volume[colon..] : volume;
    }

    /// <summary>"gpus=all" becomes "--gpus=all", "t" becomes "-t".</summary>
    private static string Option(string text) =>
        text.StartsWith('-') ? text : text.Split('=')[0].Length == 1 ? $"-{text.Replace("=", "", StringComparison.Ordinal)}" : $"--{text}";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/:@-]*\z")]
    private static partial Regex Image();
}
