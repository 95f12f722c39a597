using System.CommandLine;
using Cairn.Cli.Commands.Running;
using Cairn.Cli.Hosting;
using Cairn.Cli.Output;
using Cairn.Cli.Parsing;
using Cairn.Cli.Pipelines;
using Cairn.Cli.Running;
using Cairn.Client.Wire;
using Cairn.Projects.Backends;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Running;
using Cairn.Projects.Running;
using Cairn.Projects.Sources;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary><c>cairn pipeline</c> and its parts.</summary>
internal sealed class PipelineCommand(CairnProgram program)
{
    public Command Create()
    {
        var run = new CairnCommand(
            "run",
            "Run a pipeline: the steps that changed, in parallel where they can be.",
            "cairn pipeline run  # the pipeline.yaml in this folder",
            "cairn pipeline run samples/weather model.trees=200  # with another parameter",
            "cairn pipeline run https://github.com/me/weather.git#pipeline -v v1.2  # from git, at a version",
            "cairn pipeline run . --from train  # train and all after it, whatever is known",
            "cairn pipeline run . -m model.trees=50,100 seed=range(1,4)  # all combinations")
        {
            PipelineArguments.Words, RunOptions.Version, PipelineArguments.Settings, PipelineArguments.Experiment, PipelineArguments.RunName, PipelineArguments.NoCache,
            PipelineArguments.From, PipelineArguments.Steps, PipelineArguments.KeepGoing, PipelineArguments.Jobs, PipelineArguments.MultiRun,
            PipelineArguments.Verbose, PipelineArguments.EnvManager, PipelineArguments.Backend, PipelineArguments.BackendConfig, RunOptions.StorageDir,
        };
        run.SetAction((line, _) => RunAsync(line));
        var plan = new CairnCommand("plan", "Tell which steps would run, and why.", "cairn pipeline plan", "cairn pipeline plan . model.trees=200")
        {
            PipelineArguments.Words, RunOptions.Version, PipelineArguments.Settings, PipelineArguments.Experiment, PipelineArguments.NoCache, PipelineArguments.From,
            PipelineArguments.Steps, PipelineArguments.EnvManager,
        };
        plan.SetAction((line, _) => PlanAsync(line));
        var graph = new CairnCommand(
            "graph",
            "Draw which step waits for which: of a pipeline file, or of a run, as its artifacts show it.",
            "cairn pipeline graph",
            "cairn pipeline graph . --mermaid",
            "cairn pipeline graph 3f2a  # what a run really did, also one whose program starts its components itself")
        {
            PipelineArguments.Words, RunOptions.Version, GraphText.Mermaid,
        };
        graph.SetAction((line, _) => GraphAsync(line));
        return new CairnCommand("pipeline", "Run and look at pipelines of steps (pipeline.yaml).")
        {
            run, plan, new PipelineStatusCommand(program).CreateStatus(), new PipelineStatusCommand(program).CreateLogs(), graph,
            new RegisterCommand(program).CreateRegister(), new RegisterCommand(program).CreateList(), new RegisterCommand(program).CreateRemove(),
        };
    }

    private async Task<int> RunAsync(ParseResult line)
    {
        var (path, changes) = PipelineArguments.Split(line);
        using var fetched = await PipelinePlace.FetchAsync(program, path, line.GetValue(RunOptions.Version), line.GetValue(RunOptions.StorageDir));
        var pipeline = Open(fetched?.Folder ?? path);
        var combinations = line.GetValue(PipelineArguments.MultiRun) ? Overrides.Sweep(changes) : [changes];
        await using var session = await program.ConnectAsync(line);
        var options = Options(program, line, session, fetched);
        return combinations.Count == 1
            ? await ExecuteAsync(line, session, pipeline, options with { Changes = combinations[0] })
            : await new SweepRun(program).ExecuteAsync(line, session, pipeline, options, combinations);
    }

