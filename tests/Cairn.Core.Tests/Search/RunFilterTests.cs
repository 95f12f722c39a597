using Cairn.Core.Search;

namespace Cairn.Core.Tests.Search;

public sealed class RunFilterTests
{
    [Theory]
    [InlineData(null, "always")]
    [InlineData("", "always")]
    [InlineData(" \n ", "always")]
    [InlineData("metric.acc >= 0.94", "Metric:acc GreaterOrEqual 0.94")]
    [InlineData("metric.acc>=100", "Metric:acc GreaterOrEqual 100")]
    [InlineData("metrics.a > -1.5e-3", "Metric:a Greater -0.0015")]
    [InlineData("metrics.a < .5", "Metric:a Less 0.5")]
    [InlineData("metrics.a != 1e6", "Metric:a NotEqual 1000000")]
    [InlineData("params.m!='tf'", "Param:m NotEqual [tf]")]
    [InlineData("params.\"m\"!=\"tf\"", "Param:m NotEqual [tf]")]
    [InlineData("metric.\"legit name\" >= 0.243", "Metric:legit name GreaterOrEqual 0.243")]
    [InlineData("metrics.`spacey name` > 5", "Metric:spacey name Greater 5")]
    [InlineData("metrics.\"X//Y#$$@&Z\" = 3", "Metric:X//Y#$$@&Z Equal 3")]
    [InlineData("metrics.\"accuracy.2.0\" > 5", "Metric:accuracy.2.0 Greater 5")]
    [InlineData("`metric`.a >= 0.1", "Metric:a GreaterOrEqual 0.1")]
    [InlineData("`tags`.source_name = 'a notebook'", "Tag:source_name Equal [a notebook]")]
    [InlineData("tags.mlflow.parentRunId = 'x'", "Tag:mlflow.parentRunId Equal [x]")]
    [InlineData("tags.`mlflow.runName` LIKE 'a%'", "Tag:mlflow.runName Like [a%]")]
    [InlineData("params.m = \"L'Hosp\"", "Param:m Equal [L'Hosp]")]
    [InlineData("params.m = 'it''s'", "Param:m Equal [it''s]")]
    [InlineData("params.été = 'x'", "Param:été Equal [x]")]
    [InlineData("parameters.x ilike '%A_'", "Param:x ILike [%A_]")]
    [InlineData("attribute.artifact_uri = '1/23/4'", "ArtifactUri Equal [1/23/4]")]
    [InlineData("attribute.start_time >= 1234", "StartedAt GreaterOrEqual 1234")]
    [InlineData("created > 1 and attr.Created < 5", "(StartedAt Greater 1 & StartedAt Less 5)")]
    [InlineData("end_time = 5", "EndedAt Equal 5")]
    [InlineData("run.status = 'RUNNING'", "Status Equal [RUNNING]")]
    [InlineData("user_id LIKE 'bo%'", "Author Like [bo%]")]
    [InlineData("attributes.`Run name` = 'n'", "Name Equal [n]")]
    [InlineData("attributes.`run name` = 'n' AND run_name != 'm'", "(Name Equal [n] & Name NotEqual [m])")]
    [InlineData("run_id IN ('a')", "Id In [a]")]
    [InlineData("attributes.run_id NOT  IN ('a',  'b')", "Id NotIn [a|b]")]
    [InlineData("run_id in ('A', 'b')", "Id In [b]")]
    [InlineData("run_id IN ('A')", "never")]
    [InlineData("run_id NOT IN ('A')", "always")]
    [InlineData("run_id NOT IN ('A') and metrics.a > 1", "Metric:a Greater 1")]
    [InlineData("datasets.name = 'x'", "Dataset:name Equal [x]")]
    [InlineData("dataset.context IN ('train', 'test') AND metrics.a > 1", "(Dataset:context In [train|test] & Metric:a Greater 1)")]
    [InlineData("metrics.rmse < 1 and params.model_class = 'LR' AND tags.t = 'u'", "(Metric:rmse Less 1 & Param:model_class Equal [LR] & Tag:t Equal [u])")]
    public void A_filter_is_read_as_mlflow_reads_it(string? filter, string expected)
    {
        Assert.Equal(expected, ConditionText.Of(FilterParser.ParseRunFilter(filter)));
        Assert.Equal(expected, ConditionText.Of(FilterParser.ParseRunFilter(filter, SearchDialect.Extended)));
    }

