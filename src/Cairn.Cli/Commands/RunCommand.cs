using System.CommandLine;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Hosting;
using Cairn.Cli.Parsing;
using Cairn.Cli.Running;
using Cairn.Projects;
using Cairn.Projects.Backends;
using Cairn.Projects.Binding;
using Cairn.Projects.Environments;
using Cairn.Projects.Running;
using Cairn.Projects.Sources;

namespace Cairn.Cli.Commands;

/// <summary><c>cairn run</c>.</summary>
internal sealed class RunCommand(CairnProgram program)
{
    public Command Create()
    {
        var command = new CairnCommand(
            "run",
            "Run an entry point of a project and record it.",
            "cairn run  # the project in this folder",
            "cairn run src/train -P max_depth=8 -P n_trees=200  # with parameters",
            "cairn run . -e test --experiment nightly  # another entry point",
            "cairn run https://github.com/me/pipeline.git#components/train -v v1.2  # from git, at a version",
            "cairn run . --step clean,train --set model.depth=5  # parts of a chain",
            "cairn run src/a && cairn run src/b -P raw=raw_data.csv:latest  # steps; inside a command they become its children")
        {
            RunOptions.Source, RunOptions.Parameters, RunOptions.EntryPoint, RunOptions.Version, RunOptions.Experiment,
            RunOptions.ExperimentId, RunOptions.RunName, RunOptions.RunId, RunOptions.Parent, RunOptions.EnvManager,
            RunOptions.Backend, RunOptions.BackendConfig, RunOptions.StorageDir, RunOptions.BuildImage, RunOptions.SkipImageBuild,
            RunOptions.DockerArguments, RunOptions.NoWait, RunOptions.Steps, RunOptions.Settings, RunOptions.TimeLimit, RunOptions.NoCache,
        };
        command.SetAction((line, _) => RunAsync(line));
        return command;
    }

