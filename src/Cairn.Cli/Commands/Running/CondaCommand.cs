using System.CommandLine;
using Cairn.Cli.Parsing;
using Cairn.Projects.Environments;

namespace Cairn.Cli.Commands.Running;

/// <summary>
/// What our stand-in for <c>conda</c> calls: the few forms MLflow uses (<c>--help</c>, <c>info</c>, <c>env list --json</c>,
/// <c>env create -n NAME --file FILE</c>, and <c>activate NAME</c> from its profile).
/// </summary>
internal sealed class CondaCommand(CairnProgram program)
{
    private static readonly Argument<string[]> Words = new("words") { Arity = ArgumentArity.ZeroOrMore, Description = "As for conda" };

    public Command Create()
    {
        var command = new CairnCommand("conda", "Speak conda's language to tools that call it.") { Words };
        command.Hidden = true;
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((line, _) => RunAsync(line));
        return command;
    }

    private async Task<int> RunAsync(ParseResult line)
    {
        var words = line.GetValue(Words) ?? [];
        var names = new CondaNames(EnvironmentStore.Default);
        switch (words)
        {
            case ["activate", var name]:
                program.Terminal.Write(names.ActivationOf(name));
                return ExitCodes.Ok;
            case ["env", "list", ..]:
                program.Terminal.WriteLine(names.ListAsJson());
                return ExitCodes.Ok;
            case ["env", "create" or "update", ..] or ["create", ..]:
                var file = Value(words, "--file", "-f");
                var wanted = Value(words, "-n", "--name") ?? Value(words, "-p", "--prefix");
                if (wanted is null)
                {
                    throw new UsageException("conda create: a name is needed (-n NAME).");
                }

                await names.CreateAsync(wanted, file, text => program.Terminal.Say(program.Terminal.ErrorInk.Dim($"env: {text}")), program.Interrupts.Stop);
                return ExitCodes.Ok;
            case ["info", ..] when words.Contains("--json"):
                program.Terminal.WriteLine("""{"conda_version": "23.1.0", "envs": []}""");
                return ExitCodes.Ok;
            default:
                program.Terminal.WriteLine("conda 23.1.0 (Cairn's stand-in: environments come from `cairn env`)");
                return ExitCodes.Ok;
        }
    }

    private static string? Value(string[] words, params string[] names)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (names.Contains(words[i]) && i + 1 < words.Length)
            {
                return words[i + 1];
            }

            if (names.FirstOrDefault(name => words[i].StartsWith(name + "=", StringComparison.Ordinal)) is { } name)
            {
                return words[i][(name.Length + 1)..];
            }
        }

        return null;
    }
}
