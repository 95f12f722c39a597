using Cairn.Core.Runs;

namespace Cairn.Mlflow.Runs;

/// <summary>Tags of a request, sorted into what they write: columns of the run, and ordinary tags.</summary>
internal sealed class TagWrites
{
    private readonly Dictionary<string, string?> tags = new(StringComparer.Ordinal);

    public string? Name { get; private set; }

    public string? Author { get; private set; }

    public RunId? ParentId { get; private set; }

    public IReadOnlyList<TagChange> Tags => [.. tags.Select(tag => new TagChange(tag.Key, tag.Value))];

    /// <summary>Sorts tags. A key that comes twice keeps its last value.</summary>
    /// <param name="pairs">The tags, checked.</param>
    /// <param name="runs">Asked whether a parent is a run of this server.</param>
    public static async ValueTask<TagWrites> OfAsync(IReadOnlyList<KeyValuePair<string, string>> pairs, IRunStore runs, CancellationToken cancellationToken)
    {
        var writes = new TagWrites();
        foreach (var (key, value) in pairs)
        {
            switch (key)
            {
                case TagViews.RunName:
                    // A run always has a name: MLflow too passes over an empty one.
                    writes.SetColumn(key, value.Length > 0, () => writes.Name = value);
                    break;
                case TagViews.User when value.Length is > 0 and <= RunRules.KeyLength:
                    writes.SetColumn(key, true, () => writes.Author = value);
                    break;
                case TagViews.Parent when RunId.TryParse(value, out var parent) && await ExistsAsync(runs, parent, cancellationToken):
                    writes.SetColumn(key, true, () => writes.ParentId = parent);
                    break;
                default:
                    writes.tags[key] = value;
                    break;
            }
        }

        return writes;
    }

    /// <summary>A user given beside the tags. It is not shown as a tag: MLflow keeps the two apart.</summary>
    public void SetUser(string user)
    {
        if (Author is null && user.Length is > 0 and <= RunRules.KeyLength && !tags.ContainsKey(TagViews.User))
        {
            Author = user;
            tags[TagViews.User] = TagViews.Hidden;
        }
    }

    /// <summary>What writes these tags into a run.</summary>
    public RunUpdate Update(RunId run) => new(run) { Name = Name, Author = Author, ParentId = ParentId, Tags = Tags };

    private void SetColumn(string key, bool applies, Action set)
    {
        if (applies)
        {
            set();
            tags[key] = null;
        }
    }

    private static async ValueTask<bool> ExistsAsync(IRunStore runs, RunId id, CancellationToken cancellationToken) =>
        (await runs.FindRunsAsync([id], cancellationToken)).Count > 0;
}