    /// <summary>Shared with <c>cairn resume</c>.</summary>
    public async Task<int> RunAsync(ParseResult line)
    {
        var manager = Check(line);
        var stop = program.Interrupts.Stop;
        var json = CairnProgram.WantsJson(line);
        var parent = ParentId(line);
        var view = new RunView(program.Terminal, parent is not null, json);
        using var source = await SourceFetcher.FetchAsync(
            line.GetValue(RunOptions.Source)!, line.GetValue(RunOptions.Version), line.GetValue(RunOptions.StorageDir), view.Progress, stop);
        var entryPoint = line.GetValue(RunOptions.EntryPoint)!;
        var project = ProjectFile.OpenFor(source.Folder, entryPoint);
        var given = GivenParameters.Of(
            project, entryPoint, line.GetValue(RunOptions.Parameters) ?? [], line.GetValue(RunOptions.Steps) ?? [], line.GetValue(RunOptions.Settings) ?? []);

        await using var session = await program.ConnectAsync(line);
        parent = await WholeIdAsync(session, parent, stop);
        var runId = await WholeIdAsync(session, line.GetValue(RunOptions.RunId), stop);
        var backend = BackendArguments.Make(program, session, line.GetValue(RunOptions.Backend), line.GetValue(RunOptions.BackendConfig));
        var bound = await ParameterFetcher.BindAsync(
            project, entryPoint, given, Environment.CurrentDirectory, line.GetValue(RunOptions.StorageDir), session.Client, view.Progress, stop);
        view.Notes(bound);
        if (line.GetValue(RunOptions.NoWait))
        {
            return await new DetachedRun(program).StartAsync(line, session, bound, Options(line, parent, view, session, source, null, backend, given) with { RunId = runId });
        }

        var environment = await EnvironmentStore.Default.PrepareAsync(
            new EnvironmentRequest(project, manager)
            {
                BuildImage = line.GetValue(RunOptions.BuildImage) || backend.WantsImage,
                SkipImageBuild = line.GetValue(RunOptions.SkipImageBuild),
                DockerArguments = line.GetValue(RunOptions.DockerArguments) ?? [],
            },
            view.Progress,
            stop);
        if (environment?.Container is null && backend is LocalBackend && (line.GetValue(RunOptions.BuildImage) || line.GetValue(RunOptions.SkipImageBuild) || line.GetValue(RunOptions.DockerArguments) is { Length: > 0 }))
        {
            view.Remark("What was said of images and containers does not count: the project runs in none.");
        }

        var options = Options(line, parent, view, session, source, environment, backend, given) with { RunId = runId };
        var run = await LeftAsync(session, bound, options, stop) ?? await new ProjectRunner(session.Client).CreateAsync(bound, options, stop);
        view.Begin(bound, run);
        var result = await run.ExecuteAsync(stop, program.Interrupts.Force);
        if (backend is LocalBackend)
        {
            bound.RemoveFetched();
        }

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

    /// <summary>People write the beginning of an id, or a name.</summary>
    private static async Task<string?> WholeIdAsync(ServerSession session, string? text, CancellationToken stop) =>
        text is null || (text.Length == 32 && text.All(char.IsAsciiHexDigitLower)) ? text : (await RunFinder.FindAsync(session.Client, text, stop)).Run.Id;

    /// <summary>The run whose job outlived an earlier runner, where it is such a one.</summary>
    private static async Task<ProjectRun?> LeftAsync(ServerSession session, BoundEntryPoint bound, ProjectRunOptions options, CancellationToken stop) =>
        options.RunId is { } id && options.Backend is not LocalBackend
            ? await new ProjectRunner(session.Client).TakeUpAsync(await session.Client.GetRunAsync(id, stop), bound, options, stop)
            : null;

    private ProjectRunOptions Options(
        ParseResult line, string? parent, RunView view, ServerSession session, ProjectSource source, PreparedEnvironment? environment,
        IRunBackend backend, IReadOnlyList<KeyValuePair<string, string>> given) => new()
    {
        Experiment = line.GetValue(RunOptions.Experiment) ?? Variable("CAIRN_EXPERIMENT") ?? Variable("MLFLOW_EXPERIMENT_NAME"),
        ExperimentId = line.GetValue(RunOptions.ExperimentId),
        RunName = line.GetValue(RunOptions.RunName),
        Source = source,
        Environment = environment,
        Tags = ChainResume.Tags(line, given),
        Backend = backend,
        ParentId = parent,
        Timeout = TimeText.Parse(line.GetValue(RunOptions.TimeLimit), "--timeout"),
        CliPath = CliPath.Find(),
        AfterOurDeath = session.CommandAfterDeath(CliPath.Find()),
        Variables = Variables(line),
        Output = view.Print,
        Remark = view.Remark,
    };

    /// <summary>What commands that the child calls are to know of ours.</summary>
    private Dictionary<string, string> Variables(ParseResult line)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (program.Terminal.ErrorInk.IsEnabled)
        {
            variables["CAIRN_COLOR"] = "always";
        }

        if (line.GetValue(RunOptions.NoCache))
        {
            variables["CAIRN_NO_CACHE"] = "1";
        }

        if (line.GetValue(RunOptions.EnvManager) is { } manager)
        {
            variables["CAIRN_ENV_MANAGER"] = manager;
        }

        return variables;
    }

    /// <summary>The run whose command we are, unless another server is meant.</summary>
    private static string? ParentId(ParseResult line) =>
        line.GetValue(RunOptions.Parent)
        ?? (line.GetValue(GlobalOptions.Url) is null && line.GetValue(GlobalOptions.Data) is null ? Variable("CAIRN_PARENT_RUN_ID") : null);

    /// <summary>What cannot go together, told before anything is done.</summary>
    private static EnvironmentChoice Check(ParseResult line)
    {
        _ = ParameterBinder.Split(line.GetValue(RunOptions.Parameters) ?? []);
        if (line.GetValue(RunOptions.Experiment) is not null && line.GetValue(RunOptions.ExperimentId) is not null)
        {
            throw new UsageException("--experiment and --experiment-id name the same thing. Give one of them.");
        }

        if (line.GetValue(RunOptions.BuildImage) && line.GetValue(RunOptions.SkipImageBuild))
        {
            throw new UsageException("--build-image and --skip-image-build exclude each other.");
        }

        var manager = line.GetValue(RunOptions.EnvManager) ?? Variable("CAIRN_ENV_MANAGER") ?? "auto";
        return EnvironmentChoices.Parse(manager)
            ?? throw new UsageException($"--env-manager {manager} is not known. Known are auto, system (or local), conda, virtualenv, uv, docker and podman.");
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
