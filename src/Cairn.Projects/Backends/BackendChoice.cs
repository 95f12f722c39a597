using Cairn.Projects.Backends.Kubernetes;
using Cairn.Projects.Backends.Slurm;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Backends;

/// <summary>Makes the backend that a command line names, with its settings.</summary>
public static class BackendChoice
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>Names that are known.</summary>
    public static IReadOnlyList<string> Names { get; } = ["local", "slurm", "kubernetes"];

    /// <summary>The backend.</summary>
    /// <param name="name">Its name; null means local.</param>
    /// <param name="config">Settings: a JSON or YAML file, or the JSON itself; null for none.</param>
    /// <param name="cacheFolder">Where backends keep what they need, unless the settings say another place.</param>
    /// <exception cref="ProjectException">The name is not known, or the settings have faults.</exception>
    public static IRunBackend Make(string? name, string? config, string cacheFolder)
    {
        var (text, origin) = Text(config);
        switch (name ?? "local")
        {
            case "local":
                // MLflow's clients hand over settings that its local backend does not need; that they can be read is looked at all the same.
                if (text is not null && YamlDocument.Read(text, new ProjectFindings(origin)) is not (null or YamlMapping))
                {
                    throw new ProjectException($"{origin}: settings are a mapping of keys.");
                }

                return LocalBackend.Instance;
            case "slurm":
                return new SlurmBackend(SlurmSettingsReader.Read(text, origin), cacheFolder);
            case "kubernetes":
                return new KubernetesBackend(KubernetesSettingsReader.Read(text, origin), cacheFolder);
            default:
                throw new ProjectException($"--backend {name} is not known.{(Closest.To(name!, Names) is { } near ? $" Did you mean '{near}'?" : "")} Known are {string.Join(", ", Names)}.");
        }
    }

    private static (string? Text, string Origin) Text(string? config)
    {
        if (config is null)
        {
            return (null, "");
        }

        if (config.TrimStart().StartsWith('{'))
        {
            return (config, "--backend-config");
        }

        if (!File.Exists(config))
        {
            throw new ProjectException($"--backend-config: there is no file '{config}'. Name a JSON or YAML file, or write the JSON itself.");
        }

        return new FileInfo(config).Length <= MostBytes
            ? (SourceText.Decode(File.ReadAllBytes(config), out _), config)
            : throw new ProjectException($"--backend-config: '{config}' has more than {MostBytes} bytes.");
    }
}
