namespace Cairn.Projects;

/// <summary>A folder of code, usually with an MLproject file, read and checked.</summary>
/// <param name="Name">The file's <c>name</c>, else the folder's.</param>
/// <param name="Folder">Absolute path of the folder; commands run there.</param>
/// <param name="File">Absolute path of the project file.</param>
/// <param name="Environment">The environment the project asks for.</param>
/// <param name="EntryPoints">In the order of the file.</param>
/// <param name="Notes">What was tolerated while reading; worth showing once.</param>
public sealed record Project(
    string Name,
    string Folder,
    string File,
    ProjectEnvironment Environment,
    IReadOnlyList<EntryPoint> EntryPoints,
    IReadOnlyList<ProjectFinding> Notes)
{
    /// <summary>The entry point of that name, or the script of the folder that the name names.</summary>
    /// <exception cref="ProjectException">There is none; the message lists those there are.</exception>
    public EntryPoint EntryPoint(string name) =>
        EntryPoints.FirstOrDefault(entry => entry.Name == name)
        ?? ScriptEntryPoint.Of(Folder, name)
        ?? throw new ProjectException(Missing(name));

    private string Missing(string name)
    {
        if (EntryPoints.Count == 0)
        {
            return $"'{File}' declares no entry points. Add one:\n\nentry_points:\n  main:\n    command: \"…\"\n";
        }

        var names = EntryPoints.Select(entry => entry.Name).ToArray();
        var near = Closest.To(name, names);
        var hint = near is not null ? $" Did you mean '{near}'?"
            : names.Length == 1 ? $" Run it with -e {names[0]}."
            : " Choose one with -e NAME.";
        return $"Project '{Name}' has no entry point '{name}'; it has {string.Join(", ", names.Select(n => $"'{n}'"))}.{hint}";
    }
}
