namespace Cairn.Projects.Binding;

/// <summary>One character of a command, or (where <paramref name="Name"/> is set) a place for a parameter.</summary>
internal readonly record struct TemplateAtom(char Char, string? Name)
{
    public bool IsPlace => Name is not null;
}
