using System.Security.Cryptography;
using System.Text;

namespace Cairn.Projects.Pipelines.Caching;

/// <summary>The six things that decide what a step does. Equal ones have equal hashes; the parts tell which one changed.</summary>
/// <param name="Code">Hash of the code's files.</param>
/// <param name="Command">Hash of entry point and command.</param>
/// <param name="Parameters">Hash of the parameters and variables, files among them by content.</param>
/// <param name="Inputs">Hash of the content of the declared inputs.</param>
/// <param name="Environment">Hash of what is installed.</param>
/// <param name="Runner">Hash of system, processor and format.</param>
internal sealed record StepKey(string Code, string Command, string Parameters, string Inputs, string Environment, string Runner)
{
    /// <summary>Raised when what goes into a part changes, so that old keys are not taken for new ones.</summary>
    public const string Format = "cairn-step-1";

    private const int PartLength = 16;

    public string Hash => HashOf(string.Join('\n', Format, Code, Command, Parameters, Inputs, Environment, Runner));

    /// <summary>The parts in brief, for a tag.</summary>
    public string Parts => string.Join(' ', new[] { Code, Command, Parameters, Inputs, Environment, Runner }.Select(part => part[..PartLength]));

    /// <summary>Which parts differ from those of a tag, the most telling first.</summary>
    public IReadOnlyList<string> Differences(string? parts)
    {
        var (mine, theirs) = (Parts.Split(' '), parts?.Split(' ') ?? []);
        string[] names = ["code", "command", "params", "inputs", "environment", "runner"];
        return theirs.Length != mine.Length ? [] : names.Where((_, i) => mine[i] != theirs[i]).ToArray();
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
