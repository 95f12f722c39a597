using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Running;

/// <summary>What a launched process finds in its environment (docs/native-api.md).</summary>
internal static class ChildEnvironment
{
    /// <summary>A key of the form W&amp;B's client accepts, for servers that want none.</summary>
    private const string NoKey = "0000000000000000000000000000000000000000";

    /// <summary>The mark by which processes of a run are known even when they left its process group.</summary>
    public static string Mark(RunInfo run) => $"CAIRN_RUN_ID={run.Id}";

    public static Dictionary<string, string> For(RunInfo run, CairnClient client, string? launchKey, ProjectRunOptions options)
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
        var key = launchKey ?? client.Options.ApiKey;
        if (client.Options.ApiKey is not null)
        {
            variables["CAIRN_API_KEY"] = key!;
        }

        if (key is not null)
        {
            variables["MLFLOW_TRACKING_TOKEN"] = key;
        }

        AddWandb(variables, run, url, key);

        if (options.CliPath is { } cli)
        {
            // A conda of the user's own is left alone.
            if (!OperatingSystem.IsWindows() && Programs.Find("conda") is null)
            {
                variables.TryAdd("MLFLOW_CONDA_HOME", Environments.CondaStandIn.Install(Environments.EnvironmentStore.Default));
            }

            if (!OperatingSystem.IsWindows())
            {
                Chains.ChainHook.Enter(variables, run.Id);
            }

            variables["CAIRN_CLI"] = cli;
            variables["PATH"] = Leading(Path.GetDirectoryName(cli)!, variables.GetValueOrDefault("PATH"));
        }

        // Python holds back what it prints to a pipe; the log is to be live.
        variables.TryAdd("PYTHONUNBUFFERED", "1");
        options.Environment?.Enter(variables);
        foreach (var (name, value) in options.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }

    /// <summary>
    /// W&amp;B's client asks for a login unless a key of its form is there. Not WANDB_RUN_ID: the command may start others,
    /// and all of them would write to one run.
    /// </summary>
    private static void AddWandb(Dictionary<string, string> variables, RunInfo run, string url, string? key)
    {
        variables["WANDB_BASE_URL"] = url;
        variables["WANDB_API_KEY"] = key ?? NoKey;
        variables["WANDB_PROJECT"] = run.ExperimentName;
        variables.TryAdd("WANDB_SILENT", "true");
        variables.Remove("WANDB_RUN_ID");
        variables.Remove("WANDB_ENTITY");
    }

    private static string Leading(string folder, string? path) =>
        string.IsNullOrEmpty(path) ? folder
        : path == folder || path.StartsWith(folder + ":", StringComparison.Ordinal) ? path
        : $"{folder}:{path}";
}
