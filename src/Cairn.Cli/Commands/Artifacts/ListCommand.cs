using System.CommandLine;
using System.Globalization;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Artifacts;

/// <summary><c>cairn artifact ls</c>: artifacts, versions of one, or files of a version.</summary>
internal sealed class ListCommand(CairnProgram program)
{
    private static readonly Argument<string?> Reference = new("artifact")
    {
        Description = "A name shows its versions, name:version its files; without it all artifacts are listed",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Type = new("--type") { Description = "Only artifacts of this type", HelpName = "TYPE" };

    public Command Create()
    {
        var command = new CairnCommand(
            "ls",
            "List artifacts, their versions or their files.",
            "cairn artifact ls --type model",
            "cairn artifact ls raw_data.csv  # its versions",
            "cairn artifact ls raw_data.csv:v0  # the files of one")
        {
            Reference, Type, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => ListAsync(line));
        return command;
    }

    private async Task<int> ListAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var json = CairnProgram.WantsJson(line);
        await using var session = await program.ConnectAsync(line);
        var client = session.Client;
        var reference = line.GetValue(Reference);
        if (reference is null)
        {
            // What is there is asked for: without an option, everywhere.
            ShowArtifacts(await client.ListArtifactsAsync(line.GetValue(ArtifactCommand.Experiment), line.GetValue(Type), stop), json);
            return ExitCodes.Ok;
        }

        var found = await client.ResolveArtifactAsync(reference, ArtifactCommand.ExperimentOf(line), stop);
        if (reference.Contains(':', StringComparison.Ordinal))
        {
            ShowFiles(found, json);
        }
        else
        {
            ShowVersions(await client.GetArtifactAsync(found.Version.ExperimentId, found.Version.Name, stop), json);
        }

        return ExitCodes.Ok;
    }

    private void ShowArtifacts(IReadOnlyList<ArtifactInfo> artifacts, bool json)
    {
        if (json)
        {
            program.Terminal.WriteJson(new ArtifactList(artifacts), CairnJson.Default.ArtifactList);
            return;
        }

        if (artifacts.Count == 0)
        {
            program.Terminal.Say("No artifacts. Log one with: cairn artifact put NAME FILE");
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var table = new Table("NAME", "TYPE", "LATEST", "ALIASES", "VERSIONS", "UPDATED", "EXPERIMENT").RightAlign(4);
        foreach (var artifact in artifacts)
        {
            table.Add(
                Table.Painted(artifact.Name, program.Terminal.Ink.Accent), artifact.Type, artifact.LatestVersion,
                string.Join(' ', artifact.Aliases.Where(alias => alias.Key != "latest").OrderBy(alias => alias.Key, StringComparer.Ordinal).Select(alias => $"{alias.Key}={alias.Value}")),
                artifact.VersionCount.ToString(CultureInfo.InvariantCulture), Shown.Ago(artifact.UpdatedAt, now), artifact.ExperimentName);
        }

        program.Terminal.WriteTable(table);
    }

    private void ShowVersions(ArtifactDetail artifact, bool json)
    {
        if (json)
        {
            program.Terminal.WriteJson(artifact, CairnJson.Default.ArtifactDetail);
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var table = new Table("VERSION", "ALIASES", "SIZE", "FILES", "LOGGED", "BY", "RUN", "DIGEST").RightAlign(2, 3);
        foreach (var version in artifact.Versions)
        {
            table.Add(
                Table.Painted(version.Version, program.Terminal.Ink.Accent), string.Join(' ', version.Aliases), Shown.Size(version.Size),
                version.FileCount.ToString(CultureInfo.InvariantCulture), Shown.Ago(version.CreatedAt, now), version.Author, version.RunId?[..8], version.Digest[..12]);
        }

        program.Terminal.WriteTable(table);
    }

    private void ShowFiles(VersionDetail version, bool json)
    {
        if (json)
        {
            program.Terminal.WriteJson(version, CairnJson.Default.VersionDetail);
            return;
        }

        var table = new Table("SIZE", "SHA-256", "FILE").RightAlign(0);
        foreach (var file in version.Manifest)
        {
            table.Add(Shown.Size(file.Size), file.Digest[..12], file.Path);
        }

        program.Terminal.WriteTable(table);
    }
}
