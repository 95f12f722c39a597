namespace Cairn.Core.Runs;

/// <summary>A JSON text that belongs to a run and is given back exactly as it was written.</summary>
/// <param name="Name">What it is, such as "config". One of a name in a run.</param>
/// <param name="Json">The text.</param>
public readonly record struct RunDocument(string Name, string Json)
{
    /// <summary>What the run called people for: a list of {"at", "severity", "title", "text"}, oldest first.</summary>
    public const string Alerts = "alerts";
}

/// <summary>What the lines of a <see cref="LineBlock"/> are.</summary>
public enum LineStream
{
    /// <summary>One object for each step.</summary>
    History = 1,

    /// <summary>One object for each sample of the machine's load.</summary>
    System = 2,
}

/// <summary>
/// Lines of JSON by their numbers, from <paramref name="First"/> on. Writing a block again changes nothing; where blocks
/// overlap, the one written last holds.
/// </summary>
/// <param name="Stream">Which lines.</param>
/// <param name="First">Number of the first, from 0.</param>
/// <param name="Count">How many.</param>
/// <param name="LeastStep">The least step of the lines.</param>
/// <param name="GreatestStep">The greatest step of the lines.</param>
/// <param name="Utf8">The lines, each ended by a line feed.</param>
public sealed record LineBlock(LineStream Stream, long First, int Count, long LeastStep, long GreatestStep, ReadOnlyMemory<byte> Utf8);
