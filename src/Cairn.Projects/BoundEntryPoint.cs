namespace Cairn.Projects;

/// <summary>An entry point with all its values: ready to run.</summary>
/// <param name="Project">Where it comes from.</param>
/// <param name="EntryPoint">Which one.</param>
/// <param name="Values">Every parameter as plain text: declared ones in their order, then undeclared ones in the order given.</param>
/// <param name="CommandLine">The line for the shell, with every value quoted.</param>
/// <param name="Notes">Remarks about values, worth showing once.</param>
public sealed record BoundEntryPoint(
    Project Project,
    EntryPoint EntryPoint,
    IReadOnlyList<KeyValuePair<string, string>> Values,
    string CommandLine,
    IReadOnlyList<string> Notes)
{
    /// <summary>Temporary folders with files that were fetched for it.</summary>
    public IReadOnlyList<string> Fetched { get; init; } = [];

    /// <summary>Removes what was fetched; the run is over.</summary>
    public void RemoveFetched()
    {
        foreach (var folder in Fetched)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
            {
                // A program that made itself a daemon may still hold it; it lies where temporary files lie.
            }
        }
    }
}
