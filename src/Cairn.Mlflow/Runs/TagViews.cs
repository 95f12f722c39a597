using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// The tags of MLflow that are columns of a run in Cairn. Setting such a tag sets the column, reading a run shows the
/// column as the tag, and a search for the tag looks at the column, so each fact is kept once and every dialect agrees.
/// <para>
/// Two things a column cannot say are kept as a stored tag of the same key, which then wins over the column: a value that
/// the column cannot hold (a parent that is no run of this server), and, as an empty value, that the tag is not there
/// although the column is set (it was deleted, or MLflow's client gave a user without the tag).
/// </para>
/// </summary>
internal static class TagViews
{
    public const string RunName = "mlflow.runName";
    public const string Parent = "mlflow.parentRunId";
    public const string User = "mlflow.user";

    private static readonly (string Tag, Func<Run, string?> Column, RecordAttribute Attribute)[] Table =
    [
        (RunName, run => run.Name, RecordAttribute.Name),
        (Parent, run => run.ParentId?.Value, RecordAttribute.ParentId),
        (User, run => run.Author, RecordAttribute.Author),
    ];

    /// <summary>The stored value that hides a column.</summary>
    public static string Hidden => "";

    public static bool IsView(string tag) => tag is RunName or Parent or User;

    /// <summary>The column that a search for the tag looks at; null for an ordinary tag.</summary>
    public static RecordAttribute? AttributeOf(string? tag)
    {
        foreach (var view in Table)
        {
            if (view.Tag == tag)
            {
                return view.Attribute;
            }
        }

        return null;
    }

    /// <summary>All tags that MLflow's clients see of a run.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(Run run, IReadOnlyDictionary<string, string> stored)
    {
        foreach (var tag in stored)
        {
            if (tag.Value.Length > 0 || !IsView(tag.Key))
            {
                yield return tag;
            }
        }

        foreach (var view in Table)
        {
            if (!stored.ContainsKey(view.Tag) && view.Column(run) is { Length: > 0 } value)
            {
                yield return new(view.Tag, value);
            }
        }
    }

    /// <summary>The change that removes a tag; a column stays, but is not shown as a tag any more.</summary>
    public static TagChange Remove(string tag) => IsView(tag) ? new TagChange(tag, Hidden) : new TagChange(tag, null);
}
