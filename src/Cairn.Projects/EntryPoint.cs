namespace Cairn.Projects;

/// <summary>One thing a project can do.</summary>
/// <param name="Name">Its name; "main" is the one that runs when none is asked for.</param>
/// <param name="Parameters">Declared parameters in the order of the file.</param>
/// <param name="Command">The shell line with <c>{parameter}</c> places, as written.</param>
public sealed record EntryPoint(string Name, IReadOnlyList<Parameter> Parameters, string Command);
