using Cairn.Core.Search;

namespace Cairn.Core.Tests.Search;

public sealed class ExtendedFilterTests
{
    [Theory]
    [InlineData("metrics.a > 1 or metrics.b > 2 and params.c = 'x'", "(Metric:a Greater 1 | (Metric:b Greater 2 & Param:c Equal [x]))")]
    [InlineData("(metrics.a > 1 or metrics.b > 2) and params.c = 'x'", "((Metric:a Greater 1 | Metric:b Greater 2) & Param:c Equal [x])")]
    [InlineData("NOT (tags.a = 'x')", "!Tag:a Equal [x]")]
    [InlineData("not not tags.a = 'x'", "Tag:a Equal [x]")]
    [InlineData("((metrics.a > 1))", "Metric:a Greater 1")]
    [InlineData("params.lr >= 0.01", "Param:lr GreaterOrEqual 0.01")]
    [InlineData("params.lr IN ('0.1', '0.01')", "Param:lr In [0.1|0.01]")]
    [InlineData("params.lr NOT IN (1, 0.50)", "Param:lr NotIn [1|0.5]")]
    [InlineData("metrics.a IN (1, 2)", "Metric:a In [1|2]")]
    [InlineData("metrics.a NOT IN (1, 2)", "Metric:a NotIn [1|2]")]
    [InlineData("params.lr IN ('x', 1)", "(Param:lr In [1] | Param:lr In [x])")]
    [InlineData("params.lr NOT IN ('x', 1)", "(Param:lr NotIn [1] & Param:lr NotIn [x])")]
    [InlineData("status IN ('FAILED', 'KILLED')", "Status In [FAILED|KILLED]")]
    [InlineData("tags.team RLIKE '^a+$'", "Tag:team RLike [^a+$]")]
    [InlineData("job_type = 'train' and parent_run_id = 'p'", "(JobType Equal [train] & ParentId Equal [p])")]
    [InlineData("duration > 60000", "Duration Greater 60000")]
    [InlineData("metrics.train/loss < 1", "Metric:train/loss Less 1")]
    [InlineData("params.model.kwargs.max-depth = '3'", "Param:model.kwargs.max-depth Equal [3]")]
    [InlineData("run_id NOT IN ('A') or metrics.a > 1", "always")]
    [InlineData("NOT run_id NOT IN ('A')", "never")]
    public void The_extended_dialect_knows_more(string filter, string expected) =>
        Assert.Equal(expected, ConditionText.Of(FilterParser.ParseRunFilter(filter, SearchDialect.Extended)));

    [Theory]
    [InlineData("(metrics.a > 1", "A parenthesis in the filter is not closed.")]
    [InlineData("metrics.a > 1)", "Invalid clause(s) in filter string: ')'")]
    [InlineData("metrics.a IN ('x')", "Expected numeric value type in the list. Found 'x'")]
    [InlineData("params.a = ('x')", "Invalid comparator '=': a list is compared with IN or NOT IN")]
    public void Its_refusals_name_the_fault(string filter, string message) =>
        Assert.Equal(message, Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(filter, SearchDialect.Extended)).Message);

    [Fact]
    public void Parentheses_nest_fifty_deep_and_no_deeper()
    {
        static string Nested(int depth) => new string('(', depth) + "metrics.a > 1" + new string(')', depth);
        Assert.NotNull(FilterParser.ParseRunFilter(Nested(50), SearchDialect.Extended));
        Assert.Contains("nested deeper", Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(Nested(51), SearchDialect.Extended)).Message, StringComparison.Ordinal);
        Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(new string('(', 100_000), SearchDialect.Extended));
    }

    [Fact]
    public void A_filter_holds_five_hundred_comparisons_and_no_more()
    {
        static string Many(int count) => string.Join(" and ", Enumerable.Repeat("metrics.a > 1", count));
        Assert.NotNull(FilterParser.ParseRunFilter(Many(500)));
        Assert.Contains("more than 500", Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(Many(501))).Message, StringComparison.Ordinal);
    }
}
