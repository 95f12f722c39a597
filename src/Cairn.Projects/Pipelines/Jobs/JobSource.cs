using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Environments;
using Cairn.Projects.Sources;

namespace Cairn.Projects.Pipelines.Jobs;

/// <summary>The code of a job on this machine.</summary>
internal static class JobSource
{
    /// <summary>The pipeline's file. A snapshot is unpacked once for each content and used again: what was built in it need not be built again.</summary>
    /// <exception cref="ProjectException">It cannot be had.</exception>
    public static async Task<string> FetchAsync(CairnClient client, PipelineInfo pipeline, Action<string> tell, CancellationToken cancellation)
    {
        var folder = pipeline.Source.Kind switch
        {
            "folder" => pipeline.Source.Location,
            "git" => await CloneAsync(client, pipeline.Source, tell, cancellation),
            _ => await UnpackAsync(client, pipeline, cancellation),
        };
        var file = Path.Combine(folder, pipeline.Source.File);
        return File.Exists(file)
            ? file
            : throw new ProjectException(pipeline.Source.Kind == "folder"
                ? $"There is no '{file}' on this machine ({Environment.MachineName}). The pipeline was registered in place: run its worker where it lies, or register it without --in-place."
                : $"There is no '{pipeline.Source.File}' in {pipeline.Source.Location}.");
    }

    /// <summary>Fetched once for each commit.</summary>
    private static async Task<string> CloneAsync(CairnClient client, PipelineSourceInfo source, Action<string> tell, CancellationToken cancellation)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.Location}\n{source.Commit}")))[..24];
        var home = Path.Combine(client.Options.CacheFolder, "pipelines");
        var pointer = Path.Combine(home, $"{key}.git");
        if (File.Exists(pointer) && await File.ReadAllTextAsync(pointer, cancellation) is var known && Directory.Exists(known))
        {
            return known;
        }

        Directory.CreateDirectory(home);
        // Kept: what was built in it need not be built again.
        var folder = (await SourceFetcher.FetchAsync(source.Location, source.Commit, home, tell, cancellation)).Folder;
        OwnFile.Write(pointer, folder, isProgram: false);
        return folder;
    }

    private static async Task<string> UnpackAsync(CairnClient client, PipelineInfo pipeline, CancellationToken cancellation)
    {
        var artifact = await client.FindArtifactAsync(pipeline.Source.Location, cancellation: cancellation);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{client.Url}\n{pipeline.Name}\n{artifact.Info.Digest}")))[..24];
        var target = Path.Combine(client.Options.CacheFolder, "pipelines", key);
        if (Directory.Exists(target))
        {
            return target;
        }

        // Written aside and renamed: whole or absent, whatever happens.
        var aside = $"{target}.{Guid.NewGuid():N}";
        var cached = await artifact.DownloadAsync(cancellation: cancellation);
        OwnFolder.Create(aside);
        var executable = ExecutablesOf(artifact.Info);
        foreach (var entry in artifact.Files)
        {
            // Copied: steps may write where they lie, and the cache is everybody's.
            var file = Path.Combine(aside, entry.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Copy(Path.Combine(cached, entry.Path), file);
            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
                File.SetUnixFileMode(file, executable.Contains(entry.Path) ? plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : plain);
            }
        }

        try
        {
            Directory.Move(aside, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(aside, recursive: true);
        }

        return target;
    }

    private static HashSet<string> ExecutablesOf(VersionInfo version) =>
        version.Metadata is { ValueKind: JsonValueKind.Object } metadata
        && metadata.TryGetProperty(PipelineRegistration.ExecutableKey, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(item => item.GetString() ?? "").ToHashSet(StringComparer.Ordinal)
            : [];
}
