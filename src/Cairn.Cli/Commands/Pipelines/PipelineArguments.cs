using System.CommandLine;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary>What the parts of <c>cairn pipeline</c> take.</summary>
internal static class PipelineArguments
{
    public static readonly Argument<string[]> Words = new("pipeline-and-changes")
    {
        Description = "The folder or file of the pipeline (default: here), or a git address or zip file ('#folder' names a folder in it); then changes of parameters: model.depth=5, +new=1, ~old, group=option",
        HelpName = "[PIPELINE] [KEY=VALUE]…",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static readonly Option<string[]> Settings = new("--set", "-P") { Description = "The same as a change after the name", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false };

    public static readonly Option<string?> Experiment = new("--experiment", "--experiment-name") { Description = "The experiment of the runs (default: the one the file names, else the pipeline's name)", HelpName = "NAME" };

    public static readonly Option<string?> RunName = new("--run-name") { Description = "A name for the pipeline's run", HelpName = "NAME" };

    public static readonly Option<bool> NoCache = new("--no-cache") { Description = "Run every step, whatever is known" };

    public static readonly Option<string[]> From = new("--from") { Description = "Run this step and all after it", HelpName = "STEP" };

    public static readonly Option<string[]> Steps = new("--step", "--steps", "--only") { Description = "Only these steps (a,b) and what they need", HelpName = "NAMES" };

    public static readonly Option<bool> KeepGoing = new("--keep-going", "-k") { Description = "Go on with what does not need a step that failed" };

    public static readonly Option<int?> Jobs = new("--jobs", "-j") { Description = "Steps at once (default: one for each processor)", HelpName = "N" };

    public static readonly Option<bool> MultiRun = new("--multirun", "-m") { Description = "A run for each combination: lr=0.1,0.01 depth=range(2,6)" };

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show what the steps print" };

    public static readonly Option<string?> EnvManager = new("--env-manager") { Description = "auto, system, conda, virtualenv, uv, docker or podman (default: auto)", HelpName = "KIND" };

    public static readonly Option<string?> Backend = new("--backend", "-b") { Description = "Where steps run: local, slurm or kubernetes (default: local)", HelpName = "KIND" };

    public static readonly Option<string?> BackendConfig = new("--backend-config", "-c") { Description = "Settings of the backend: a JSON or YAML file, or the JSON itself", HelpName = "FILE" };

    /// <summary>The pipeline that is named, and the changes after it.</summary>
    public static (string Pipeline, IReadOnlyList<string> Changes) Split(ParseResult line)
    {
        var words = line.GetValue(Words) ?? [];
        var named = words.Length > 0 && !IsChange(words[0]);
        var changes = words.Skip(named ? 1 : 0).Concat(line.GetValue(Settings) ?? []).ToArray();
        return changes.FirstOrDefault(change => !IsChange(change)) is { } odd
            ? throw new UsageException($"'{odd}' is no change of a parameter. Write name=value, +new=value or ~name.")
            : (named ? words[0] : ".", changes);
    }

    public static IReadOnlyList<string> Names(ParseResult line, Option<string[]> option) =>
        (line.GetValue(option) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();

    /// <summary>An address may hold a '=', and the value of a change an address.</summary>
    private static bool IsChange(string word) =>
        word.StartsWith('~')
        || (word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals && word.IndexOf("://", StringComparison.Ordinal) is var scheme && (scheme < 0 || scheme > equals) && !Directory.Exists(word));
}
