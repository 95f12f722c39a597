using System.CommandLine;

namespace Cairn.Cli.Commands.Running;

/// <summary>What <c>cairn run</c> takes: everything <c>mlflow run</c> does, under the same names, and some of ours.</summary>
internal static class RunOptions
{
    public static readonly Argument<string> Source = new("project")
    {
        Description = "A folder, a git address (https://…, git@…, file://…) or a zip file; '#folder' names a folder in it",
        DefaultValueFactory = _ => ".",
    };

    public static readonly Option<string[]> Parameters = new("--param", "-P", "--param-list")
    {
        Description = "A parameter; undeclared ones are appended to the command as --NAME VALUE",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<string> EntryPoint = new("--entry-point", "-e", "--entry")
    {
        Description = "What to run: an entry point, or a .py or .sh file of the project (default: main)",
        HelpName = "NAME",
        DefaultValueFactory = _ => "main",
    };

    public static readonly Option<string?> Version = new("--version", "-v") { Description = "Branch, tag or commit of a git project", HelpName = "VERSION" };

    public static readonly Option<string?> Experiment = new("--experiment", "--experiment-name")
    {
        Description = "The experiment the run belongs to, made if missing (default: CAIRN_EXPERIMENT, or Default)",
        HelpName = "NAME",
    };

    public static readonly Option<string?> ExperimentId = new("--experiment-id") { Description = "The same by its number", HelpName = "ID" };

    public static readonly Option<string?> RunName = new("--run-name") { Description = "A name for the run (default: one is made up)", HelpName = "NAME" };

    public static readonly Option<string?> RunId = new("--run-id") { Description = "Run as this run, which exists already", HelpName = "RUN" };

    public static readonly Option<string?> Parent = new("--parent")
    {
        Description = "The run this one is a part of (default: the one whose command calls us)",
        HelpName = "RUN",
    };

    public static readonly Option<string?> EnvManager = new("--env-manager")
    {
        Description = "Where the programs come from: auto, system (or local), conda, virtualenv, uv, docker, podman (default: auto)",
        HelpName = "KIND",
    };

    public static readonly Option<string?> Backend = new("--backend", "-b") { Description = "Where it runs: local, slurm or kubernetes (default: local)", HelpName = "KIND" };

    public static readonly Option<string?> BackendConfig = new("--backend-config", "-c") { Description = "Settings of the backend: a JSON or YAML file, or the JSON itself", HelpName = "FILE" };

    public static readonly Option<string?> StorageDir = new("--storage-dir") { Description = "Where fetched projects and files are kept (default: the system's temporary folder)", HelpName = "FOLDER" };

    public static readonly Option<bool> BuildImage = new("--build-image") { Description = "Build a container image from the project's and run in that" };

    public static readonly Option<bool> SkipImageBuild = new("--skip-image-build") { Description = "Run in the named image as it is (the default)" };

    public static readonly Option<string[]> DockerArguments = new("--docker-args", "-A")
    {
        Description = "An option for 'docker run', as in gpus=all or t",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<bool> NoWait = new("--no-wait") { Description = "Start it and return; its log and end are on the server" };

    public static readonly Option<string[]> Steps = new("--step", "--steps") { Description = "Only these steps of a pipeline (a,b); becomes -P steps=a,b", HelpName = "NAMES" };

    public static readonly Option<string[]> Settings = new("--set")
    {
        Description = "A setting of the pipeline (modeling.max_depth=5); becomes part of -P hydra_options",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<bool> NoCache = new("--no-cache") { Description = "Run every component that the entry point starts, whatever is known" };

    public static readonly Option<string?> TimeLimit = new("--timeout") { Description = "End the run as failed after this time (90s, 10m, 2h)", HelpName = "TIME" };
}
