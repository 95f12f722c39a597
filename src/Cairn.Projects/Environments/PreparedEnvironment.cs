namespace Cairn.Projects.Environments;

/// <summary>An environment that is there and can be run in.</summary>
/// <param name="Kind">"system", "virtualenv", "conda" or "docker", as MLflow names them.</param>
/// <param name="Hash">Hash of what was asked for; null for the programs on PATH.</param>
/// <param name="Folder">Where it lies, or null.</param>
/// <param name="Lock">What is in it, to the version (<c>pip freeze</c>, <c>conda list --explicit</c>); null where unknown.</param>
public sealed record PreparedEnvironment(string Kind, string? Hash, string? Folder, string? Lock)
{
    /// <summary>The container to run in, where it is one.</summary>
    internal ContainerPlan? Container { get; init; }

    /// <summary>Changes the variables of a process so that it runs in this environment.</summary>
    internal void Enter(Dictionary<string, string> variables)
    {
        if (Folder is null || Container is not null)
        {
            return;
        }

        variables["PATH"] = $"{Path.Combine(Folder, "bin")}:{variables.GetValueOrDefault("PATH", "/usr/bin:/bin")}";
        variables.Remove("PYTHONHOME");
        variables[Kind == "conda" ? "CONDA_PREFIX" : "VIRTUAL_ENV"] = Folder;
        if (Kind == "conda")
        {
            variables["CONDA_DEFAULT_ENV"] = Path.GetFileName(Folder);
        }
    }
}
