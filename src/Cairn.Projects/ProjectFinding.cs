using System.Globalization;

namespace Cairn.Projects;

/// <summary>Something to tell about a project file: a fault that stops it, or a note about what was tolerated.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">From 1; 0 where the finding is about the file as a whole.</param>
/// <param name="Column">From 1; 0 with <paramref name="Line"/> 0.</param>
/// <param name="Field">Dotted path of the key ("entry_points.main.command"), or null.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">What to do about it, or null.</param>
public sealed record ProjectFinding(string File, int Line, int Column, string? Field, string Message, string? Suggestion = null)
{
    /// <summary>True of a note on something that others may do without, and runs of which it is a part cannot begin with.</summary>
    public bool Stops { get; init; }

    public override string ToString()
    {
        var place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}") : File;
        var field = Field is null ? "" : $" {Field}:";
        var suggestion = Suggestion is null ? "" : $" {Suggestion}";
        return $"{place}:{field} {Message}{suggestion}";
    }
}
