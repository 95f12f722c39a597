using System.Globalization;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Storage.Tests.Search;

/// <summary>A search done by looking at every run: slow, and easy to see to be right.</summary>
internal static class RunOracle
{
    public static List<RunId> Search(IEnumerable<RunSnapshot> all, RunQuery query)
    {
        var found = all
            .Where(run => query.Experiments.Count == 0 || query.Experiments.Contains(run.Run.ExperimentId))
            .Where(run => query.Lifecycle == LifecycleFilter.All || (int)run.Run.Lifecycle == (int)query.Lifecycle)
            .Where(run => query.Where is null || Holds(run, query.Where))
            .ToList();
        found.Sort((left, right) => Compare(left, right, query.OrderBy));
        return found.ConvertAll(run => run.Run.Id);
    }

    private static bool Holds(RunSnapshot run, Condition condition) => condition switch
    {
        Condition.And and => and.Parts.All(part => Holds(run, part)),
        Condition.Or or => or.Parts.Any(part => Holds(run, part)),
        Condition.Not not => !Holds(run, not.Part),
        Condition.Number number => Number(run, number.Field) is { } value && Holds((double.IsNaN(value) ? 0 : value).CompareTo(number.Value), number.Comparison),
        Condition.Text text => Text(run, text.Field) is { } value && Holds(string.CompareOrdinal(value, text.Value), text.Comparison),
        Condition.OneOf list => Text(run, list.Field) is { } value && list.Values.Contains(value) == (list.Comparison == Comparison.In),
        Condition.OneOfNumbers list => Number(run, list.Field) is { } value && list.Values.Contains(double.IsNaN(value) ? 0 : value) == (list.Comparison == Comparison.In),
        _ => false,
    };

    private static bool Holds(int order, Comparison comparison) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        Comparison.GreaterOrEqual => order >= 0,
        _ => throw new NotSupportedException(),
    };

    private static int Compare(RunSnapshot left, RunSnapshot right, IReadOnlyList<Ordering> orderings)
    {
        foreach (var ordering in orderings)
        {
            var (field, descending) = ordering;
            if (ordering.NumbersByValue)
            {
                var byValue = CompareByValue(left, right, ordering);
                if (byValue != 0)
                {
                    return byValue;
                }

                continue;
            }

            var rank = Rank(left, field).CompareTo(Rank(right, field));
            if (rank != 0)
            {
                return rank;
            }

            var order = Rank(left, field) != 0 ? 0
                : IsNumber(field) ? Number(left, field)!.Value.CompareTo(Number(right, field)!.Value)
                : string.CompareOrdinal(Text(left, field), Text(right, field));
            if (order != 0)
            {
                return descending ? -order : order;
            }
        }

        var start = right.Run.StartedAt.CompareTo(left.Run.StartedAt);
        return start != 0 ? start : string.CompareOrdinal(left.Run.Id.Value, right.Run.Id.Value);
    }

    private static int CompareByValue(RunSnapshot left, RunSnapshot right, Ordering ordering)
    {
        var (one, other) = (Text(left, ordering.Field), Text(right, ordering.Field));
        int RankOf(RunSnapshot run, string? text) => text is null ? 2 : Number(run, ordering.Field) is null ? 1 : 0;
        var rank = RankOf(left, one).CompareTo(RankOf(right, other));
        if (rank != 0 || one is null || other is null)
        {
            return rank;
        }

        var order = Number(left, ordering.Field) is { } number ? number.CompareTo(Number(right, ordering.Field)!.Value) : 0;
        order = order != 0 ? order : string.CompareOrdinal(one, other);
        return ordering.Descending ? -order : order;
    }

    private static int Rank(RunSnapshot run, Field field) =>
        !IsNumber(field) ? (Text(run, field) is null ? 2 : 0)
        : Number(run, field) is not { } number ? 2
        : double.IsNaN(number) ? 1 : 0;

    private static bool IsNumber(Field field) =>
        field.Kind == FieldKind.Metric || field is { Kind: FieldKind.Attribute, Attribute: RecordAttribute.StartedAt or RecordAttribute.EndedAt or RecordAttribute.Duration };

    private static double? Number(RunSnapshot run, Field field) => field.Kind switch
    {
        FieldKind.Metric => run.Latest.Where(metric => metric.Key == field.Key).Select(metric => (double?)metric.Point.Value).FirstOrDefault(),
        FieldKind.Param or FieldKind.Tag => Text(run, field) is { } text && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => field.Attribute switch
        {
            RecordAttribute.StartedAt => run.Run.StartedAt,
            RecordAttribute.Duration => run.Run.EndedAt - run.Run.StartedAt,
            _ => run.Run.EndedAt,
        },
    };

    private static string? Text(RunSnapshot run, Field field) => field.Kind switch
    {
        FieldKind.Param => run.Params.Where(param => param.Key == field.Key).Select(param => param.Value).FirstOrDefault(),
        FieldKind.Tag => run.Tags.GetValueOrDefault(field.Key!),
        _ => field.Attribute == RecordAttribute.Status ? SearchWords.Of(run.Run.Status) : run.Run.Name,
    };
}