    [Theory]
    [InlineData("metrics.a > 'x'", "Expected numeric value type for metric. Found 'x'")]
    [InlineData("metric.model = '5'", "Expected numeric value type for metric. Found '5'")]
    [InlineData("metrics.acc != metrics.acc", "Expected numeric value type for metric. Found metrics.acc")]
    [InlineData("metrics.a > 1 or metrics.b > 2", "Invalid clause(s) in filter string: 'or'")]
    [InlineData("foo.bar = 1", "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("params.a = 1", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1")]
    [InlineData("tags.acc = 5", "Expected a quoted string value for tag (e.g. 'my-value'). Got value 5")]
    [InlineData("attribute.status = 1", "Expected a quoted string value for attributes. Got value 1")]
    [InlineData("start_time > 'x'", "Expected numeric value type for numeric attribute: start_time. Found 'x'")]
    [InlineData("1.0 > metrics.acc", "Invalid comparison clause. Expected 'Identifier' found '1.0'")]
    [InlineData("1==2", "Invalid comparison clause. Expected 'Identifier' found '1'")]
    [InlineData("params.acc = LR", "Parameter value is either not quoted or unidentified quote types used for string value LR. Use either single or double quotes.")]
    [InlineData("params.acc = `LR`", "Parameter value is either not quoted or unidentified quote types used for string value `LR`. Use either single or double quotes.")]
    [InlineData("run_name IN ('a')", "Only the 'run_id' attribute supports comparison with a list of quoted string values.")]
    [InlineData("params.a IN ('a')", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value ('a')")]
    [InlineData("run_id IN ()", "While parsing a list in the query, expected a non-empty list of string values, but got empty list")]
    [InlineData("run_id IN ('a' 'b')", "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.")]
    [InlineData("run_id IN ('a', 1)", "While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: ('a', 1)")]
    [InlineData("metric.acc >= 0.94; metrics.rmse < 1", "Search filter contained multiple expression 'metric.acc >= 0.94; metrics.rmse < 1'. Provide AND-ed expression list.")]
    [InlineData("dataset.status = 'true'", "Invalid dataset key 'status' specified. Valid keys are '{'name', 'digest', 'context'}'")]
    [InlineData("metrics.abc ~ 1.0", "Invalid comparator '~' not one of '{'>', '>=', '!=', '=', '<', '<='}")]
    [InlineData("params.abc > 'v'", "Invalid comparator '>' not one of '{'!=', '=', 'LIKE', 'ILIKE'}'")]
    [InlineData("tags.abc RLIKE 'v'", "Invalid comparator 'RLIKE' not one of '{'!=', '=', 'LIKE', 'ILIKE'}'")]
    [InlineData("tags.abc NOT LIKE 'v'", "Invalid comparator 'NOT LIKE' not one of '{'!=', '=', 'LIKE', 'ILIKE'}'")]
    [InlineData("status >= 'v'", "Invalid comparator '>=' not one of '{'!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}'")]
    [InlineData("start_time LIKE 1", "Invalid comparator 'LIKE' not one of '{'!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")]
    public void A_refusal_is_in_mlflows_words(string filter, string message)
    {
        var refusal = Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(filter));
        Assert.Equal(message, refusal.Message);
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
    }

    [Theory]
    [InlineData("attribute.nope = 'x'", "nope")]
    [InlineData("acc >= 0.94", "acc")]
    [InlineData("attribute.experiment_id != 1", "experiment_id")]
    [InlineData("attribute._status != 'RUNNING'", "_status")]
    public void An_unknown_attribute_is_answered_with_the_known_ones(string filter, string key)
    {
        var refusal = Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(filter));
        Assert.StartsWith($"Invalid attribute key '{key}' specified. Valid keys are '{{", refusal.Message, StringComparison.Ordinal);
        foreach (var known in new[] { "created", "status", "end_time", "run_id", "Run Name", "artifact_uri", "user_id", "start_time", "run_name", "Run name", "Created", "run name" })
        {
            Assert.Contains($"'{known}'", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("metrics.A > 0.1 NAND params.B = 'LR'")]
    [InlineData("metrics.A > 0.1 AND (params.B = 'LR')")]
    [InlineData("NOT metrics.A > 0.1")]
    [InlineData("`metrics.A > 0.1")]
    [InlineData("param`.A > 0.1")]
    [InlineData("attribute.status = true")]
    [InlineData("params.'acc = LR")]
    [InlineData("params.acc = 'LR")]
    [InlineData("params.acc = LR'")]
    [InlineData("params.acc = \"LR'")]
    [InlineData("tags.acc = = 'LR'")]
    [InlineData("attribute.status IS 'RUNNING'")]
    [InlineData("params.acc LR !=")]
    [InlineData("params.acc LR")]
    [InlineData("metric.acc !=")]
    [InlineData("foo is null")]
    [InlineData("metrics.a > 1 AND")]
    [InlineData("metrics.a > 1;")]
    [InlineData("run_id IN 'a'")]
    [InlineData("metrics.a > 1 -- and more")]
    [InlineData("tags.a = 'x' OR 1=1 --'")]
    public void What_is_no_comparison_is_an_invalid_clause(string filter) =>
        Assert.StartsWith("Invalid clause(s) in filter string: '", Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(filter)).Message, StringComparison.Ordinal);

    [Fact]
    public void Values_are_texts_whatever_they_look_like() =>
        Assert.Equal("Tag:a Equal [' OR 1=1 -- \"; DROP]", ConditionText.Of(FilterParser.ParseRunFilter("tags.a = \"' OR 1=1 -- \\\"; DROP\"")).Replace("\\", "", StringComparison.Ordinal));
}
