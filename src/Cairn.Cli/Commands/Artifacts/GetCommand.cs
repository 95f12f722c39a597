using System.CommandLine;
using System.Security.Cryptography;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Artifacts;

/// <summary><c>cairn artifact get</c>.</summary>
internal sealed class GetCommand(CairnProgram program)
{
    private static readonly Argument<string> Reference = new("artifact") { Description = "name:version or name:alias (name alone: its latest), or experiment/name:…" };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "Folder to put the files into (default: this one)", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
    private static readonly Option<bool> Cached = new("--cached") { Description = "Put nothing anywhere: print the path in the local cache, to be read only" };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Replace files that are there with other content" };

    public Command Create()
    {
        var command = new CairnCommand(
            "get",
            "Fetch the files of a version. Inside a run it becomes the run's input.",
            "cairn artifact get raw_data.csv:latest",
            "cairn artifact get model_export:prod -o model/",
            "sort \"$(cairn artifact get raw_data.csv:v0 --cached)\"  # the path of a read-only copy")
        {
            Reference, Output, Cached, Force, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => GetAsync(line));
        return command;
    }

    private async Task<int> GetAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var cached = line.GetValue(Cached);
        var folder = Path.GetFullPath(line.GetValue(Output)!);
        await using var session = await program.ConnectAsync(line);
        var artifact = await FindAsync(session.Client, line);
        if (!cached && !line.GetValue(Force))
        {
            await RefuseToReplaceAsync(artifact, folder, stop);
        }

        string path;
        using (var bar = new TransferBar(program.Terminal, artifact.Name))
        {
            path = await artifact.DownloadAsync(cached ? null : folder, bar, stop);
        }

        var files = artifact.Files.Select(file => Path.Combine(path, file.Path)).ToArray();
        Show(artifact, files is [var single] ? single : path, files, cached, CairnProgram.WantsJson(line));
        return ExitCodes.Ok;
    }

    private async Task<UsedArtifact> FindAsync(CairnClient client, ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var reference = line.GetValue(Reference)!;
        if (ArtifactCommand.RunOf(line) is not { } run)
        {
            return await client.FindArtifactAsync(reference, ArtifactCommand.ExperimentOf(line), stop);
        }

        var named = line.GetValue(ArtifactCommand.Experiment) is { } experiment && !reference.Contains('/', StringComparison.Ordinal)
            ? $"{experiment}/{reference}"
            : reference;
        var used = (await client.RecordInputAsync(run, named, stop)).Version;
        return await client.FindArtifactAsync($"{used.Name}:{used.Version}", used.ExperimentId, stop);
    }

    /// <summary>Files with the wanted content may stay; others are somebody's work.</summary>
    private static async Task RefuseToReplaceAsync(UsedArtifact artifact, string folder, CancellationToken stop)
    {
        foreach (var file in artifact.Files)
        {
            var target = Path.Combine(folder, file.Path);
            if (File.Exists(target) && !await IsAsync(target, file, stop))
            {
                throw new UsageException($"'{target}' is there with other content. Choose another folder with -o, or replace it with --force.");
            }
        }
    }

    private static async Task<bool> IsAsync(string path, ManifestEntry entry, CancellationToken stop)
    {
        await using var stream = File.OpenRead(path);
        return stream.Length == entry.Size && Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, stop)) == entry.Digest;
    }

    private void Show(UsedArtifact artifact, string path, string[] files, bool cached, bool json)
    {
        if (json)
        {
            program.Terminal.WriteJson(new FetchReport(artifact.Info, path, files), CliJson.Default.FetchReport);
            return;
        }

        if (cached)
        {
            program.Terminal.WriteLine(path);
            return;
        }

        var count = files.Length == 1 ? "" : $"{files.Length} files, ";
        program.Terminal.WriteLine(
            $"{program.Terminal.Ink.Accent($"{artifact.Name}:{artifact.Version}")}  {count}{Shown.Size(artifact.Info.Size)}  {program.Terminal.Ink.Dim("→")} {Path.GetRelativePath(Environment.CurrentDirectory, path)}");
    }
}
