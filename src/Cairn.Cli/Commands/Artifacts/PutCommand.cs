using System.CommandLine;
using System.Text.Json;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Artifacts;

/// <summary><c>cairn artifact put</c>.</summary>
internal sealed class PutCommand(CairnProgram program)
{
    private static readonly Argument<string> Name = new("name") { Description = "Name of the artifact: letters, digits, dot, dash, underscore" };
    private static readonly Argument<string[]> Paths = new("path") { Description = "Files and folders to put into it", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Type = new("--type") { Description = "dataset, model or any other word (default: that of its first version, else dataset)", HelpName = "TYPE" };
    private static readonly Option<string[]> Aliases = new("--alias") { Description = "A further alias for the version, beside latest; may be repeated", HelpName = "NAME" };
    private static readonly Option<string?> About = new("--description") { Description = "Text about the version", HelpName = "TEXT" };
    private static readonly Option<string?> Metadata = new("--metadata") { Description = "Facts about the version, a JSON object", HelpName = "JSON" };

    public Command Create()
    {
        var command = new CairnCommand(
            "put",
            "Log files as a new version of an artifact. Content that is there already makes no new version. Inside a run it becomes the run's output.",
            "cairn artifact put raw_data.csv data/raw_data.csv",
            "cairn artifact put model_export export/ --type model --alias candidate  # a folder with all in it")
        {
            Name, Paths, Type, Aliases, About, Metadata, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => PutAsync(line));
        return command;
    }

    private async Task<int> PutAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var name = line.GetValue(Name)!;
        var metadata = ReadMetadata(line.GetValue(Metadata));
        await using var session = await program.ConnectAsync(line);
        var experiment = ArtifactCommand.ExperimentOf(line);
        var run = ArtifactCommand.RunOf(line);
        var artifact = new NewArtifact(name, line.GetValue(Type) ?? await TypeAsync(session.Client, experiment, name, stop))
        {
            Aliases = line.GetValue(Aliases) is { Length: > 0 } aliases ? aliases : null,
            Description = line.GetValue(About),
            Metadata = metadata,
        };
        Add(artifact, line.GetValue(Paths)!);
        ArtifactVersion version;
        using (var bar = new TransferBar(program.Terminal, name))
        {
            version = run is null || line.GetValue(ArtifactCommand.Experiment) is not null
                ? await session.Client.LogArtifactAsync(experiment ?? "Default", artifact, progress: bar, cancellation: stop)
                : await session.Client.LogRunArtifactAsync(run, artifact, progress: bar, cancellation: stop);
        }

        Show(version, CairnProgram.WantsJson(line));
        return ExitCodes.Ok;
    }

    private static void Add(NewArtifact artifact, string[] paths)
    {
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                artifact.AddDirectory(path, paths.Length == 1 ? null : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));
            }
            else
            {
                artifact.AddFile(path);
            }
        }
    }

    private void Show(ArtifactVersion version, bool json)
    {
        if (json)
        {
            program.Terminal.WriteJson(new CommitVersionResponse(version.Info, version.Created), CairnJson.Default.CommitVersionResponse);
            return;
        }

        var ink = program.Terminal.Ink;
        var files = version.Info.FileCount == 1 ? "1 file" : $"{version.Info.FileCount} files";
        var what = version.Created ? "new version" : "content known already";
        program.Terminal.WriteLine(
            $"{ink.Accent(version.Reference)}  {what}, {files}, {Shown.Size(version.Info.Size)}{ink.Dim($"  {string.Join(", ", version.Info.Aliases)}")}");
    }

    private static async Task<string> TypeAsync(CairnClient client, string? experiment, string name, CancellationToken stop)
    {
        var known = await client.ListArtifactsAsync(null, null, stop);
        return known.FirstOrDefault(a => a.Name == name && (a.ExperimentName == (experiment ?? "Default") || a.ExperimentId == experiment))?.Type ?? "dataset";
    }

    private static Dictionary<string, object?>? ReadMetadata(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json.RootElement.EnumerateObject().ToDictionary(member => member.Name, object? (member) => member.Value.Clone(), StringComparer.Ordinal);
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new UsageException("--metadata is not a JSON object. Write it as in: --metadata '{\"rows\": 1461}'");
    }
}
