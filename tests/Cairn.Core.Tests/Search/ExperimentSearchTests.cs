using Cairn.Core.Search;

namespace Cairn.Core.Tests.Search;

public sealed class ExperimentSearchTests
{
    [Theory]
    [InlineData("name = 'a'", "Name Equal [a]")]
    [InlineData("attribute.`name` != 'a'", "Name NotEqual [a]")]
    [InlineData("name ILIKE 'a%' AND name ILIKE '%b'", "(Name ILike [a%] & Name ILike [%b])")]
    [InlineData("creation_time >= 5", "CreatedAt GreaterOrEqual 5")]
    [InlineData("last_update_time < 5", "UpdatedAt Less 5")]
    [InlineData("tag.`k e y 1` = 'value'", "Tag:k e y 1 Equal [value]")]
    [InlineData("tags.\"k e y 1\" LIKE 'v%'", "Tag:k e y 1 Like [v%]")]
    public void A_filter_over_experiments_is_read(string filter, string expected) =>
        Assert.Equal(expected, ConditionText.Of(FilterParser.ParseExperimentFilter(filter)));

    [Theory]
    [InlineData("metrics.a = 1", "Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')")]
    [InlineData("run_id = 'a'", "Invalid attribute key 'run_id' specified. Valid keys are '{'name', 'creation_time', 'last_update_time'}'")]
    [InlineData("name IN ('a')", "Only the 'run_id' attribute supports comparison with a list of quoted string values.")]
    [InlineData("name = 1", "Expected a quoted string value for attributes. Got value 1")]
    public void A_refusal_is_in_mlflows_words(string filter, string message) =>
        Assert.Equal(message, Assert.Throws<CairnException>(() => FilterParser.ParseExperimentFilter(filter)).Message);

    [Fact]
    public void Without_a_wish_the_newest_experiments_come_first() =>
        Assert.Equal("CreatedAt down, Id up", ConditionText.Of(OrderByParser.ParseExperimentOrder([])));

    [Fact]
    public void Ties_of_an_asked_order_are_broken_by_the_greater_id()
    {
        Assert.Equal("Name up, Id down", ConditionText.Of(OrderByParser.ParseExperimentOrder(["name"])));
        Assert.Equal("Name down, Id up", ConditionText.Of(OrderByParser.ParseExperimentOrder(["name DESC", "experiment_id ASC"])));
    }

    [Fact]
    public void Experiments_are_not_ordered_by_tags() =>
        Assert.Equal("Invalid order_by entity: tag", Assert.Throws<CairnException>(() => OrderByParser.ParseExperimentOrder(["tags.a"])).Message);
}
