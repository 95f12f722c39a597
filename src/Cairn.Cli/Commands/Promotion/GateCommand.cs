using System.CommandLine;
using Cairn.Cli.Commands.Artifacts;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Promotion;

/// <summary><c>cairn gate</c>: what must hold before an alias moves.</summary>
internal sealed class GateCommand(CairnProgram program)
{
    private static readonly Option<string?> When = new("--when") { Description = "A condition on metrics, such as \"metrics.mae < prod.metrics.mae\"", HelpName = "CONDITION" };
    private static readonly Option<string[]> Checks = new("--check") { Description = "A check that must have passed; may be repeated", HelpName = "NAME" };
    private static readonly Option<int> Approvals = new("--approvals") { Description = "How many people must have agreed", HelpName = "N" };
    private static readonly Option<string[]> Approvers = new("--approver") { Description = "Whose approvals count (default: anybody's); may be repeated", HelpName = "NAME" };
    private static readonly Option<string?> Data = new("--on") { Description = "Name of the data on which metrics are compared (default: all data that was used)", HelpName = "ARTIFACT" };
    private static readonly Option<string?> Stage = new("--stage") { Description = "The stage of MLflow's registry behind the same gate: Production, Staging or none", HelpName = "STAGE" };
    private static readonly Argument<string?> SomeName = new("artifact") { Description = "Name of an artifact, or experiment/name (default: all gates)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int?> Limit = new("--limit") { Description = "How many to show (default: 100)", HelpName = "N" };

    public Command Create()
    {
        var set = new CairnCommand(
            "set",
            "Set what must hold for a version to get an alias; the server judges every move by it.",
            "cairn gate set model_export --when \"metrics.mae < prod.metrics.mae\"",
            "cairn gate set model_export --alias prod --check schema --check drift --approvals 1 --approver ann")
        {
            AliasArguments.Name, AliasArguments.Alias, When, Checks, Approvals, Approvers, Data, Stage, AliasArguments.As, ArtifactCommand.Experiment,
        };
        set.SetAction((line, _) => SetAsync(line));
        var show = new CairnCommand("show", "Show gates.", "cairn gate show", "cairn gate show model_export") { SomeName, ArtifactCommand.Experiment };
        show.SetAction((line, _) => ShowAsync(line));
        var check = new CairnCommand("check", "Tell what the gate would say of a version, without moving anything.", "cairn gate check model_export:latest") { AliasArguments.Version, AliasArguments.Alias, ArtifactCommand.Experiment };
        check.SetAction((line, _) => CheckAsync(line));
        var log = new CairnCommand("log", "Show what was decided: promotions, refusals, rollbacks, changes of gates.", "cairn gate log model_export") { AliasArguments.Name, AliasArguments.Alias, Limit, ArtifactCommand.Experiment };
        log.SetAction((line, _) => LogAsync(line));
        var remove = new CairnCommand("rm", "Take a gate away.", "cairn gate rm model_export --why \"compared by hand now\"") { AliasArguments.Name, AliasArguments.Alias, AliasArguments.Why, AliasArguments.As, ArtifactCommand.Experiment };
        remove.SetAction((line, _) => RemoveAsync(line));
        return new CairnCommand("gate", "Keep an alias for versions that are good enough.") { set, show, check, log, remove };
    }

    private async Task<int> SetAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var (experiment, artifact) = AliasArguments.NameOf(line);
        await using var session = await program.ConnectAsync(line);
        var id = await AliasArguments.EnsureExperimentAsync(session.Client, experiment, stop);
        var gate = await session.Client.SetGateAsync(
            id,
            artifact,
            AliasArguments.AliasOf(line),
            new SetGateRequest(
                line.GetValue(When),
                line.GetValue(Checks) ?? [],
                line.GetValue(Approvals),
                line.GetValue(Approvers) ?? [],
                line.GetValue(Data),
                line.GetValue(Stage),
                line.GetValue(AliasArguments.As) ?? Environment.UserName),
            stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(gate, CairnJson.Default.GateInfo);
        }
        else
        {
            program.Terminal.WriteLine($"{program.Terminal.Ink.Accent($"{gate.Name}:{gate.Alias}")}  {Describe(gate)}");
        }

        return ExitCodes.Ok;
    }

