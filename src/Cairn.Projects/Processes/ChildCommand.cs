namespace Cairn.Projects.Processes;

/// <summary>A program to start.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">Without the program's own name.</param>
/// <param name="Folder">Where it runs.</param>
/// <param name="Environment">Its whole environment.</param>
internal sealed record ChildCommand(
    string Program,
    IReadOnlyList<string> Arguments,
    string Folder,
    IReadOnlyDictionary<string, string> Environment);
