using System.Globalization;
using System.Text.Json;
using Cairn.Core.Runs;

namespace Cairn.Core.Search;

/// <summary>
/// Where a run stands in the order of a search: what the next page begins after. It holds the values the run was sorted
/// by, not how many runs came before it, so the thousandth page costs what the first one does, and a run that is logged
/// meanwhile neither hides another nor shows it twice.
/// </summary>
/// <param name="Values">One for each ordering of the search.</param>
/// <param name="StartedAt">The first tie-breaker, Unix milliseconds.</param>
/// <param name="Id">The last one.</param>
public sealed record RunPosition(IReadOnlyList<SortValue> Values, long StartedAt, RunId Id)
{
    /// <summary>Longer texts would make unwieldy tokens; their searches are paged by counting.</summary>
    private const int LongestText = 500;

    /// <summary>The position of a run, or null where it cannot be told from the run itself.</summary>
    public static RunPosition? Of(RunSnapshot run, IReadOnlyList<Ordering> orderings)
    {
        var values = new SortValue[orderings.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (ValueOf(run, orderings[i].Field) is not { Text: null or { Length: <= LongestText } } value)
            {
                return null;
            }

            values[i] = value;
        }

        return new RunPosition(values, run.Run.StartedAt, run.Run.Id);
    }

    /// <summary>A compact text that <see cref="TryParse"/> reads back.</summary>
    public override string ToString()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(StartedAt);
            writer.WriteStringValue(Id.Value);
            foreach (var value in Values)
            {
                writer.WriteStringValue(value.ToString());
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>False for a text that no <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out RunPosition position)
    {
        position = null!;
        try
        {
            using var document = JsonDocument.Parse(text);
            var items = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToList() : [];
            if (items.Count < 2 || !items[0].TryGetInt64(out var startedAt) || !RunId.TryParse(items[1].GetString(), out var id))
            {
                return false;
            }

            var values = new List<SortValue>(items.Count - 2);
            foreach (var item in items.Skip(2))
            {
                if (!SortValue.TryParse(item.GetString(), out var value))
                {
                    return false;
                }

                values.Add(value);
            }

            position = new RunPosition(values, startedAt, id);
            return true;
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static SortValue? ValueOf(RunSnapshot run, Field field) => field.Kind switch
    {
        FieldKind.Metric => Metric(run, field.Key!),
        FieldKind.Param => SortValue.Of(Param(run, field.Key!)),
        FieldKind.Tag => SortValue.Of(run.Tags.GetValueOrDefault(field.Key!)),
        _ => field.Attribute switch
        {
            RecordAttribute.Id => SortValue.Of(run.Run.Id.Value),
            RecordAttribute.Name => SortValue.Of(run.Run.Name),
            RecordAttribute.Status => SortValue.Of(SearchWords.Of(run.Run.Status)),
            RecordAttribute.Author => SortValue.Of(run.Run.Author),
            RecordAttribute.JobType => SortValue.Of(run.Run.JobType),
            RecordAttribute.ParentId => SortValue.Of(run.Run.ParentId?.Value),
            RecordAttribute.StartedAt or RecordAttribute.CreatedAt => SortValue.Of(run.Run.StartedAt),
            RecordAttribute.EndedAt or RecordAttribute.UpdatedAt => run.Run.EndedAt is { } ended ? SortValue.Of(ended) : SortValue.Missing,
            RecordAttribute.Duration => run.Run.Duration is { } took ? SortValue.Of(took) : SortValue.Missing,
            _ => null,
        },
    };

    private static SortValue Metric(RunSnapshot run, string key)
    {
        foreach (var metric in run.Latest)
        {
            if (metric.Key == key)
            {
                return SortValue.Of(metric.Point.Value);
            }
        }

        return SortValue.Missing;
    }

    private static string? Param(RunSnapshot run, string key)
    {
        foreach (var param in run.Params)
        {
            if (param.Key == key)
            {
                return param.Value;
            }
        }

        return null;
    }
}

/// <summary>A value that runs are sorted by: a text, a number (NaN too), a whole number, or nothing.</summary>
public readonly record struct SortValue(string? Text, double? Number, long? Whole)
{
    public static SortValue Missing => default;

    public bool IsMissing => Text is null && Number is null && Whole is null;

    public static SortValue Of(string? text) => new(text, null, null);

    public static SortValue Of(double number) => new(null, number, null);

    public static SortValue Of(long whole) => new(null, null, whole);

    public override string ToString() =>
        Text is not null ? $"t{Text}"
        : Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"n{number:R}")
        : Whole is { } whole ? string.Create(CultureInfo.InvariantCulture, $"i{whole}")
        : "";

    public static bool TryParse(string? text, out SortValue value)
    {
        value = Missing;
        var rest = text is { Length: > 0 } ? text[1..] : "";
        switch (text)
        {
            case "":
                return true;
            case ['t', ..]:
                value = Of(rest);
                return true;
            case ['n', ..] when double.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                value = Of(number);
                return true;
            case ['i', ..] when long.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                value = Of(whole);
                return true;
            default:
                return false;
        }
    }
}
