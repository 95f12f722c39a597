using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Client.Values;
using Cairn.Client.Wire;

namespace Cairn.Client.Tests;

public sealed class LoggedValueTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { "a\"b", "\"a\\u0022b\"" },
        { true, "true" },
        { 'c', "\"c\"" },
        { 42, "42" },
        { (byte)7, "7" },
        { long.MinValue, "-9223372036854775808" },
        { ulong.MaxValue, "18446744073709551615" },
        { 0.1, "0.1" },
        { 0.1f, "0.1" },
        { 12.50m, "12.50" },
        { double.NaN, "\"NaN\"" },
        { float.NegativeInfinity, "\"-Infinity\"" },
        { DayOfWeek.Monday, "\"Monday\"" },
        { new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc), "\"2024-05-06T07:08:09.0000000Z\"" },
        { TimeSpan.FromSeconds(90), "\"00:01:30\"" },
        { new[] { 1, 2 }, "[1,2]" },
        { new object?[] { 1, "x", null, new[] { true } }, "[1,\"x\",null,[true]]" },
        { new Dictionary<string, int> { ["a"] = 1 }, "{\"a\":1}" },
        { new SortedDictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["b"] = 1.5 } }, "{\"a\":{\"b\":1.5}}" },
        { JsonElement.Parse("{\"x\":[1]}"), "{\"x\":[1]}" },
        { new JsonObject { ["y"] = 2 }, "{\"y\":2}" },
        { default(JsonElement), "null" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_becomes_the_json_one_expects(object? value, string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(LoggedValue.From("x", value)));

    [Fact]
    public void What_has_no_form_in_json_is_named_down_to_the_place()
    {
        var nested = new Dictionary<string, object?> { ["model"] = new Dictionary<string, object?> { ["optimizer"] = new StringComparerHolder() } };

        var fault = Assert.Throws<CairnClientException>(() => LoggedValue.From("params.config", nested));

        Assert.Equal("params.config.model.optimizer", fault.Field);
        Assert.Contains(nameof(StringComparerHolder), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_no_text_and_structures_that_hold_themselves_are_refused()
    {
        var circle = new List<object?>();
        circle.Add(circle);

        Assert.Throws<CairnClientException>(() => LoggedValue.From("x", new Dictionary<int, int> { [1] = 1 }));
        Assert.Throws<CairnClientException>(() => LoggedValue.From("x", circle));
    }

    [Fact]
    public void The_wire_is_camel_case_without_nulls_but_keeps_a_null_that_means_remove()
    {
        var update = new RunUpdate(
            Tags: new Dictionary<string, string?> { ["gone"] = null },
            Points: [new MetricPoint("Loss", double.PositiveInfinity, 3, 4)]);

        var json = JsonSerializer.Serialize(update, CairnJson.Default.RunUpdate);

        Assert.Equal("""{"tags":{"gone":null},"points":[{"key":"Loss","value":"Infinity","step":3,"time":4}]}""", json);
    }

    private sealed class StringComparerHolder;
}