    private async Task<int> ShowAsync(ParseResult line)
    {
        await using var session = await program.ConnectAsync(line);
        var name = line.GetValue(SomeName);
        var slash = name?.LastIndexOf('/') ?? -1;
        var experiment = slash > 0 ? name![..slash] : ArtifactCommand.ExperimentOf(line);
        var gates = (await session.Client.ListGatesAsync(experiment, program.Interrupts.Stop)).Where(gate => name is null || gate.Name == name[(slash + 1)..]).ToArray();
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new GateList(gates), CairnJson.Default.GateList);
            return ExitCodes.Ok;
        }

        var table = new Table("EXPERIMENT", "ALIAS", "ASKS FOR", "SET BY", "WHEN");
        foreach (var gate in gates)
        {
            table.Add(gate.ExperimentName, Table.Painted($"{gate.Name}:{gate.Alias}", program.Terminal.Ink.Accent), Describe(gate), gate.Source ?? gate.SetBy, Shown.Time(gate.SetAt));
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> CheckAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        await using var session = await program.ConnectAsync(line);
        var version = (await ElsewhereHint.FindAsync(session, line.GetValue(AliasArguments.Version)!, () => session.Client.ResolveArtifactAsync(line.GetValue(AliasArguments.Version)!, ArtifactCommand.ExperimentOf(line), stop), stop)).Version;
        var verdict = await session.Client.JudgeAsync(version.ExperimentId, version.Name, AliasArguments.AliasOf(line), version.Version, stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(verdict, CairnJson.Default.VerdictInfo);
        }
        else
        {
            foreach (var condition in verdict.Conditions)
            {
                program.Terminal.WriteLine($"{(condition.Passed ? program.Terminal.Ink.Good("✔") : program.Terminal.Ink.Bad("✘"))} {TextWidth.Safe(condition.Detail)}");
            }
        }

        return verdict.Passed ? ExitCodes.Ok : ExitCodes.Conflict;
    }

    private async Task<int> LogAsync(ParseResult line)
    {
        var (experiment, artifact) = AliasArguments.NameOf(line);
        await using var session = await program.ConnectAsync(line);
        var decisions = await session.Client.ListDecisionsAsync(experiment, artifact, AliasArguments.AliasOf(line), line.GetValue(Limit), program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new DecisionList(decisions), CairnJson.Default.DecisionList);
            return ExitCodes.Ok;
        }

        var ink = program.Terminal.Ink;
        var table = new Table("WHEN", "OUTCOME", "FROM", "TO", "WHO", "RUN", "WHY");
        foreach (var decision in decisions)
        {
            table.Add(
                Shown.Time(decision.At),
                Table.Painted(decision.Outcome, decision.Outcome switch { "accepted" => ink.Good, "refused" => ink.Bad, "rolled_back" => ink.Warn, _ => ink.Dim }),
                decision.From ?? "–",
                decision.To ?? "–",
                decision.Who,
                decision.RunId?[..8],
                decision.Verdict is { Passed: false } verdict ? string.Join(" ", verdict.Conditions.Where(condition => !condition.Passed).Select(condition => condition.Detail)) : decision.Why);
        }

        program.Terminal.WriteTable(table);
        return ExitCodes.Ok;
    }

    private async Task<int> RemoveAsync(ParseResult line)
    {
        var (experiment, artifact) = AliasArguments.NameOf(line);
        await using var session = await program.ConnectAsync(line);
        await session.Client.RemoveGateAsync(experiment, artifact, AliasArguments.AliasOf(line), line.GetValue(AliasArguments.Why), line.GetValue(AliasArguments.As), program.Interrupts.Stop);
        program.Terminal.Say($"There is no gate before {artifact}:{AliasArguments.AliasOf(line)} any more.");
        return ExitCodes.Ok;
    }

    private static string Describe(GateInfo gate) => string.Join("; ", new[]
    {
        gate.When,
        gate.Checks.Count > 0 ? $"checks {string.Join(", ", gate.Checks)}" : null,
        gate.Approvals > 0 ? $"{gate.Approvals} approval{(gate.Approvals == 1 ? "" : "s")}{(gate.Approvers.Count > 0 ? $" of {string.Join(", ", gate.Approvers)}" : "")}" : null,
        gate.Data is { } data ? $"on {data}" : null,
    }.OfType<string>());
}
