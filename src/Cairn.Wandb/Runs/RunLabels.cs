using Cairn.Core.Runs;

namespace Cairn.Wandb.Runs;

/// <summary>
/// W&amp;B's tags are labels, the house's have a value. The label "baseline" is the tag "baseline" without a value, and the tag
/// team = vision is the label "team=vision": each way back gives what was there.
/// </summary>
internal static class RunLabels
{
    public const string Notes = "mlflow.note.content";
    public const string Commit = "mlflow.source.git.commit";
    public const string Repository = "mlflow.source.git.repoURL";
    public const string Program = "mlflow.source.name";
    public const string Host = "cairn.host";
    public const string Sweep = "cairn.sweep";
    public const string Alert = "cairn.alert";

    /// <summary>The labels of a run, in order.</summary>
    public static IEnumerable<string> Of(IReadOnlyDictionary<string, string> tags) =>
        tags.Where(tag => !IsSystem(tag.Key))
            .Select(tag => tag.Value.Length == 0 ? tag.Key : $"{tag.Key}={tag.Value}")
            .Order(StringComparer.Ordinal);

    /// <summary>What to change so that a run has exactly these labels.</summary>
    public static IEnumerable<TagChange> Change(IReadOnlyDictionary<string, string> tags, IReadOnlyList<string> labels)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels)
        {
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals > 0 ? (label[..equals], label[(equals + 1)..]) : (label, "");
            wanted[key] = value;
        }

        return wanted.Where(tag => tags.GetValueOrDefault(tag.Key) != tag.Value).Select(tag => new TagChange(tag.Key, tag.Value))
            .Concat(tags.Keys.Where(key => !IsSystem(key) && !wanted.ContainsKey(key)).Select(key => new TagChange(key, null)));
    }

    private static bool IsSystem(string key) => key.StartsWith("mlflow.", StringComparison.Ordinal) || key.StartsWith("cairn.", StringComparison.Ordinal);
}
