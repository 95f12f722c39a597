namespace Cairn.Projects;

/// <summary>A declared parameter of an entry point.</summary>
/// <param name="Name">As written in the file.</param>
/// <param name="Type">How its values are checked and turned into text.</param>
/// <param name="Default">The text it has when nobody gives a value; null means a value is required.</param>
/// <param name="Description">Text for people, or null.</param>
public sealed record Parameter(string Name, ParameterType Type, string? Default, string? Description);
