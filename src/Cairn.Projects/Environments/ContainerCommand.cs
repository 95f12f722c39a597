using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>The command line of a container that runs an entry point: the project is mounted, nothing of it is copied.</summary>
internal static class ContainerCommand
{
    /// <summary>Where the project's code is in a container.</summary>
    public const string Inside = "/mlflow/projects/code";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    /// <summary>Variables of ours that a process in the container needs.</summary>
    private static readonly string[] Prefixes = ["CAIRN_", "MLFLOW_", "WANDB_"];

    public static ChildCommand Of(ContainerPlan plan, BoundEntryPoint bound, string runId, IReadOnlyDictionary<string, string> variables)
    {
        var arguments = new List<string>
        {
            "run", "--rm", "--init", "--name", Name(runId),
            "-v", $"{bound.Project.Folder}:{Inside}", "-w", Inside,
            // The server listens on this machine: its address must mean the same inside.
            "--network", "host",
        };
        foreach (var name in variables.Keys.Where(name => name != "CAIRN_CLI" && Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).Order(StringComparer.Ordinal))
        {
            // By name only: values on a command line can be seen by everybody.
            arguments.AddRange(["-e", name]);
        }

        foreach (var name in plan.Copied)
        {
            arguments.AddRange(["-e", name]);
        }

        foreach (var (name, value) in plan.Set)
        {
            arguments.AddRange(["-e", $"{name}={value}"]);
        }

        foreach (var path in LocalPaths(bound))
        {
            arguments.AddRange(["-v", $"{path}:{path}:ro"]);
        }

        arguments.AddRange(plan.Arguments);
        arguments.AddRange([plan.Image, "sh", "-c", bound.CommandLine]);
        return new ChildCommand(plan.Program, arguments, bound.Project.Folder, variables);
    }

    /// <summary>The engine's client may end while its container does not.</summary>
    public static Task StopAsync(ContainerPlan plan, string runId) =>
        ProgramAnswer.ReadAsync(plan.Program, ["stop", Name(runId)], "/", StopLimit, CancellationToken.None);

    private static string Name(string runId) => $"cairn-{runId}";

    private static IEnumerable<string> LocalPaths(BoundEntryPoint bound) =>
        from parameter in bound.EntryPoint.Parameters
        where parameter.Type == ParameterType.Path
        from value in bound.Values
        where value.Key == parameter.Name && Path.IsPathRooted(value.Value) && Path.Exists(value.Value)
        select value.Value;
}
