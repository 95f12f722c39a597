using Cairn.Core.Search;

namespace Cairn.Core.Tests.Search;

public sealed class RunOrderTests
{
    [Theory]
    [InlineData("metrics.acc", "Metric:acc up")]
    [InlineData("metrics.acc DESC", "Metric:acc down")]
    [InlineData("metric.`a b.c` desc", "Metric:a b.c down")]
    [InlineData("params.\"a b\" asc", "Param:a b up")]
    [InlineData("tag.metric asc", "Tag:metric up")]
    [InlineData("attribute.start_time ASC", "StartedAt up")]
    [InlineData("attributes.Created DESC", "StartedAt down")]
    [InlineData("run_name", "Name up")]
    [InlineData("  user_id   DESC ", "Author down")]
    public void A_clause_is_read(string clause, string expected) =>
        Assert.Equal(expected, ConditionText.Of(OrderByParser.ParseRunOrder([clause])));

    [Theory]
    [InlineData("", "Invalid order_by clause ''. Could not be parsed.")]
    [InlineData("metrics.a DESC, metrics.b", "Invalid order_by clause 'metrics.a DESC, metrics.b'. Could not be parsed.")]
    [InlineData("metrics.`a", "Invalid order_by clause 'metrics.`a'. Could not be parsed.")]
    [InlineData("metrics.a downwards", "Invalid ordering key in order_by clause 'metrics.a downwards'.")]
    [InlineData("foo.a", "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("dataset.name", "Invalid identifier type 'dataset'")]
    public void A_refusal_is_in_mlflows_words(string clause, string message) =>
        Assert.Equal(message, Assert.Throws<CairnException>(() => OrderByParser.ParseRunOrder([clause])).Message);

    [Fact]
    public void An_unknown_attribute_is_refused() =>
        Assert.StartsWith("Invalid attribute key 'experiment_id' specified.", Assert.Throws<CairnException>(() => OrderByParser.ParseRunOrder(["experiment_id"])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_field_twice_is_refused_under_any_name() =>
        Assert.StartsWith("`order_by` contains duplicate fields", Assert.Throws<CairnException>(() => OrderByParser.ParseRunOrder(["created", "start_time DESC"])).Message, StringComparison.Ordinal);
}
