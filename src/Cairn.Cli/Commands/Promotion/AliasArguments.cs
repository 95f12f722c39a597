using System.CommandLine;
using Cairn.Client;

namespace Cairn.Cli.Commands.Promotion;

/// <summary>What the commands around promotion share.</summary>
internal static class AliasArguments
{
    public static readonly Argument<string> Version = new("artifact") { Description = "The version: name:v3, name:alias or experiment/name:v3" };

    public static readonly Argument<string> Name = new("artifact") { Description = "Name of the artifact, or experiment/name" };

    public static readonly Option<string> Alias = new("--alias") { Description = "The alias (default: prod)", HelpName = "NAME", DefaultValueFactory = _ => "prod" };

    public static readonly Option<string?> Why = new("--why") { Description = "The reason, kept in the history", HelpName = "TEXT" };

    public static readonly Option<string?> As = new("--as") { Description = "Who says so (default: you)", HelpName = "NAME" };

    public static string AliasOf(ParseResult line) => line.GetValue(Alias)!;

    /// <summary>The experiment and the name of an artifact that need not exist.</summary>
    /// <exception cref="UsageException">The text names a version, or nothing.</exception>
    public static (string Experiment, string Artifact) NameOf(ParseResult line)
    {
        var text = line.GetValue(Name)!;
        var slash = text.LastIndexOf('/');
        var (experiment, name) = slash > 0 ? (text[..slash], text[(slash + 1)..]) : (ArtifactCommand.ExperimentOf(line) ?? "Default", text);
        return name.Length == 0 || name.Contains(':', StringComparison.Ordinal)
            ? throw new UsageException($"'{text}' is not the name of an artifact. Write name or experiment/name; the alias is given with --alias.")
            : (experiment, name);
    }

    /// <summary>The experiment of that name, made where a gate is to wait for its artifact.</summary>
    public static async Task<string> EnsureExperimentAsync(CairnClient client, string experiment, CancellationToken stop)
    {
        try
        {
            return (await client.GetExperimentAsync(experiment, stop)).Id;
        }
        catch (CairnClientException missing) when (missing.Code == "not_found" && !ulong.TryParse(experiment, out _))
        {
            return (await client.EnsureExperimentAsync(experiment, cancellation: stop)).Id;
        }
    }
}
