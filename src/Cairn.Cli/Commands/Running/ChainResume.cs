using System.CommandLine;
using System.Text.Json;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Running;
using Cairn.Projects.Sources;

namespace Cairn.Cli.Commands.Running;

/// <summary>
/// What a run keeps of its command line, so that <c>cairn resume</c> can go on with it: the entry point is started again
/// as the same run, and those of its components that succeeded are seen to be unchanged.
/// </summary>
internal static class ChainResume
{
    private const string SourceTag = "cairn.run.source";
    private const string FolderTag = "cairn.run.folder";
    private const string VersionTag = "cairn.run.version";
    private const string ManagerTag = "cairn.run.env_manager";
    private const string GivenTag = "cairn.run.given";

    /// <summary>A filter for runs that can be gone on with.</summary>
    public const string Filter = $"tags.`{SourceTag}` LIKE '%'";

    public static bool IsPossible(RunDetail run) => run.Tags.ContainsKey(SourceTag);

    public static Dictionary<string, string> Tags(ParseResult line, IReadOnlyList<KeyValuePair<string, string>> given)
    {
        var source = line.GetValue(RunOptions.Source)!;
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [SourceTag] = SourceAddress.Parse(source).Kind == SourceKind.Folder ? Path.GetFullPath(source) : GitFacts.WithoutCredentials(source),
            [FolderTag] = Environment.CurrentDirectory,
            [GivenTag] = $"[{string.Join(',', given.Select(pair => $"\"{JsonEncodedText.Encode(pair.Key)}\""))}]",
        };
        Add(tags, VersionTag, line.GetValue(RunOptions.Version));
        Add(tags, ManagerTag, line.GetValue(RunOptions.EnvManager));
        // A path that holds wherever the run is gone on with.
        Add(tags, StepTags.BackendConfig, line.GetValue(RunOptions.BackendConfig) is { } config && File.Exists(config) ? Path.GetFullPath(config) : line.GetValue(RunOptions.BackendConfig));
        return tags;
    }

    /// <summary>The arguments of a <c>cairn run</c> that goes on with the run.</summary>
    /// <exception cref="UsageException">A parameter was not recorded, or the folder is gone.</exception>
    public static IReadOnlyList<string> Arguments(RunDetail run)
    {
        List<string> arguments = ["run", run.Tags[SourceTag], "--run-id", run.Run.Id, "-e", run.Tags.GetValueOrDefault("mlflow.project.entryPoint", "main")];
        Add(arguments, "--version", run.Tags.GetValueOrDefault(VersionTag));
        Add(arguments, "--env-manager", run.Tags.GetValueOrDefault(ManagerTag));
        Add(arguments, "--backend", run.Tags.GetValueOrDefault(RunTags.Backend));
        Add(arguments, "--backend-config", run.Tags.GetValueOrDefault(StepTags.BackendConfig));
        using var given = JsonDocument.Parse(run.Tags.GetValueOrDefault(GivenTag, "[]"));
        foreach (var name in given.RootElement.EnumerateArray().Select(item => item.GetString()!))
        {
            var value = run.Params.TryGetValue(name, out var recorded) ? recorded.ToString() : SecretNames.Hidden;
            if (value == SecretNames.Hidden)
            {
                throw new UsageException($"Parameter '{name}' of run {run.Run.Name} was not recorded, so cairn cannot go on by itself. Write: cairn run {run.Tags[SourceTag]} --run-id {run.Run.Id} -P {name}=… with all its parameters.");
            }

            arguments.AddRange(["-P", $"{name}={value}"]);
        }

        var folder = run.Tags.GetValueOrDefault(FolderTag, ".");
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"Run {run.Run.Name} was started in '{folder}', which is not there any more.");
        }

        Environment.CurrentDirectory = folder;
        return arguments;
    }

    private static void Add(Dictionary<string, string> tags, string key, string? value)
    {
        if (value is not null)
        {
            tags[key] = value;
        }
    }

    private static void Add(List<string> arguments, string option, string? value)
    {
        if (value is not null)
        {
            arguments.AddRange([option, value]);
        }
    }
}
