using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Running;

/// <summary>What a launched process finds in its environment (docs/native-api.md).</summary>
internal static class ChildEnvironment
{
    /// <summary>The mark by which processes of a run are known even when they left its process group.</summary>
    public static string Mark(RunInfo run) => $"CAIRN_RUN_ID={run.Id}";

    public static Dictionary<string, string> For(RunInfo run, CairnClient client, ProjectRunOptions options)
    {
        var variables = CurrentEnvironment.Copy();
        var url = client.Url.AbsoluteUri.TrimEnd('/');
        variables["CAIRN_URL"] = url;
        variables["CAIRN_RUN_ID"] = run.Id;
        variables["CAIRN_PARENT_RUN_ID"] = run.Id;
        variables["CAIRN_EXPERIMENT"] = run.ExperimentName;
        variables["MLFLOW_TRACKING_URI"] = url;
        variables["MLFLOW_RUN_ID"] = run.Id;
        variables["MLFLOW_EXPERIMENT_ID"] = run.ExperimentId;
        if (client.Options.ApiKey is { } key)
        {
            variables["CAIRN_API_KEY"] = key;
            variables["MLFLOW_TRACKING_TOKEN"] = key;
        }

        if (options.CliPath is { } cli)
        {
            variables["CAIRN_CLI"] = cli;
            variables["PATH"] = Leading(Path.GetDirectoryName(cli)!, variables.GetValueOrDefault("PATH"));
        }

        // Python holds back what it prints to a pipe; the log is to be live.
        variables.TryAdd("PYTHONUNBUFFERED", "1");
        foreach (var (name, value) in options.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }

    private static string Leading(string folder, string? path) =>
        string.IsNullOrEmpty(path) ? folder
        : path == folder || path.StartsWith(folder + ":", StringComparison.Ordinal) ? path
        : $"{folder}:{path}";
}
