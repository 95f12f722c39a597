using Cairn.Projects.Environments;

namespace Cairn.Projects.Chains;

/// <summary>
/// Lines that every bash started below a run reads first (<c>BASH_ENV</c>). MLflow's client carries out the command of a
/// component as <c>bash -c</c>, whatever the environment manager, with the component's run in <c>MLFLOW_RUN_ID</c>: the
/// first bash that sees a new one there asks Cairn about it. Others pass with two comparisons.
/// </summary>
public static class ChainHook
{
    /// <summary>The run that was asked about last; the first is the entry point's own.</summary>
    public const string SeenVariable = "CAIRN_SEEN_RUN";

    private const string Script = """
        # Cairn: see `cairn run`. What the user had in BASH_ENV comes first.
        if [ -n "${CAIRN_BASH_ENV-}" ]; then . "$CAIRN_BASH_ENV"; fi
        if [ -n "${MLFLOW_RUN_ID-}" ] && [ "${MLFLOW_RUN_ID-}" != "${CAIRN_SEEN_RUN-}" ] && [ -n "${BASH_EXECUTION_STRING-}" ] && [ -x "${CAIRN_CLI-}" ]; then
          export CAIRN_SEEN_RUN="$MLFLOW_RUN_ID"
          eval "$("$CAIRN_CLI" env component "$MLFLOW_RUN_ID" "$PWD" --command "$BASH_EXECUTION_STRING" || echo :)"
        fi
        """ + "\n";

    /// <summary>Sets what makes bash read the lines.</summary>
    public static void Enter(Dictionary<string, string> variables, string runId)
    {
        var file = Path.Combine(Path.GetDirectoryName(EnvironmentStore.Default.Root)!, "chain", "hook.sh");
        OwnFile.Write(file, Script, isProgram: false);
        if (variables.GetValueOrDefault("BASH_ENV") is { Length: > 0 } own && own != file)
        {
            variables["CAIRN_BASH_ENV"] = own;
        }

        variables["BASH_ENV"] = file;
        variables[ChainOrder.Variable] = Guid.NewGuid().ToString("N");
        variables[SeenVariable] = runId;
    }
}
