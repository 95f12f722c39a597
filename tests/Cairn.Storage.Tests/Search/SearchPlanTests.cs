using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Core.Series;
using Cairn.Storage.Search;
using Cairn.Storage.Series;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Tests.Search;

/// <summary>Searches over enough runs that the store chooses between its ways, each held against looking at every run.</summary>
public sealed class SearchPlanTests
{
    private const int Runs = 1500;
    private const int PageLength = 97;

    private static readonly Comparison[] Numeric =
        [Comparison.Equal, Comparison.NotEqual, Comparison.Less, Comparison.LessOrEqual, Comparison.Greater, Comparison.GreaterOrEqual];

    private static readonly string[] Numbers = ["10", "9", "1e1", "-2.5", "none", "0.30"];

    [Fact]
    public async Task Every_way_to_search_finds_what_looking_at_every_run_finds_on_every_page()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var random = new Random(5);
        await FillAsync(fixture, random);
        var all = await SearchAsync(fixture, new RunQuery([], LifecycleFilter.All, null, [], Runs, 0));
        Assert.Equal(Runs, all.Count);
        using var session = Open(fixture);
        for (var i = 0; i < 300; i++)
        {
            var query = RandomQuery(random);
            var expected = RunOracle.Search(all, query);
            Assert.Equal(expected, Ids(await SearchAsync(fixture, query)));
            if (i % 4 == 0)
            {
                Assert.Equal(expected, await PagesAsync(fixture, query));
            }

            foreach (var way in Enum.GetValues<SearchWay>())
            {
                var found = new RunSearch(session, query, name => SeriesTables.FindMetric(session, name)).Find(way);
                Assert.Equal(expected, found.ConvertAll(run => run.Run.Id));
            }
        }
    }

    [Fact]
    public async Task A_page_by_counting_holds_the_same_runs_as_a_page_by_position()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var random = new Random(6);
        await FillAsync(fixture, random);
        for (var i = 0; i < 30; i++)
        {
            var query = RandomQuery(random) with { Limit = 20 };
            var first = await SearchAsync(fixture, query);
            if (first.Count < 20)
            {
                continue;
            }

            var counted = await SearchAsync(fixture, query with { Offset = 20 });
            var behind = await SearchAsync(fixture, query with { After = RunPosition.Of(first[^1], query.OrderBy) });
            Assert.Equal(Ids(counted), Ids(behind));
        }
    }

    [Fact]
    public async Task A_position_comes_back_from_its_text()
    {
        var position = new RunPosition(
            [SortValue.Of("a \"b\" \u00e9"), SortValue.Of(double.NaN), SortValue.Of(-0.1), SortValue.Of(double.NegativeInfinity), SortValue.Of(long.MinValue), SortValue.Missing],
            1_790_000_000_000,
            RunId.New());
        Assert.True(RunPosition.TryParse(position.ToString(), out var back));
        Assert.Equal(position.ToString(), back.ToString());
        Assert.Equal(position.Values, back.Values);
        foreach (var text in new[] { "", "[]", "{}", "[1]", "[1,\"x\"]", "[\"1\",\"00000000000000000000000000000000\"]", "[1,\"00000000000000000000000000000000\",\"x\"]", "[1,\"00000000000000000000000000000000\",7]", "[[[" })
        {
            Assert.False(RunPosition.TryParse(text, out _));
        }

        await Task.CompletedTask;
    }

    private static async Task FillAsync(StoreFixture fixture, Random random)
    {
        var other = await fixture.Store.Runs.CreateExperimentAsync(new NewExperiment("other"), 1, StoreFixture.Timeout);
        var commits = new List<RunCommit>();
        for (var i = 0; i < Runs; i++)
        {
            var run = new Run(
                RunId.New(),
                random.Next(4) == 0 ? other.Id : ExperimentId.Default,
                $"run-{random.Next(90)}",
                (RunStatus)random.Next(1, 7),
                random.Next(6) == 0 ? Lifecycle.Deleted : Lifecycle.Active,
                1000 + random.Next(300),
                random.Next(3) == 0 ? null : 2000 + random.Next(50),
                random.Next(3) == 0 ? null : $"user-{random.Next(5)}",
                null,
                null);
            List<Param> parameters = [];
            if (random.Next(5) > 0)
            {
                parameters.Add(Param.Text("lr", random.Next(3) == 0 ? Numbers[random.Next(Numbers.Length)] : $"0.{random.Next(8)}"));
            }

            if (random.Next(3) == 0)
            {
                parameters.Add(Param.Text("long", new string('é', 60 + random.Next(6)) + random.Next(3)));
            }

            var points = new List<SeriesPoint>();
            foreach (var key in new[] { "acc", "loss", "rare" })
            {
                if (random.Next(key == "rare" ? 100 : 5) > 0 == (key != "rare"))
                {
                    points.Add(new SeriesPoint(key, new MetricPoint(i, i, random.Next(12) == 0 ? double.NaN : (random.Next(41) - 20) / 20.0)));
                }
            }

            commits.Add(new RunCommit(run, true, true, new RunUpdate(run.Id)
            {
                Params = parameters,
                Points = points,
                Tags = random.Next(2) == 0 ? [] : [new TagChange("team", random.Next(2) == 0 ? "red" : "blue")],
            }));
        }

        await fixture.Store.Runs.CommitAsync(commits, StoreFixture.Timeout);
    }

    private static RunQuery RandomQuery(Random random)
    {
        var parts = Enumerable.Range(0, random.Next(4)).Select(_ => RandomCondition(random, depth: 1)).ToList();
        var orders = new List<Ordering>();
        for (var i = random.Next(3); i > 0; i--)
        {
            var ordering = new Ordering(RandomField(random), random.Next(2) == 0);
            ordering = ordering with { NumbersByValue = ordering.Field.Kind is FieldKind.Param or FieldKind.Tag && random.Next(2) == 0 };
            if (!orders.Exists(other => other.Field == ordering.Field))
            {
                orders.Add(ordering);
            }
        }

        ExperimentId[][] scopes = [[], [ExperimentId.Default], [new ExperimentId(1)], [ExperimentId.Default, new ExperimentId(1)]];
        return new RunQuery(
            scopes[random.Next(4)],
            (LifecycleFilter)random.Next(3),
            parts.Count == 0 ? null : new Condition.And(parts),
            orders,
            Runs,
            0);
    }

    private static Field RandomField(Random random) => random.Next(12) switch
    {
        0 or 1 => Field.Metric("acc"),
        2 => Field.Metric("loss"),
        3 => Field.Metric(random.Next(2) == 0 ? "rare" : "never"),
        4 => Field.Param("lr"),
        5 => Field.Param("long"),
        6 => Field.Tag("team"),
        7 => Field.Of(RecordAttribute.Name),
        8 => Field.Of(RecordAttribute.EndedAt),
        9 => Field.Of(RecordAttribute.Status),
        10 => Field.Of(RecordAttribute.Duration),
        _ => Field.Of(RecordAttribute.StartedAt),
    };

    private static Condition RandomCondition(Random random, int depth) => random.Next(depth == 0 ? 9 : 11) switch
    {
        0 or 1 => new Condition.Number(Field.Metric(random.Next(3) == 0 ? "loss" : "acc"), Numeric[random.Next(6)], (random.Next(41) - 20) / 20.0),
        2 => new Condition.Number(Field.Metric("rare"), Numeric[random.Next(6)], 0),
        3 => new Condition.Text(Field.Param("lr"), Numeric[random.Next(2)], $"0.{random.Next(8)}"),
        4 => new Condition.Text(Field.Param("long"), Comparison.Equal, new string('é', 60 + random.Next(6)) + random.Next(3)),
        5 => new Condition.OneOf(Field.Param("lr"), random.Next(2) == 0 ? Comparison.In : Comparison.NotIn, ["0.1", "0.2", "x"]),
        6 => new Condition.Text(Field.Tag("team"), Numeric[random.Next(2)], "red"),
        7 => new Condition.Number(Field.Param("lr"), Numeric[random.Next(6)], random.Next(3) == 0 ? 9.5 : random.Next(8) / 10.0),
        8 => new Condition.Number(Field.Of(RecordAttribute.Duration), Numeric[random.Next(6)], 700 + random.Next(400)),
        9 => new Condition.Or([RandomCondition(random, 0), RandomCondition(random, 0)]),
        _ => new Condition.Not(RandomCondition(random, 0)),
    };

    private static async Task<List<RunId>> PagesAsync(StoreFixture fixture, RunQuery query)
    {
        var found = new List<RunId>();
        query = query with { Limit = PageLength };
        while (true)
        {
            var page = await SearchAsync(fixture, query);
            found.AddRange(Ids(page));
            if (page.Count < PageLength)
            {
                return found;
            }

            var position = RunPosition.Of(page[^1], query.OrderBy);
            Assert.NotNull(position);
            query = query with { After = position };
        }
    }

    private static SqlSession Open(StoreFixture fixture)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(fixture.Folder, "cairn.db")};Pooling=False");
        connection.Open();
        var session = new SqlSession(connection);
        session.Execute("PRAGMA case_sensitive_like = ON");
        return session;
    }

    private static List<RunId> Ids(IEnumerable<RunSnapshot> runs) => [.. runs.Select(run => run.Run.Id)];

    private static Task<IReadOnlyList<RunSnapshot>> SearchAsync(StoreFixture fixture, RunQuery query) =>
        fixture.Store.Runs.SearchRunsAsync(query, StoreFixture.Timeout);
}
