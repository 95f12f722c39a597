using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Core.Series;

namespace Cairn.Storage.Tests.Runs;

public sealed class RunSearchTests
{
    [Fact]
    public async Task Three_hundred_random_searches_find_what_looking_at_every_run_finds()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var random = new Random(11);
        for (var i = 0; i < 120; i++)
        {
            await CreateAsync(fixture, random, i);
        }

        var all = await SearchAsync(fixture, null, []);
        Assert.Equal(120, all.Count);
        for (var i = 0; i < 300; i++)
        {
            var where = RandomCondition(random, depth: 2);
            var order = RandomOrder(random);
            var found = await SearchAsync(fixture, where, [order]);
            var expected = Sorted(all.Where(run => Matches(run, where)), order);
            Assert.Equal(expected.Select(run => run.Run.Id), found.Select(run => run.Run.Id));
        }
    }

    [Fact]
    public async Task What_looks_like_sql_is_text()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        await fixture.CreateRunAsync("a", Param.Text("p", "x"));
        foreach (var text in new[] { "' OR 1=1 --", "\"; DROP TABLE run; --", "%", "_" })
        {
            Assert.Empty(await SearchAsync(fixture, new Condition.Text(Field.Param("p"), Comparison.Equal, text), []));
            Assert.Empty(await SearchAsync(fixture, new Condition.Text(Field.Param(text), Comparison.Equal, "x"), []));
        }
    }

    [Fact]
    public async Task Like_minds_the_case_and_ilike_does_not()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync("a", Param.Text("p", "ResNet"));
        Assert.Empty(await SearchAsync(fixture, new Condition.Text(Field.Param("p"), Comparison.Like, "res%"), []));
        Assert.Equal(run.Id, Assert.Single(await SearchAsync(fixture, new Condition.Text(Field.Param("p"), Comparison.ILike, "res%"), [])).Run.Id);
    }

    private static async Task CreateAsync(StoreFixture fixture, Random random, int i)
    {
        var parameters = new List<Param>();
        if (random.Next(4) > 0)
        {
            parameters.Add(Param.Text("lr", $"0.{random.Next(5)}"));
        }

        var run = await fixture.Journal.CreateAsync(
            new NewRun(ExperimentId.Default, Name: $"run-{random.Next(40)}", StartedAt: 1000 + random.Next(30), Params: parameters, Tags: random.Next(2) == 0 ? [] : [new TagChange("team", random.Next(2) == 0 ? "red" : "blue")]),
            StoreFixture.Timeout);
        foreach (var key in new[] { "acc", "loss" }.Where(_ => random.Next(5) > 0))
        {
            await fixture.LogAsync(run, key, new MetricPoint(i, i, random.Next(10) == 0 ? double.NaN : random.Next(10) / 10.0));
        }
    }

    private static Condition RandomCondition(Random random, int depth)
    {
        var comparisons = new[] { Comparison.Equal, Comparison.NotEqual, Comparison.Less, Comparison.LessOrEqual, Comparison.Greater, Comparison.GreaterOrEqual };
        return (depth == 0 ? random.Next(4) : random.Next(7)) switch
        {
            0 or 1 => new Condition.Number(Field.Metric(random.Next(2) == 0 ? "acc" : "loss"), comparisons[random.Next(6)], random.Next(10) / 10.0),
            2 => new Condition.Text(Field.Param("lr"), comparisons[random.Next(2)], $"0.{random.Next(5)}"),
            3 => new Condition.Text(Field.Tag("team"), comparisons[random.Next(2)], "red"),
            4 => new Condition.And([RandomCondition(random, depth - 1), RandomCondition(random, depth - 1)]),
            5 => new Condition.Or([RandomCondition(random, depth - 1), RandomCondition(random, depth - 1)]),
            _ => new Condition.Not(RandomCondition(random, depth - 1)),
        };
    }

    private static Ordering RandomOrder(Random random) => new(
        random.Next(4) switch
        {
            0 => Field.Metric("acc"),
            1 => Field.Param("lr"),
            2 => Field.Of(RecordAttribute.Name),
            _ => Field.Of(RecordAttribute.StartedAt),
        },
        random.Next(2) == 0);

    private static bool Matches(RunSnapshot run, Condition where)
    {
        switch (where)
        {
            case Condition.And and:
                return and.Parts.All(part => Matches(run, part));
            case Condition.Or or:
                return or.Parts.Any(part => Matches(run, part));
            case Condition.Not not:
                return !Matches(run, not.Part);
            case Condition.Number number:
                var metric = run.Latest.Where(latest => latest.Key == number.Field.Key).Select(latest => (double?)latest.Point.Value).FirstOrDefault();
                return metric is { } value && Holds((double.IsNaN(value) ? 0 : value).CompareTo(number.Value), number.Comparison);
            case Condition.Text text:
                var found = text.Field.Kind == FieldKind.Param
                    ? run.Params.Where(param => param.Key == text.Field.Key).Select(param => param.Value).FirstOrDefault()
                    : run.Tags.GetValueOrDefault(text.Field.Key!);
                return found is not null && Holds(string.CompareOrdinal(found, text.Value), text.Comparison);
            default:
                throw new NotSupportedException();
        }
    }

    private static bool Holds(int order, Comparison comparison) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    private static IEnumerable<RunSnapshot> Sorted(IEnumerable<RunSnapshot> runs, Ordering order)
    {
        (int Rank, double Number, string Text) Key(RunSnapshot run) => order.Field.Kind switch
        {
            FieldKind.Metric => run.Latest.Where(latest => latest.Key == order.Field.Key).Select(latest => (double?)latest.Point.Value).FirstOrDefault() switch
            {
                null => (2, 0, ""),
                double.NaN => (1, 0, ""),
                { } value => (0, value, ""),
            },
            FieldKind.Param => run.Params.Where(param => param.Key == order.Field.Key).Select(param => param.Value).FirstOrDefault() is { } text ? (0, 0, text) : (2, 0, ""),
            _ => order.Field.Attribute == RecordAttribute.Name ? (0, 0, run.Run.Name) : (0, run.Run.StartedAt, ""),
        };

        var byRank = runs.OrderBy(run => Key(run).Rank);
        var sorted = order.Descending
            ? byRank.ThenByDescending(run => Key(run).Number).ThenByDescending(run => Key(run).Text, StringComparer.Ordinal)
            : byRank.ThenBy(run => Key(run).Number).ThenBy(run => Key(run).Text, StringComparer.Ordinal);
        return sorted.ThenByDescending(run => run.Run.StartedAt).ThenBy(run => run.Run.Id.Value, StringComparer.Ordinal);
    }

    private static Task<IReadOnlyList<RunSnapshot>> SearchAsync(StoreFixture fixture, Condition? where, IReadOnlyList<Ordering> order) =>
        fixture.Store.Runs.SearchRunsAsync(new RunQuery([], LifecycleFilter.Active, where, order, 1000, 0), StoreFixture.Timeout);
}
