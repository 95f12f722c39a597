using Cairn.Core.Search;
using CsCheck;

namespace Cairn.Core.Tests.Search;

public sealed class FilterFuzzTests
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        "metrics", "params", "tags", "attributes", "run_id", "start_time", ".", "a", "`", "\"", "'", "\\", "=", "!=", ">=", "~",
        "LIKE", "IN", "NOT", "AND", "OR", "(", ")", ",", ";", "1", "-1.5e3", ".", "5x", " ", "\n", "\0", "é", "\ud83d\ude00", "\ud800", "--", "NULL");

    private static readonly Gen<string> Anything = Gen.OneOf(Piece.List[0, 40].Select(string.Concat), Gen.String);

    [Fact]
    public void Nothing_but_a_refusal_ever_comes_of_a_filter() =>
        Anything.Sample(
            text =>
            {
                foreach (var dialect in new[] { SearchDialect.Mlflow, SearchDialect.Extended })
                {
                    Refuses(() => FilterParser.ParseRunFilter(text, dialect));
                    Refuses(() => FilterParser.ParseExperimentFilter(text, dialect));
                    Refuses(() => OrderByParser.ParseRunOrder([text], dialect));
                }
            },
            iter: 5000);

    [Fact]
    public void What_mlflow_accepts_means_the_same_in_the_extended_dialect() =>
        Anything.Sample(
            text =>
            {
                if (Read(text, SearchDialect.Mlflow) is { } plain)
                {
                    Assert.Equal(plain, Read(text, SearchDialect.Extended));
                }
            },
            iter: 5000);

    [Theory]
    [InlineData("'\\'")]
    [InlineData("'")]
    [InlineData("''''")]
    [InlineData("`a`.")]
    [InlineData("(")]
    [InlineData("NOT ")]
    [InlineData("metrics.a > 1 and ")]
    [InlineData("run_id in ('a', ")]
    [InlineData("9")]
    public void Even_the_longest_filter_is_read_in_an_instant(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, FilterParser.LongestFilter / piece.Length));
        var before = ThreadTime.Now;
        Refuses(() => FilterParser.ParseRunFilter(text, SearchDialect.Extended));
        var took = ThreadTime.Now - before;
        Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
    }

    [Fact]
    public void A_longer_one_is_refused() =>
        Assert.Throws<CairnException>(() => FilterParser.ParseRunFilter(new string('a', FilterParser.LongestFilter + 1)));

    private static string? Read(string text, SearchDialect dialect)
    {
        try
        {
            return ConditionText.Of(FilterParser.ParseRunFilter(text, dialect));
        }
        catch (CairnException)
        {
            return null;
        }
    }

    private static void Refuses(Action parse)
    {
        try
        {
            parse();
        }
        catch (CairnException)
        {
            // A refusal is what may come; anything else fails the test.
        }
    }
}
