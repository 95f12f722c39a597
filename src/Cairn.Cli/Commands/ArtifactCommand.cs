using System.CommandLine;
using Cairn.Cli.Commands.Artifacts;
using Cairn.Cli.Parsing;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn artifact</c> and its parts.</summary>
internal sealed class ArtifactCommand(CairnProgram program)
{
    /// <summary>Shared by all parts: where names are looked up.</summary>
    public static readonly Option<string?> Experiment = new("--experiment", "--experiment-name")
    {
        Description = "The experiment the artifact lives in (default: CAIRN_EXPERIMENT, or Default)",
        HelpName = "NAME",
    };

    public Command Create() => new CairnCommand("artifact", "Put, get and name versions of data and models.")
    {
        new PutCommand(program).Create(),
        new GetCommand(program).Create(),
        new ListCommand(program).Create(),
        new AliasCommand(program).Create(),
        new HistoryCommand(program).Create(),
    };

    /// <summary>The experiment that is named; null where none is.</summary>
    public static string? ExperimentOf(ParseResult line) =>
        line.GetValue(Experiment) ?? (Environment.GetEnvironmentVariable("CAIRN_EXPERIMENT") is { Length: > 0 } name ? name : null);

    /// <summary>The run whose command we are: what it puts and gets is recorded as its outputs and inputs. Null elsewhere.</summary>
    public static string? RunOf(ParseResult line) =>
        line.GetValue(GlobalOptions.Url) is null && line.GetValue(GlobalOptions.Data) is null
            && Environment.GetEnvironmentVariable("CAIRN_RUN_ID") is { Length: > 0 } run
            ? run
            : null;
}
