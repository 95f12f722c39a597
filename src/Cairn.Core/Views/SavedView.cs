using Cairn.Core.Experiments;

namespace Cairn.Core.Views;

/// <summary>How a page of an experiment was set up, under a name that everybody finds it by.</summary>
/// <param name="Experiment">Whose runs it shows.</param>
/// <param name="Page">The page: "runs", "workspace" …</param>
/// <param name="Name">Its name, unique on the page.</param>
/// <param name="State">What the page keeps in its address, or a JSON text; the server does not look into it.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record SavedView(ExperimentId Experiment, string Page, string Name, string State, long UpdatedAt)
{
    public const int LongestName = 200;
    public const int LongestState = 256 * 1024;
    private const int LongestPage = 50;

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>, naming the field.</exception>
    public void Check()
    {
        if (Page.Length is 0 or > LongestPage || !Page.All(letter => char.IsAsciiLetterLower(letter) || letter == '-'))
        {
            throw CairnException.Invalid("page", $"'page' must be 1 to {LongestPage} letters from a to z, such as 'runs'.");
        }

        if (string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName || Name.Any(char.IsControl))
        {
            throw CairnException.Invalid("name", $"The name of a view must be 1 to {LongestName} characters, without line ends.");
        }

        if (State.Length > LongestState)
        {
            throw CairnException.Invalid("state", $"'state' has {State.Length} characters; a view holds at most {LongestState}.");
        }
    }
}
