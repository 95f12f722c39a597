namespace Cairn.Projects.Processes;

/// <summary>A program to start.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">Without the program's own name.</param>
/// <param name="Folder">Where it runs.</param>
/// <param name="Environment">Its whole environment.</param>
public sealed record ChildCommand(
    string Program,
    IReadOnlyList<string> Arguments,
    string Folder,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>A program with its arguments, started when this process was killed and the group has been ended; or null.</summary>
    public IReadOnlyList<string>? AfterOurDeath { get; init; }
}
