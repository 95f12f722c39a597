using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Projects.Binding;

namespace Cairn.Projects.Environments;

/// <summary>Names that MLflow gives environments, each a link to one of the store. "system" where the running interpreter does.</summary>
public sealed class CondaNames(EnvironmentStore store)
{
    /// <summary>The one folder of the store that is no environment.</summary>
    internal const string FolderName = "names";

    private const string Running = "system";

    private string Folder => Path.Combine(store.Root, FolderName);

    /// <summary>What <c>conda env list --json</c> prints: MLflow takes the last part of each path as a name.</summary>
    public string ListAsJson()
    {
        var names = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder).Where(IsUsable).Select(Path.GetFileName) : [];
        return $"{{\"envs\": [{string.Join(", ", names.Select(name => $"\"{JsonEncodedText.Encode(Path.Combine(store.Root, "named", Original(name!)))}\""))}]}}";
    }

    /// <summary>Builds what a file asks (or finds it) under a name; without a file, the running interpreter.</summary>
    /// <exception cref="ProjectException">It cannot be built.</exception>
    public async Task CreateAsync(string name, string? file, Action<string> tell, CancellationToken cancellation)
    {
        var target = Running;
        if (file is not null)
        {
            var full = Path.GetFullPath(file);
            var project = new Project(
                Path.GetFileName(Path.GetDirectoryName(full))!, Path.GetDirectoryName(full)!, full,
                new ProjectEnvironment(EnvironmentKind.Conda, Path.GetFileName(full)), [], []);
            var choice = EnvironmentChoices.Parse(Environment.GetEnvironmentVariable("CAIRN_ENV_MANAGER") ?? "auto") ?? EnvironmentChoice.Auto;
            var prepared = await store.PrepareAsync(new EnvironmentRequest(project, choice), tell, cancellation);
            target = prepared?.Folder ?? Running;
        }

        OwnFolder.Create(Folder);
        var aside = Path.Combine(Folder, $".{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(aside, $"{target}\n{name}", cancellation);
        File.Move(aside, FileOf(name), overwrite: true);
    }

    /// <summary>Lines for a shell that enter the environment; one that fails where there is none of the name.</summary>
    public string ActivationOf(string name)
    {
        var file = FileOf(Path.GetFileName(name));
        if (!File.Exists(file))
        {
            return $"echo {ShellText.Word($"conda: there is no environment '{name}'")} >&2; false\n";
        }

        var folder = File.ReadAllText(file).Split('\n')[0];
        return folder == Running
            ? ":\n"
            : $"export PATH={ShellText.Word(Path.Combine(folder, "bin"))}:\"$PATH\" VIRTUAL_ENV={ShellText.Word(folder)} CONDA_DEFAULT_ENV={ShellText.Word(name)} CONDA_PREFIX={ShellText.Word(folder)}; unset PYTHONHOME\n";
    }

    /// <summary>The environment a name stands for; null where it is not known, or stands for the running interpreter.</summary>
    internal StoredEnvironment? Find(string name)
    {
        var file = FileOf(Path.GetFileName(name));
        var folder = File.Exists(file) ? File.ReadAllText(file).Split('\n')[0] : null;
        return folder is null ? null : store.List().FirstOrDefault(stored => stored.Folder == folder);
    }

    /// <summary>Names never become paths.</summary>
    private string FileOf(string name) => Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32]);

    private string Original(string fileName) => File.ReadAllText(Path.Combine(Folder, fileName)).Split('\n')[1];

    private static bool IsUsable(string file) =>
        !Path.GetFileName(file).StartsWith('.') && File.ReadAllText(file).Split('\n') is [var folder, _] && (folder == Running || Directory.Exists(folder));
}
