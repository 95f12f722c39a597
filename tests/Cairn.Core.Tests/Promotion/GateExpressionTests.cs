using Cairn.Core.Promotion;

namespace Cairn.Core.Tests.Promotion;

/// <summary>The condition of a gate: what it holds for, what is open while nobody has the alias, and where mistakes are.</summary>
public sealed class GateExpressionTests
{
    private static readonly Dictionary<string, double> Candidate = new() { ["mae"] = 2, ["auc"] = 0.8, ["val/mae"] = 3, ["a.b"] = 4, ["nan"] = double.NaN };
    private static readonly Dictionary<string, double> Holder = new() { ["mae"] = 3, ["auc"] = 0.8, ["nan"] = double.NaN };

    [Theory]
    [InlineData("metrics.mae < prod.metrics.mae", true, true)]
    [InlineData("metrics.mae > prod.metrics.mae", false, true)]
    [InlineData("candidate.metrics.mae <= holder.metrics.mae - 1", true, true)]
    [InlineData("metrics.auc > prod.metrics.auc || metrics.mae < 2.5", true, true)]
    [InlineData("metrics.auc > prod.metrics.auc && metrics.mae < 2.5", false, true)]
    [InlineData("metrics.auc > prod.metrics.auc && metrics.mae > 2.5", false, false)]
    [InlineData("metrics.mae < 1 || metrics.auc > prod.metrics.auc", false, true)]
    [InlineData("!(metrics.mae < prod.metrics.mae)", false, true)]
    [InlineData("not metrics.mae < 1 and metrics.mae == 2 or 1 > 2", true, true)]
    [InlineData("metrics['val/mae'] - 2 * metrics[\"a.b\"] / 2 + -1 != 0", true, true)]
    [InlineData("metrics.a.b == 4", true, true)]
    [InlineData("metrics.auc >= prod.metrics.auc * 1.0e0", true, true)]
    [InlineData("metrics.mae < prod.metrics.nan", true, true)]
    [InlineData("metrics.nan < 5 || metrics.nan >= 5", false, false)]
    [InlineData("(metrics.mae) < ((prod.metrics.mae))", true, true)]
    public void It_holds_or_not_with_a_holder_and_without_one(string text, bool withHolder, bool alone)
    {
        var condition = GateExpression.Parse(text, "prod");
        Assert.Equal(withHolder, condition.Holds(name => Candidate[name], name => Holder[name]));
        Assert.Equal(alone, condition.Holds(name => Candidate[name], null));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("metrics.mae <", 14)]
    [InlineData("metrics.mae", 1)]
    [InlineData("metrics.mae = 3", 13)]
    [InlineData("metrics.mae < 3 extra", 17)]
    [InlineData("1 < metrics.mae < 3", 17)]
    [InlineData("metrics.mae < 3x", 15)]
    [InlineData("metrics.mae < (3", 17)]
    [InlineData("metrics < 3", 1)]
    [InlineData("metrics. < 3", 9)]
    [InlineData("staging.metrics.mae < 3", 1)]
    [InlineData("metrics['mae < 3", 8)]
    [InlineData("metrics[] < 3", 9)]
    [InlineData("metrics[''] < 3", 8)]
    [InlineData("params.lr < 3", 1)]
    [InlineData("metrics.a < 1 && 3", 18)]
    [InlineData("(metrics.a < 1) + 1 > 2", 1)]
    [InlineData("__import__('os') < 1", 1)]
    [InlineData("1e999 < metrics.a", 1)]
    public void What_is_no_condition_is_refused_at_its_column(string text, int column)
    {
        var fault = Assert.Throws<CairnException>(() => GateExpression.Parse(text, "prod"));
        Assert.Equal((ErrorCode.InvalidArgument, "when"), (fault.Code, fault.Field));
        Assert.Contains($"at column {column.ToString(System.Globalization.CultureInfo.InvariantCulture)}:", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("passed", true, null)]
    [InlineData("Failed: psi 0.4", false, "psi 0.4")]
    [InlineData("ok, all good", true, "all good")]
    [InlineData("warned", true, null)]
    [InlineData("0", false, null)]
    [InlineData("1", true, null)]
    [InlineData("\"false\"", null, null)]
    [InlineData("perhaps", null, null)]
    [InlineData("", null, null)]
    public void A_check_is_read_by_its_first_word(string text, bool? passed, string? detail)
    {
        var read = CheckResult.Read(text);
        Assert.Equal((passed, detail), (read?.Passed, read?.Detail));
    }
}
