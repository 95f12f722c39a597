using System.CommandLine;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Artifacts;

/// <summary><c>cairn artifact alias</c>.</summary>
internal sealed class AliasCommand(CairnProgram program)
{
    private static readonly Argument<string> Reference = new("artifact") { Description = "The version the alias is to point to: name:version or name:alias (with --remove just the name)" };
    private static readonly Argument<string> Alias = new("alias") { Description = "The alias, as in prod or reference" };
    private static readonly Option<string?> Why = new("--why") { Description = "The reason, kept in the history", HelpName = "TEXT" };
    private static readonly Option<string?> Expect = new("--expect") { Description = "Move only if it points there now ('' = only if it does not exist)", HelpName = "VERSION" };
    private static readonly Option<bool> Remove = new("--remove") { Description = "Remove the alias; the version stays" };

    public Command Create()
    {
        var command = new CairnCommand(
            "alias",
            "Point an alias at a version.",
            "cairn artifact alias clean_data.csv:latest reference",
            "cairn artifact alias model_export:v3 prod --expect v2 --why \"better on 2015\"  # refused if someone moved it meanwhile",
            "cairn artifact alias model_export prod --remove")
        {
            Reference, Alias, Why, Expect, Remove, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => MoveAsync(line));
        return command;
    }

    private async Task<int> MoveAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        await using var session = await program.ConnectAsync(line);
        var reference = line.GetValue(Reference)!;
        var alias = line.GetValue(Alias)!;
        var version = (await ElsewhereHint.FindAsync(session, reference, () => session.Client.ResolveArtifactAsync(reference, ArtifactCommand.ExperimentOf(line), stop), stop)).Version;
        var change = line.GetValue(Remove)
            ? await session.Client.RemoveAliasAsync(version.ExperimentId, version.Name, alias, line.GetValue(Why), cancellation: stop)
            : await session.Client.MoveAliasAsync(
                version.ExperimentId, version.Name, alias, version.Version, line.GetValue(Why), line.GetValue(Expect), ArtifactCommand.RunOf(line), cancellation: stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(change, CairnJson.Default.AliasChange);
            return ExitCodes.Ok;
        }

        var ink = program.Terminal.Ink;
        program.Terminal.WriteLine(change switch
        {
            { To: null } => $"{ink.Accent($"{version.Name}:{alias}")}  removed (it was {change.From ?? "nothing"})",
            { From: null } => $"{ink.Accent($"{version.Name}:{alias}")}  {ink.Dim("→")} {change.To}",
            _ when change.From == change.To => $"{ink.Accent($"{version.Name}:{alias}")}  {change.To} already",
            _ => $"{ink.Accent($"{version.Name}:{alias}")}  {change.From} {ink.Dim("→")} {change.To}",
        });
        return ExitCodes.Ok;
    }
}
