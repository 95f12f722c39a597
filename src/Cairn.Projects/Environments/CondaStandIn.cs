namespace Cairn.Projects.Environments;

/// <summary>
/// A <c>conda</c> of ours for entry points that call <c>mlflow.run(...)</c> themselves. MLflow looks in
/// <c>MLFLOW_CONDA_HOME</c> for <c>bin/conda</c> and <c>etc/profile.d/conda.sh</c>; ours hands both over to <c>cairn env</c>,
/// so that the environments of all components come from the one store, on machines without conda too.
/// </summary>
public static class CondaStandIn
{
    private const string Mark = "# Cairn's conda";

    private static readonly string Program = $"""
        #!/bin/sh
        {Mark}: environments come from Cairn's store.
        exec "$CAIRN_CLI" env conda -- "$@"
        """ + "\n";

    private static readonly string Profile = $$"""
        {{Mark}}: `conda activate NAME` enters an environment of Cairn's store.
        conda() {
          if [ "$1" = activate ]; then eval "$("$CAIRN_CLI" env conda -- activate "$2" || echo false)"; else "$CAIRN_CLI" env conda -- "$@"; fi
        }
        """ + "\n";

    /// <summary>Puts it in place and answers its home.</summary>
    public static string Install(EnvironmentStore store)
    {
        var home = Path.Combine(Path.GetDirectoryName(store.Root)!, "conda-home");
        OwnFile.Write(Path.Combine(home, "bin", "conda"), Program, isProgram: true);
        OwnFile.Write(Path.Combine(home, "bin", "activate"), Profile, isProgram: false);
        OwnFile.Write(Path.Combine(home, "etc", "profile.d", "conda.sh"), Profile, isProgram: false);
        return home;
    }

    internal static bool IsOurs(string path) => File.Exists(path) && new FileInfo(path).Length < 4096 && File.ReadAllText(path).Contains(Mark, StringComparison.Ordinal);
}