    /// <summary>One run with its picture. Shared with <c>cairn resume</c>.</summary>
    public async Task<int> ExecuteAsync(ParseResult line, ServerSession session, Pipeline pipeline, PipelineOptions options)
    {
        var terminal = program.Terminal;
        var ink = terminal.ErrorInk;
        var json = CairnProgram.WantsJson(line);
        IPipelineView? view = null;
        using var run = await new PipelineRunner(session.Client).CreateAsync(
            pipeline,
            options with
            {
                Changed = report => view?.Changed(report),
                Output = (step, _, bytes) => view?.Print(step, bytes),
                Warning = text => view?.Warn(text),
                Remark = text =>
                {
                    // Said before there is a picture to say it in.
                    if (view is null)
                    {
                        terminal.Say($"{ink.Warn("note")} {TextWidth.Safe(text)}");
                    }

                    view?.Remark(text);
                },
            },
            program.Interrupts.Stop);
        terminal.Say($"{ink.Accent("▶")} {ink.Bold(TextWidth.Safe(pipeline.Name))}{(options.Changes.Count > 0 ? "  " + ink.Dim(TextWidth.Safe(string.Join(' ', options.Changes))) : "")}");
        terminal.Say(ink.Dim($"  {run.Run.ExperimentName} / {run.Run.Name}   {run.Url.AbsoluteUri}"));
        PipelineResult result;
        using (view = View(pipeline, line.GetValue(PipelineArguments.Verbose)))
        {
            result = await run.ExecuteAsync(program.Interrupts.Stop, program.Interrupts.Force);
        }

        terminal.Say(Summary(result, pipeline, ink));
        if (!result.IsSuccess)
        {
            terminal.Say(ink.Dim($"  {(result.Status == "killed" ? "go on with" : "mend it, then")}: cairn resume {result.RunId[..8]}"));
        }

        if (json)
        {
            terminal.WriteJson(PipelineReport.Of(result), CliJson.Default.PipelineReport);
        }

        return result.Status switch { "finished" => ExitCodes.Ok, "killed" => ExitCodes.Interrupted, _ => ExitCodes.RunFailed };
    }

    /// <param name="program">Where remarks go.</param>
    /// <param name="line">What was given.</param>
    /// <param name="session">The server.</param>
    /// <param name="source">Where the pipeline was fetched from, if it was.</param>
    /// <param name="before">The run to go on with, whose backend, steps and environment manager hold where the line names none.</param>
    public static PipelineOptions Options(CairnProgram program, ParseResult line, ServerSession session, ProjectSource? source, RunDetail? before = null)
    {
        var (backend, config) = BackendOf(line, before);
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (backend is not null)
        {
            tags[RunTags.Backend] = backend;
        }

        if (config is not null)
        {
            tags[StepTags.BackendConfig] = config;
        }

        var only = NamesOf(line, PipelineArguments.Steps, StepTags.PipelineSteps);
        var from = NamesOf(line, PipelineArguments.From, StepTags.PipelineFrom);
        var noCache = line.GetValue(PipelineArguments.NoCache) || before?.Tags.GetValueOrDefault(StepTags.PipelineNoCache) is "true";
        if (noCache)
        {
            tags[StepTags.PipelineNoCache] = "true";
        }

        if (source is { Origin: { } origin })
        {
            tags[StepTags.PipelineSource] = origin;
            RunTags.AddGit(tags, source.Git);
        }

        var given = line.GetValue(PipelineArguments.EnvManager) ?? before?.Tags.GetValueOrDefault(StepTags.PipelineEnvManager);
        if (given is not null)
        {
            tags[StepTags.PipelineEnvManager] = given;
        }

        // A command of a run inherits the manager of the run.
        var manager = given ?? (Environment.GetEnvironmentVariable("CAIRN_ENV_MANAGER") is { Length: > 0 } inherited ? inherited : "auto");
        var made = BackendArguments.Make(program, session, backend, config);
        return new PipelineOptions
        {
            Source = source,
            Experiment = line.GetValue(PipelineArguments.Experiment) ?? (Environment.GetEnvironmentVariable("CAIRN_EXPERIMENT") is { Length: > 0 } name ? name : null),
            RunName = line.GetValue(PipelineArguments.RunName),
            NoCache = noCache,
            From = from,
            Only = only,
            KeepGoing = line.GetValue(PipelineArguments.KeepGoing),
            Jobs = line.GetValue(PipelineArguments.Jobs) switch
            {
                // A scheduler has a queue of its own.
                null => made is LocalBackend ? Math.Max(1, Environment.ProcessorCount) : 1024,
                > 0 and <= 1024 and var jobs => jobs,
                _ => throw new UsageException("--jobs must be between 1 and 1024."),
            },
            Backend = made,
            Tags = tags,
            Environments = EnvironmentChoices.Parse(manager) ?? throw new UsageException($"--env-manager {manager} is not known. Known are auto, system (or local), conda, virtualenv, uv, docker and podman."),
            ParentId = line.GetValue(GlobalOptions.Url) is null && line.GetValue(GlobalOptions.Data) is null
                && Environment.GetEnvironmentVariable("CAIRN_PARENT_RUN_ID") is { Length: > 0 } parent ? parent : null,
            CliPath = CliPath.Find(),
            AfterOurDeath = session.CommandAfterDeath(CliPath.Find()),
        };

        IReadOnlyList<string> NamesOf(ParseResult given, Option<string[]> option, string tag)
        {
            var names = PipelineArguments.Names(given, option);
            names = names.Count == 0 && before?.Tags.GetValueOrDefault(tag) is { } known ? known.Split(',') : names;
            if (names.Count > 0)
            {
                tags[tag] = string.Join(',', names);
            }

            return names;
        }
    }

