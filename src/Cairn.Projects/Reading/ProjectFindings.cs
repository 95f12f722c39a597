namespace Cairn.Projects.Reading;

/// <summary>Collects what is found in one file, so that all faults are told at once.</summary>
internal sealed class ProjectFindings(string file)
{
    private readonly List<ProjectFinding> _faults = [];
    private readonly List<ProjectFinding> _notes = [];

    public IReadOnlyList<ProjectFinding> Notes => _notes;

    public bool HasFaults => _faults.Count > 0;

    public void Fault(int line, int column, string? field, string message, string? suggestion = null) =>
        _faults.Add(new ProjectFinding(file, line, column, field, message, suggestion));

    public void Fault(YamlNode at, string? field, string message, string? suggestion = null) =>
        Fault(at.Line, at.Column, field, message, suggestion);

    public void Note(int line, int column, string? field, string message, string? suggestion = null) =>
        _notes.Add(new ProjectFinding(file, line, column, field, message, suggestion));

    public void Note(YamlNode at, string? field, string message, string? suggestion = null) =>
        Note(at.Line, at.Column, field, message, suggestion);

    /// <summary>What keeps something from being run, though not everything in the file.</summary>
    public void Stop(YamlNode at, string? field, string message, string? suggestion = null) =>
        _notes.Add(new ProjectFinding(file, at.Line, at.Column, field, message, suggestion) { Stops = true });

    public ProjectFileException Exception() =>
        new(_faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column).ToArray());
}
