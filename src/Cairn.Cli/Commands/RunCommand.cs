using System.CommandLine;
using Cairn.Cli.Parsing;
using Cairn.Cli.Running;
using Cairn.Projects;
using Cairn.Projects.Binding;
using Cairn.Projects.Running;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn run</c>.</summary>
internal sealed class RunCommand(CairnProgram program)
{
    private static readonly Argument<string> Folder = new("folder")
    {
        Description = "The project: a folder with an MLproject file",
        DefaultValueFactory = _ => ".",
    };

    private static readonly Option<string[]> Parameters = new("--param", "-P", "--param-list")
    {
        Description = "A parameter; undeclared ones are appended to the command as --NAME VALUE",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string> EntryPoint = new("--entry-point", "-e", "--entry")
    {
        Description = "What to run (default: main)",
        HelpName = "NAME",
        DefaultValueFactory = _ => "main",
    };

    private static readonly Option<string?> Experiment = new("--experiment", "--experiment-name")
    {
        Description = "The experiment the run belongs to, made if missing (default: CAIRN_EXPERIMENT, or Default)",
        HelpName = "NAME",
    };

    private static readonly Option<string?> ExperimentId = new("--experiment-id") { Description = "The same by its number", HelpName = "ID" };

    private static readonly Option<string?> RunName = new("--run-name") { Description = "A name for the run (default: one is made up)", HelpName = "NAME" };

    private static readonly Option<string?> Parent = new("--parent")
    {
        Description = "The run this one is a part of (default: the one whose command calls us)",
        HelpName = "RUN",
    };

    private static readonly Option<string?> EnvManager = new("--env-manager")
    {
        Description = "Where the programs come from: 'system' (or 'local'), those on PATH",
        HelpName = "KIND",
    };

    private static readonly Option<string?> TimeLimit = new("--timeout") { Description = "End the run as failed after this time (90s, 10m, 2h)", HelpName = "TIME" };

    public Command Create()
    {
        var command = new CairnCommand(
            "run",
            "Run an entry point of a project and record it.",
            "cairn run  # the project in this folder",
            "cairn run src/train -P max_depth=8 -P n_trees=200  # with parameters",
            "cairn run . -e test --experiment nightly  # another entry point",
            "cairn run src/a && cairn run src/b -P raw=raw_data.csv:latest  # steps; inside a command they become its children")
        {
            Folder, Parameters, EntryPoint, Experiment, ExperimentId, RunName, Parent, EnvManager, TimeLimit,
        };
        command.SetAction((line, _) => RunAsync(line));
        return command;
    }

    private async Task<int> RunAsync(ParseResult line)
    {
        CheckEnvManager(line.GetValue(EnvManager));
        var json = CairnProgram.WantsJson(line);
        var parent = ParentId(line);
        var given = ParameterBinder.Split(line.GetValue(Parameters) ?? []);
        var bound = ParameterBinder.Bind(ProjectFile.Open(line.GetValue(Folder)!), line.GetValue(EntryPoint)!, given, Environment.CurrentDirectory);
        var view = new RunView(program.Terminal, parent is not null, json);
        view.Notes(bound);

        await using var session = await program.ConnectAsync(line);
        var options = Options(line, parent, view);
        var run = await new ProjectRunner(session.Client).CreateAsync(bound, options, program.Interrupts.Stop);
        view.Begin(bound, run);
        var result = await run.ExecuteAsync(program.Interrupts.Stop, program.Interrupts.Force);
        view.End(bound, run, result, session.IsHosted);
        if (json)
        {
            program.Terminal.WriteJson(Report(bound, run, result), CliJson.Default.RunReport);
        }

        return result switch
        {
            { IsSuccess: true } => ExitCodes.Ok,
            { End: RunEnd.Cancelled } => ExitCodes.Interrupted,
            _ => ExitCodes.RunFailed,
        };
    }

    private ProjectRunOptions Options(ParseResult line, string? parent, RunView view)
    {
        var (name, id) = (line.GetValue(Experiment), line.GetValue(ExperimentId));
        if (name is not null && id is not null)
        {
            throw new UsageException("--experiment and --experiment-id name the same thing. Give one of them.");
        }

        return new ProjectRunOptions
        {
            Experiment = name ?? Variable("CAIRN_EXPERIMENT") ?? Variable("MLFLOW_EXPERIMENT_NAME"),
            ExperimentId = id,
            RunName = line.GetValue(RunName),
            ParentId = parent,
            Timeout = TimeText.Parse(line.GetValue(TimeLimit), "--timeout"),
            CliPath = CliPath.Find(),
            Variables = program.Terminal.ErrorInk.IsEnabled ? new Dictionary<string, string> { ["CAIRN_COLOR"] = "always" } : [],
            Output = view.Print,
            Remark = view.Remark,
        };
    }

    /// <summary>The run whose command we are, unless another server is meant.</summary>
    private static string? ParentId(ParseResult line) =>
        line.GetValue(Parent)
        ?? (line.GetValue(GlobalOptions.Url) is null && line.GetValue(GlobalOptions.Data) is null ? Variable("CAIRN_PARENT_RUN_ID") : null);

    private static void CheckEnvManager(string? kind)
    {
        if (kind is not (null or "system" or "local"))
        {
            throw new UsageException($"--env-manager {kind} is not possible yet. Activate the environment yourself and run with --env-manager system.");
        }
    }

    private static RunReport Report(BoundEntryPoint bound, ProjectRun run, ProjectRunResult result) => new(
        result.Run.Run,
        run.Url.AbsoluteUri,
        result.Exit.Code,
        result.End switch { RunEnd.Cancelled => "cancelled", RunEnd.TimedOut => "timed_out", _ => "exited" },
        (long)result.Duration.TotalMilliseconds,
        bound.CommandLine,
        result.Run.Inputs,
        result.Run.Outputs);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
