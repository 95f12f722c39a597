using System.CommandLine;
using Cairn.Cli.Parsing;
using Cairn.Client.Wire;
using Cairn.Core.Promotion;

namespace Cairn.Cli.Commands.Promotion;

/// <summary><c>cairn check report</c>: how a component without a client tells how a check of it ended.</summary>
internal sealed class ReportCheckCommand(CairnProgram program)
{
    private static readonly Argument<string> Name = new("name") { Description = "Name of the check" };
    private static readonly Argument<string> Outcome = new("outcome") { Description = "passed or failed" };
    private static readonly Option<string?> Detail = new("--detail") { Description = "What was found", HelpName = "TEXT" };
    private static readonly Option<string?> Run = new("--run") { Description = "The run (default: the one whose command this is)", HelpName = "RUN" };

    public Command Create()
    {
        var command = new CairnCommand(
            "report",
            "Report how a check ended, for gates and triggers.",
            "cairn check report schema passed",
            "cairn check report drift failed --detail \"psi 0.31 in temp_max\"")
        {
            Name, Outcome, Detail, Run,
        };
        command.SetAction((line, _) => ReportAsync(line));
        return command;
    }

    private async Task<int> ReportAsync(ParseResult line)
    {
        var stop = program.Interrupts.Stop;
        var outcome = line.GetValue(Outcome)!;
        var passed = CheckResult.Read(outcome)?.Passed
            ?? throw new UsageException($"A check is passed or failed, not '{outcome}'. (Also ok and warned, error, or a number: above zero is passed.)");
        await using var session = await program.ConnectAsync(line);
        var run = line.GetValue(Run) is { } text ? (await RunFinder.FindAsync(session.Client, text, stop)).Run.Id
            : ArtifactCommand.RunOf(line) ?? throw new UsageException("There is no run to report to: give one with --run.");
        var all = await session.Client.ReportCheckAsync(run, new ReportCheckRequest(line.GetValue(Name)!, passed, line.GetValue(Detail)), stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new CheckList(all), CairnJson.Default.CheckList);
        }

        return ExitCodes.Ok;
    }
}
