using System.Globalization;
using Cairn.Core.Runs;

namespace Cairn.Core.Search;

/// <summary>The attributes of a run as searches compare them.</summary>
public static class RunTexts
{
    public static bool IsTime(Field field) =>
        field is { Kind: FieldKind.Attribute, Attribute: RecordAttribute.StartedAt or RecordAttribute.EndedAt or RecordAttribute.Duration or RecordAttribute.CreatedAt or RecordAttribute.UpdatedAt };

    /// <summary>Null where the run has no such value.</summary>
    public static string? Of(Run run, RecordAttribute attribute) => attribute switch
    {
        RecordAttribute.Id => run.Id.Value,
        RecordAttribute.Name => run.Name,
        RecordAttribute.Status => SearchWords.Of(run.Status),
        RecordAttribute.Author => run.Author,
        RecordAttribute.JobType => run.JobType,
        RecordAttribute.ParentId => run.ParentId?.Value,
        RecordAttribute.StartedAt or RecordAttribute.CreatedAt => run.StartedAt.ToString(CultureInfo.InvariantCulture),
        RecordAttribute.EndedAt or RecordAttribute.UpdatedAt => run.EndedAt?.ToString(CultureInfo.InvariantCulture),
        RecordAttribute.Duration => run.Duration?.ToString(CultureInfo.InvariantCulture),
        _ => throw CairnException.Invalid("by", $"Runs cannot be grouped by {attribute}. Use a parameter, a tag, a metric or another attribute."),
    };
}