    private static (string? Backend, string? Config) BackendOf(ParseResult line, RunDetail? before)
    {
        var config = line.GetValue(PipelineArguments.BackendConfig);
        // A path that holds wherever the pipeline is gone on with.
        config = config is not null && File.Exists(config) ? Path.GetFullPath(config) : config;
        return (line.GetValue(PipelineArguments.Backend) ?? before?.Tags.GetValueOrDefault(RunTags.Backend), config ?? before?.Tags.GetValueOrDefault(StepTags.BackendConfig));
    }

    /// <summary>Reads a pipeline and shows what was tolerated.</summary>
    public Pipeline Open(string path)
    {
        var pipeline = PipelineFile.Open(path);
        foreach (var note in pipeline.Notes)
        {
            program.Terminal.Say($"{program.Terminal.ErrorInk.Warn("note")} {program.Terminal.ErrorInk.Dim(note.ToString())}");
        }

        return pipeline;
    }

    internal static string Summary(PipelineResult result, Pipeline pipeline, Ink ink)
    {
        var counts = $"{result.Executed} executed, {result.Cached} cached{(result.Steps.Any(step => step.State == StepState.Skipped) ? $", {result.Steps.Count(step => step.State == StepState.Skipped)} skipped" : "")}";
        var mark = result.Status switch { "finished" => ink.Good("✔"), "killed" => ink.Warn("■"), _ => ink.Bad("✘") };
        return $"{mark} {ink.Bold(TextWidth.Safe(pipeline.Name))}  {(result.Status == "killed" ? "stopped" : result.Status)} in {Shown.Duration(result.Duration)}: {counts}";
    }

    private async Task<int> PlanAsync(ParseResult line)
    {
        var (path, changes) = PipelineArguments.Split(line);
        using var fetched = await PipelinePlace.FetchAsync(program, path, line.GetValue(RunOptions.Version));
        var pipeline = Open(fetched?.Folder ?? path);
        await using var session = await program.ConnectAsync(line);
        var steps = await new PipelineRunner(session.Client).PlanAsync(pipeline, Options(program, line, session, fetched) with { Changes = changes }, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            program.Terminal.WriteJson(new PipelineReport("", "", "planned", 0, steps.Select(StepLine.Of).ToArray()), CliJson.Default.PipelineReport);
            return ExitCodes.Ok;
        }

        var width = Math.Min(30, steps.Max(step => step.Name.Length));
        foreach (var step in steps)
        {
            program.Terminal.WriteLine(StepText.Plan(step, program.Terminal.Ink, width));
        }

        return ExitCodes.Ok;
    }

    private async Task<int> GraphAsync(ParseResult line)
    {
        var (path, _) = PipelineArguments.Split(line);
        var (terminal, mermaid) = (program.Terminal, line.GetValue(GraphText.Mermaid));
        var version = line.GetValue(RunOptions.Version);
        if (Path.Exists(path) || version is not null || PipelinePlace.IsAddress(path))
        {
            using var fetched = await PipelinePlace.FetchAsync(program, path, version);
            terminal.Write(GraphText.Of(Open(fetched?.Folder ?? path), mermaid, terminal.Ink));
            return ExitCodes.Ok;
        }

        await using var session = await program.ConnectAsync(line);
        var run = await RunFinder.FindAsync(session.Client, path, program.Interrupts.Stop);
        var steps = await session.Client.GetStepsAsync(run.Run.Id, program.Interrupts.Stop);
        if (CairnProgram.WantsJson(line))
        {
            terminal.WriteJson(steps, CairnJson.Default.StepGraph);
        }
        else
        {
            terminal.Write(RunGraphText.Of(steps, mermaid, terminal.Ink));
        }

        return ExitCodes.Ok;
    }

    private IPipelineView View(Pipeline pipeline, bool isVerbose)
    {
        var names = pipeline.Steps.Select(step => step.Name).ToArray();
        return program.Terminal.ErrorIsTerminal && program.Terminal.ErrorInk.IsEnabled && !isVerbose
            ? new LivePipelineView(program.Terminal, names)
            : new PlainPipelineView(program.Terminal, Math.Min(30, names.Max(name => name.Length)), isVerbose, "");
    }
}
