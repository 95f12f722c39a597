using System.CommandLine;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;

namespace Cairn.Cli.Commands.Artifacts;

/// <summary><c>cairn artifact history</c>: who moved which alias, when and why.</summary>
internal sealed class HistoryCommand(CairnProgram program)
{
    private static readonly Argument<string> Name = new("artifact") { Description = "Name of the artifact, or experiment/name" };
    private static readonly Option<string?> Alias = new("--alias") { Description = "Only this alias", HelpName = "NAME" };

    public Command Create()
    {
        var command = new CairnCommand(
            "history", "Show the moves of an artifact's aliases, newest first.", "cairn artifact history model_export --alias prod")
        {
            Name, Alias, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => ShowAsync(line));
        return command;
    }

    private async Task<int> ShowAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        await using var session = await program.ConnectAsync(line);
        var found = (await ElsewhereHint.FindAsync(session, line.GetValue(Name)!, () => session.Client.ResolveArtifactAsync(line.GetValue(Name)!, ArtifactCommand.ExperimentOf(line), stop), stop)).Version;
        var alias = line.GetValue(Alias);
        var moves = (await session.Client.GetArtifactAsync(found.ExperimentId, found.Name, stop)).AliasHistory
            .Where(move => alias is null || move.Alias == alias)
            .ToArray();
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new HistoryReport(moves), CliJson.Default.HistoryReport);
            return ExitCodes.Ok;
        }

        var table = new Table("WHEN", "ALIAS", "FROM", "TO", "WHO", "RUN", "WHY");
        foreach (var move in moves)
        {
            table.Add(
                Shown.Time(move.At), Table.Painted(move.Alias, program.Terminal.Ink.Accent), move.From ?? "–", move.To ?? "removed", move.Who, move.RunId?[..8], move.Why);
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }
}
