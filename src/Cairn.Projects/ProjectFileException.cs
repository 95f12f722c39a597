namespace Cairn.Projects;

/// <summary>An MLproject file has faults that keep it from being used; all of them are listed.</summary>
public sealed class ProjectFileException : ProjectException
{
    internal ProjectFileException(IReadOnlyList<ProjectFinding> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>The faults in the order of the file; at least one.</summary>
    public IReadOnlyList<ProjectFinding> Faults { get; }
}
