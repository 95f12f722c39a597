using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Environments;

/// <summary>
/// Images for projects. One that is built is named by what goes into it, so it is built once, and two runs that want the
/// same at once take turns as for other environments.
/// </summary>
internal sealed partial class ContainerImages(ContainerEngine engine, EnvironmentStore store, Action<string> tell, CancellationToken cancellation)
{
    /// <exception cref="ProjectException">It is none.</exception>
    public static string CheckName(string image) =>
        Name().IsMatch(image) ? image : throw new ProjectException($"docker_env.image: '{image}' is not the name of an image.");

    /// <summary>An image of a registry or of this machine.</summary>
    public async Task<string> HaveAsync(string image, string folder)
    {
        if (await engine.IdAsync(CheckName(image), cancellation) is null)
        {
            tell($"pulling {image}");
            await Installer.DoAsync(engine.Program, ["pull", image], folder, tell,
                "Is the engine running, and the name of the image right? docker_env.build can name a folder of the project with a Dockerfile instead.", cancellation);
        }

        return image;
    }

    /// <summary>The image of the Dockerfile in a folder.</summary>
    public async Task<string> MakeAsync(string folder)
    {
        var recipe = Path.Combine(folder, "Dockerfile");
        if (!File.Exists(recipe))
        {
            throw new ProjectException($"docker_env: there is no Dockerfile in '{folder}'.");
        }

        var bases = new StringBuilder();
        foreach (Match line in From().Matches(await File.ReadAllTextAsync(recipe, cancellation)))
        {
            // What a name such as python:3 stands for on this machine may change.
            bases.Append(await engine.IdAsync(line.Groups[1].Value, cancellation)).Append('\n');
        }

        return await BuildAsync(folder, bases.ToString(), () => Task.FromResult(recipe));
    }

    /// <summary>An image with the files of a folder where projects have their code.</summary>
    public async Task<string> WithCodeAsync(string image, string folder)
    {
        var recipe = $"FROM {image}\nCOPY . {ContainerCommand.Inside}\nWORKDIR {ContainerCommand.Inside}\n";
        var aside = Path.Combine(Path.GetTempPath(), $"cairn-{Guid.NewGuid():N}.Dockerfile");
        try
        {
            return await BuildAsync(folder, $"{recipe}{await engine.IdAsync(image, cancellation)}", async () =>
            {
                await File.WriteAllTextAsync(aside, recipe, cancellation);
                return aside;
            });
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private async Task<string> BuildAsync(string folder, string recipe, Func<Task<string>> write)
    {
        var hash = HashOf(folder, recipe);
        var name = $"cairn-project:{hash}";
        if (await engine.IdAsync(name, cancellation) is not null)
        {
            return name;
        }

        using var turn = await store.TakeTurnAsync($"image-{hash}", tell, cancellation);
        if (await engine.IdAsync(name, cancellation) is null)
        {
            tell($"building an image in {folder}");
            await Installer.DoAsync(engine.Program, ["build", "--force-rm", "-t", name, "-f", await write(), folder], folder, tell, "See what the engine complains about.", cancellation);
        }

        return name;
    }

    private static string HashOf(string folder, string recipe)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{recipe}\0"));
        foreach (var file in CodeDigest.FilesOf(folder).Order(StringComparer.Ordinal))
        {
            var content = new FileInfo(file).LinkTarget is { } target ? $"→{target}" : CodeDigest.DigestOf(file);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(folder, file)}\0{content}\0"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..20];
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/:@-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\s*FROM\s+(?:--\S+\s+)*([A-Za-z0-9][A-Za-z0-9._/:@-]*)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex From();
}
