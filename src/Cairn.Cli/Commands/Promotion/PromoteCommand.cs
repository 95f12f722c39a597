using System.CommandLine;
using Cairn.Cli.Commands.Artifacts;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Promotion;

/// <summary><c>cairn promote</c>, <c>cairn rollback</c> and <c>cairn approve</c>.</summary>
internal sealed class PromoteCommand(CairnProgram program)
{
    private static readonly Option<string?> Expect = new("--expect") { Description = "Move only if it points there now ('' = only if it does not exist)", HelpName = "VERSION" };
    private static readonly Option<bool> Object = new("--object") { Description = "Object: the version is not to get the alias" };
    private static readonly Option<bool> Withdraw = new("--withdraw") { Description = "Take back what you said" };

    public Command CreatePromote()
    {
        var command = new CairnCommand(
            "promote",
            "Give a version an alias, if its gate allows it.",
            "cairn promote model_export:v3 --why \"better on 2015\"",
            "cairn promote model_export:latest --alias staging")
        {
            AliasArguments.Version, AliasArguments.Alias, AliasArguments.Why, Expect, AliasArguments.As, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => PromoteAsync(line));
        return command;
    }

    public Command CreateRollback()
    {
        var command = new CairnCommand(
            "rollback",
            "Give an alias back to the version that had it before, whatever its gate says.",
            "cairn rollback model_export --why \"too slow in production\"")
        {
            AliasArguments.Name, AliasArguments.Alias, AliasArguments.Why, AliasArguments.As, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => RollBackAsync(line));
        return command;
    }

    public Command CreateApprove()
    {
        var command = new CairnCommand(
            "approve",
            "Agree that a version gets an alias, for a gate that asks for it.",
            "cairn approve model_export:v3",
            "cairn approve model_export:v3 --object --why \"biased against …\"")
        {
            AliasArguments.Version, AliasArguments.Alias, AliasArguments.Why, Object, Withdraw, AliasArguments.As, ArtifactCommand.Experiment,
        };
        command.SetAction((line, _) => ApproveAsync(line));
        return command;
    }

    private async Task<int> PromoteAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        await using var session = await program.ConnectAsync(line);
        var version = (await ElsewhereHint.FindAsync(session, line.GetValue(AliasArguments.Version)!, () => session.Client.ResolveArtifactAsync(line.GetValue(AliasArguments.Version)!, ArtifactCommand.ExperimentOf(line), stop), stop)).Version;
        var change = await session.Client.MoveAliasAsync(
            version.ExperimentId,
            version.Name,
            AliasArguments.AliasOf(line),
            version.Version,
            line.GetValue(AliasArguments.Why),
            line.GetValue(Expect),
            ArtifactCommand.RunOf(line),
            line.GetValue(AliasArguments.As),
            stop);
        return Tell(line, version.Name, change);
    }

    private async Task<int> RollBackAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var (experiment, artifact) = AliasArguments.NameOf(line);
        var alias = AliasArguments.AliasOf(line);
        await using var session = await program.ConnectAsync(line);

        // The holder goes with the request, so that it may be sent again without going back further.
        var holder = (await ElsewhereHint.FindAsync(session, line.GetValue(AliasArguments.Name)!, () => session.Client.GetArtifactAsync(experiment, artifact, stop), stop)).Artifact.Aliases.GetValueOrDefault(alias);
        var change = await session.Client.RollBackAsync(
            experiment,
            artifact,
            alias,
            new RollbackRequest(holder ?? "", line.GetValue(AliasArguments.As) ?? Environment.UserName, line.GetValue(AliasArguments.Why), ArtifactCommand.RunOf(line)),
            stop);
        return Tell(line, artifact, change);
    }

    private async Task<int> ApproveAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        if (line.GetValue(Object) && line.GetValue(Withdraw))
        {
            throw new UsageException("--object and --withdraw say different things: give one of them.");
        }

        await using var session = await program.ConnectAsync(line);
        var version = (await ElsewhereHint.FindAsync(session, line.GetValue(AliasArguments.Version)!, () => session.Client.ResolveArtifactAsync(line.GetValue(AliasArguments.Version)!, ArtifactCommand.ExperimentOf(line), stop), stop)).Version;
        var all = await session.Client.ApproveAsync(
            version.ExperimentId,
            version.Name,
            version.Version,
            new ApproveRequest(
                AliasArguments.AliasOf(line),
                line.GetValue(AliasArguments.As) ?? Environment.UserName,
                line.GetValue(Object) ? "object" : line.GetValue(Withdraw) ? "withdraw" : "approve",
                line.GetValue(AliasArguments.Why)),
            stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new ApprovalList(all), CairnJson.Default.ApprovalList);
            return ExitCodes.Ok;
        }

        var ink = program.Terminal.Ink;
        foreach (var approval in all)
        {
            program.Terminal.WriteLine($"{(approval.Granted ? ink.Good("✔") : ink.Bad("✘"))} {approval.Who}  {ink.Dim($"{version.Name}:{approval.Version} as {approval.Alias}")}{(approval.Why is null ? "" : $"  {approval.Why}")}");
        }

        return ExitCodes.Ok;
    }

    private int Tell(ParseResult line, string artifact, AliasChange change)
    {
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(change, CairnJson.Default.AliasChange);
            return ExitCodes.Ok;
        }

        var ink = program.Terminal.Ink;
        var name = ink.Accent($"{artifact}:{change.Alias}");
        program.Terminal.WriteLine(change.From == change.To ? $"{name}  {change.To} already" : $"{name}  {change.From ?? ""}{(change.From is null ? "" : " ")}{ink.Dim("→")} {change.To}");
        return ExitCodes.Ok;
    }
}
