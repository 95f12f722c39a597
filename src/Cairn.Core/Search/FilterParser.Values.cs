namespace Cairn.Core.Search;

/// <content>The right sides of comparisons: numbers, quoted texts and lists of them.</content>
public sealed partial class FilterParser
{
    private FilterValue? Value(string comparator)
    {
        if (Current.Kind == TokenKind.Open)
        {
            return List();
        }

        if (comparator is "IN" or "NOT IN" || Current.IsReserved || Current.Kind is not (TokenKind.Number or TokenKind.Text or TokenKind.Word))
        {
            return null;
        }

        return FilterValue.Of(tokens[at++]);
    }

    private FilterValue? List()
    {
        var open = tokens[at++];
        var values = new List<FilterValue>();
        if (Current.Kind == TokenKind.Close)
        {
            throw Refuse("While parsing a list in the query, expected a non-empty list of string values, but got empty list");
        }

        while (true)
        {
            if (Current.Kind is TokenKind.End or TokenKind.Broken)
            {
                return null;
            }

            if (!Current.IsQuotedText && !(Current.Kind == TokenKind.Number && dialect == SearchDialect.Extended))
            {
                throw Current.Kind is TokenKind.Number or TokenKind.Word
                    ? Refuse($"While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: {Written(open)}")
                    : Refuse("While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.");
            }

            values.Add(FilterValue.Of(tokens[at++]));
            if (++listed > ComparisonRules.MostListed)
            {
                throw Refuse($"The lists in the filter have more than {ComparisonRules.MostListed} values. Split the search.");
            }

            if (Current.Kind == TokenKind.Comma)
            {
                at++;
            }
            else if (Current.Kind != TokenKind.Close)
            {
                throw Refuse("While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.");
            }

            if (Current.Kind == TokenKind.Close)
            {
                at++;
                return new FilterValue(Written(open), List: values);
            }
        }
    }

    /// <summary>The source from a parenthesis to the one that closes it, cut where it is long.</summary>
    private string Written(FilterToken open)
    {
        var close = source.IndexOf(')', open.Start);
        var text = close < 0 ? source[open.Start..] : source[open.Start..(close + 1)];
        return text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "...");
    }
}
