namespace Cairn.Core.Search;

/// <summary>
/// The names by which a filter or an order-by clause speaks of runs or of experiments, and what is said where a name is
/// none. The texts are MLflow's, since its clients and users know them.
/// </summary>
internal sealed partial class SearchVocabulary
{
    private static readonly Dictionary<string, FieldKind> Entities = new(StringComparer.Ordinal)
    {
        ["metric"] = FieldKind.Metric,
        ["metrics"] = FieldKind.Metric,
        ["param"] = FieldKind.Param,
        ["params"] = FieldKind.Param,
        ["parameter"] = FieldKind.Param,
        ["parameters"] = FieldKind.Param,
        ["tag"] = FieldKind.Tag,
        ["tags"] = FieldKind.Tag,
        ["attr"] = FieldKind.Attribute,
        ["attribute"] = FieldKind.Attribute,
        ["attributes"] = FieldKind.Attribute,
        ["run"] = FieldKind.Attribute,
    };

    private static readonly Dictionary<string, RecordAttribute> RunOrders = new(StringComparer.Ordinal)
    {
        ["created"] = RecordAttribute.StartedAt,
        ["status"] = RecordAttribute.Status,
        ["end_time"] = RecordAttribute.EndedAt,
        ["run_id"] = RecordAttribute.Id,
        ["artifact_uri"] = RecordAttribute.ArtifactUri,
        ["user_id"] = RecordAttribute.Author,
        ["start_time"] = RecordAttribute.StartedAt,
        ["run_name"] = RecordAttribute.Name,
        ["Created"] = RecordAttribute.StartedAt,
    };

    private static readonly Dictionary<string, RecordAttribute> RunFilters = new(RunOrders, StringComparer.Ordinal)
    {
        ["run name"] = RecordAttribute.Name,
        ["Run name"] = RecordAttribute.Name,
        ["Run Name"] = RecordAttribute.Name,
    };

    private static readonly Dictionary<string, RecordAttribute> RunExtras = new(StringComparer.Ordinal)
    {
        ["duration"] = RecordAttribute.Duration,
        ["job_type"] = RecordAttribute.JobType,
        ["parent_run_id"] = RecordAttribute.ParentId,
    };

    private static readonly Dictionary<string, RecordAttribute> ExperimentFilters = new(StringComparer.Ordinal)
    {
        ["name"] = RecordAttribute.Name,
        ["creation_time"] = RecordAttribute.CreatedAt,
        ["last_update_time"] = RecordAttribute.UpdatedAt,
    };

    private static readonly Dictionary<string, RecordAttribute> ExperimentOrders = new(ExperimentFilters, StringComparer.Ordinal)
    {
        ["experiment_id"] = RecordAttribute.Id,
    };

    private readonly bool isRuns;
    private readonly Dictionary<string, RecordAttribute> attributes;

    private SearchVocabulary(bool isRuns, Dictionary<string, RecordAttribute> attributes)
    {
        this.isRuns = isRuns;
        this.attributes = attributes;
    }

    public static SearchVocabulary RunFilter { get; } = new(isRuns: true, RunFilters);

    public static SearchVocabulary RunOrder { get; } = new(isRuns: true, RunOrders);

    public static SearchVocabulary ExperimentFilter { get; } = new(isRuns: false, ExperimentFilters);

    public static SearchVocabulary ExperimentOrder { get; } = new(isRuns: false, ExperimentOrders);

    /// <summary>What a name such as <c>metrics.`a b`</c>, <c>tags.team</c> or <c>start_time</c> means.</summary>
    /// <param name="name">As written, with its quotes.</param>
    /// <param name="dialect">Extended knows more attributes.</param>
    public NamedField Resolve(string name, SearchDialect dialect)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var entity = dot < 0 ? "attribute" : Unquote(name[..dot], '`');
        var key = Unquote(UnquoteText(name[(dot + 1)..]), '`');
        if (isRuns && entity is "dataset" or "datasets")
        {
            return Dataset(key);
        }

        var kind = KindOf(entity);
        return kind == FieldKind.Attribute ? Attribute(key, dialect) : new NamedField(new Field(kind, key, default), key, IsDataset: false);
    }

    /// <summary>The text between single or double quotes, or the text itself.</summary>
    public static string UnquoteText(string text) => Unquote(Unquote(text, '\''), '"', text);

    private static string Unquote(string text, char quote) =>
        text.Length >= 2 && text[0] == quote && text[^1] == quote ? text[1..^1] : text;

    // Only one pair of quotes comes off: "'a'" is the text 'a'.
    private static string Unquote(string once, char quote, string original) =>
        once.Length < original.Length ? once : Unquote(original, quote);

    private FieldKind KindOf(string entity)
    {
        if (isRuns)
        {
            return Entities.TryGetValue(entity, out var kind)
                ? kind
                : throw Refuse($"Invalid entity type '{entity}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']");
        }

        return entity switch
        {
            "attribute" => FieldKind.Attribute,
            "tag" or "tags" => FieldKind.Tag,
            _ => throw Refuse($"Invalid entity type '{entity}'. Valid entity types are ('attribute', 'tag', 'tags')"),
        };
    }

    private NamedField Attribute(string key, SearchDialect dialect)
    {
        if (attributes.TryGetValue(key, out var attribute) || (isRuns && dialect == SearchDialect.Extended && RunExtras.TryGetValue(key, out attribute)))
        {
            return new NamedField(Field.Of(attribute), key, IsDataset: false);
        }

        throw Refuse($"Invalid attribute key '{key}' specified. Valid keys are '{{{Listed(attributes.Keys)}}}'");
    }

    private static NamedField Dataset(string key) =>
        key is "name" or "digest" or "context"
            ? new NamedField(Field.Dataset(key), key, IsDataset: true)
            : throw Refuse($"Invalid dataset key '{key}' specified. Valid keys are '{{'name', 'digest', 'context'}}'");

    private static string Listed(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    private static CairnException Refuse(string message) => CairnException.Invalid("filter", message);
}

/// <summary>A name of a filter, understood.</summary>
/// <param name="Field">What it looks at.</param>
/// <param name="Key">The name without its entity, for messages.</param>
/// <param name="IsDataset">It speaks of the datasets that a run read.</param>
internal readonly record struct NamedField(Field Field, string Key, bool IsDataset)
{
    public bool IsTime => !IsDataset && (RunTexts.IsTime(Field) || Field is { Kind: FieldKind.Attribute, Attribute: RecordAttribute.VersionNumber });

    /// <summary>MLflow's word for what is compared.</summary>
    public string Entity => IsDataset ? "dataset" : Field.Kind switch
    {
        FieldKind.Metric => "metric",
        FieldKind.Param => "parameter",
        FieldKind.Tag => "tag",
        _ => "attribute",
    };
}
