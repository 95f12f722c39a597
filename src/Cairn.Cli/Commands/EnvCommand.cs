using System.CommandLine;
using System.Globalization;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Projects.Environments;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn env</c>: the environments that runs were built.</summary>
internal sealed class EnvCommand(CairnProgram program)
{
    private static readonly Option<string> OlderThan = new("--older-than")
    {
        Description = "Remove those not used for this time (default: 30d); 0 removes all",
        HelpName = "TIME",
        DefaultValueFactory = _ => "30d",
    };

    public Command Create()
    {
        var list = new CairnCommand("ls", "List them, with their size and last use.");
        list.SetAction((line, _) => Task.FromResult(List(line)));
        var prune = new CairnCommand("prune", "Remove those not used for a while, and what interrupted builds left.", "cairn env prune", "cairn env prune --older-than 0  # all") { OlderThan };
        prune.SetAction((line, _) => Task.FromResult(Prune(line)));
        return new CairnCommand("env", "Look at and remove the environments of projects.") { list, prune, new CondaCommand(program).Create(), new ComponentCommand(program).Create() };
    }

    private int List(ParseResult line)
    {
        var stored = EnvironmentStore.Default.List();
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(
                new EnvironmentsReport(EnvironmentStore.Default.Root, [.. stored.Select(one => new EnvironmentLine(one.Hash, one.Kind, one.MadeFor, PackagesOf(one), one.Size, one.LastUsed.ToUnixTimeMilliseconds()))]),
                CliJson.Default.EnvironmentsReport);
            return ExitCodes.Ok;
        }

        if (stored.Count == 0)
        {
            program.Terminal.Say("No environments yet. They are built when a project with conda_env or python_env is run.");
            return ExitCodes.Ok;
        }

        var now = TimeProvider.System.GetUtcNow();
        var table = new Table("ENVIRONMENT", "KIND", "MADE FOR", "PACKAGES", "SIZE", "LAST USED").RightAlign(3, 4);
        foreach (var one in stored)
        {
            table.Add(
                Table.Painted(one.Hash, program.Terminal.Ink.Accent),
                one.Kind,
                one.MadeFor,
                PackagesOf(one).ToString(CultureInfo.InvariantCulture),
                Shown.Size(one.Size),
                Shown.Ago(one.LastUsed.ToUnixTimeMilliseconds(), now));
        }

        program.Terminal.WriteTable(table);
        program.Terminal.Say(program.Terminal.ErrorInk.Dim(EnvironmentStore.Default.Root));
        return ExitCodes.Ok;
    }

    private static int PackagesOf(StoredEnvironment one) => one.Lock.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private int Prune(ParseResult line)
    {
        var text = line.GetValue(OlderThan)!;
        var age = text == "0" ? TimeSpan.Zero : TimeText.Parse(text, "--older-than", mostDays: 3650)!.Value;
        var freed = EnvironmentStore.Default.Prune(TimeProvider.System.GetUtcNow() - age + (age == TimeSpan.Zero ? TimeSpan.FromDays(1) : TimeSpan.Zero));
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new PruneReport(freed), CliJson.Default.PruneReport);
            return ExitCodes.Ok;
        }

        program.Terminal.Say($"{Shown.Size(freed)} are free again.");
        return ExitCodes.Ok;
    }
}
