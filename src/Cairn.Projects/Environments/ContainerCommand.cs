using System.Globalization;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Environments;

/// <summary>The command line of a container that runs an entry point.</summary>
internal static class ContainerCommand
{
    /// <summary>Where the project's code is in a container.</summary>
    public const string Inside = "/mlflow/projects/code";

    /// <summary>
    /// The first process of a container is not ended by signals that it does not ask for, and others do not get them: so
    /// it asks, and hands them on to all that the command started.
    /// </summary>
    private const string Leader = """trap 'trap "" TERM; kill -s TERM 0' TERM; sh -c "$0" & child=$!; wait $child; code=$?; while kill -s 0 $child 2>/dev/null; do wait $child; code=$?; done; exit $code""";

    /// <summary>What an engine may need beyond the time that the command is given.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20);

    public static ChildCommand Of(ContainerPlan plan, BoundEntryPoint bound, string runId, IReadOnlyDictionary<string, string> variables)
    {
        var arguments = new List<string> { "run", "--rm", "--name", Name(runId), "-w", Inside };
        if (!plan.Arguments.Any(argument => argument.StartsWith("--net", StringComparison.Ordinal)))
        {
            // The server listens on this machine: its address must mean the same inside.
            arguments.AddRange(["--network", "host"]);
        }

        if (!plan.HasCode)
        {
            arguments.AddRange(Mount(bound.Project.Folder, Inside, isReadOnly: false));
        }

        // By name only: values on a command line can be seen by everybody.
        foreach (var name in variables.Keys.Where(ContainerPlan.IsForContainers).Concat(plan.Copied.Where(variables.ContainsKey)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            arguments.AddRange(["-e", name]);
        }

        foreach (var (name, value) in plan.Set)
        {
            arguments.AddRange(["-e", $"{name}={value}"]);
        }

        foreach (var path in LocalPaths(bound))
        {
            arguments.AddRange(Mount(path, path, isReadOnly: true));
        }

        arguments.AddRange(plan.Arguments);
        arguments.Add(plan.Image);
        arguments.AddRange(Shell(bound.CommandLine));
        return new ChildCommand(plan.Engine.Program, arguments, bound.Project.Folder, variables);
    }

    /// <summary>The command of a container that carries out a shell line.</summary>
    public static string[] Shell(string line) => ["sh", "-c", Leader, line];

    /// <summary>Ends the container, kindly and then by force: the engine's client may end while its container does not.</summary>
    public static async Task StopAsync(ContainerPlan plan, string runId, TimeSpan grace, CancellationToken force)
    {
        var seconds = force.IsCancellationRequested ? 0 : (int)Math.Ceiling(grace.TotalSeconds);
        var stopping = AskAsync(plan, grace + Slack, "stop", "-t", seconds.ToString(CultureInfo.InvariantCulture), Name(runId));
        if (await Task.WhenAny(stopping, Task.Delay(Timeout.Infinite, force)) != stopping)
        {
            await AskAsync(plan, Slack, "kill", Name(runId));
        }

        await stopping;
    }

    /// <summary>What is to be done when we were killed: the container does not belong to our processes.</summary>
    public static IReadOnlyList<string> AfterOurDeath(ContainerPlan plan, string runId, IReadOnlyList<string>? further) =>
    [
        "/bin/sh", "-c",
        """engine=$1 name=$2; shift 2; "$engine" kill "$name"; "$engine" rm -f "$name"; [ $# -eq 0 ] || exec "$@" """,
        "cairn-container", plan.Engine.Program, Name(runId), .. further ?? [],
    ];

    private static Task<string?> AskAsync(ContainerPlan plan, TimeSpan limit, params string[] arguments) =>
        ProgramAnswer.ReadAsync(plan.Engine.Program, arguments, "/", limit, CancellationToken.None);

    private static string Name(string runId) => $"cairn-{runId}";

    /// <summary>The short form cannot say a path with a colon.</summary>
    private static string[] Mount(string source, string target, bool isReadOnly) =>
        source.Contains(':', StringComparison.Ordinal)
            ? ["--mount", $"type=bind,source={source},target={target}{(isReadOnly ? ",readonly" : "")}"]
            : ["-v", $"{source}:{target}{(isReadOnly ? ":ro" : "")}"];

    private static IEnumerable<string> LocalPaths(BoundEntryPoint bound) =>
        from parameter in bound.EntryPoint.Parameters
        where parameter.Type == ParameterType.Path
        from value in bound.Values
        where value.Key == parameter.Name && Path.IsPathRooted(value.Value) && Path.Exists(value.Value)
        select value.Value;
}
