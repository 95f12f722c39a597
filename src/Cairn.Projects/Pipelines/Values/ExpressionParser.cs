namespace Cairn.Projects.Pipelines.Values;

/// <summary>Recursive descent, one method for each level of precedence.</summary>
internal sealed class ExpressionParser(string text)
{
    private const int MostNested = 100;
    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];
    private int _at;
    private int _depth;

    public Expression ParseAll()
    {
        var expression = ParseOr();
        SkipBlanks();
        return _at == text.Length ? expression : throw Fault($"'{text[_at..].Trim()}' is not expected here");
    }

    private Expression ParseOr() => ParseLeft(ParseAnd, "||");

    private Expression ParseAnd() => ParseLeft(ParseComparison, "&&");

    private Expression ParseComparison()
    {
        var left = ParseSum();
        return Take(Comparisons) is { } sign ? new Expression.Binary(sign, left, ParseSum()) : left;
    }

    private Expression ParseSum() => ParseLeft(ParseProduct, "+", "-");

    private Expression ParseProduct() => ParseLeft(ParseUnary, "*", "/");

    private Expression ParseLeft(Func<Expression> operand, params string[] signs)
    {
        var left = operand();
        while (Take(signs) is { } sign)
        {
            left = new Expression.Binary(sign, left, operand());
        }

        return left;
    }

    private Expression ParseUnary()
    {
        if (++_depth > MostNested)
        {
            throw Fault("it is nested too deeply");
        }

        SkipBlanks();
        Expression result;
        if (_at < text.Length && text[_at] == '!' && !Follows("!="))
        {
            _at++;
            result = new Expression.Unary("!", ParseUnary());
        }
        else if (Take("-") is not null)
        {
            result = new Expression.Unary("-", ParseUnary());
        }
        else
        {
            result = ParsePrimary();
        }

        _depth--;
        return result;
    }

    private Expression ParsePrimary()
    {
        SkipBlanks();
        if (_at == text.Length)
        {
            throw Fault("something is missing at its end");
        }

        var first = text[_at];
        if (first == '(')
        {
            _at++;
            var inner = ParseOr();
            return Take(")") is not null ? inner : throw Fault("a ')' is missing");
        }

        if (first is '\'' or '"')
        {
            var end = text.IndexOf(first, _at + 1);
            if (end < 0)
            {
                throw Fault($"a {first} is missing");
            }

            var value = text[(_at + 1)..end];
            _at = end + 1;
            return new Expression.Constant(new TextValue(value));
        }

        if (char.IsAsciiDigit(first) || first == '.')
        {
            return ParseNumber();
        }

        return ParsePath();
    }

    private Expression.Constant ParseNumber()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '.' || (text[_at] is '-' or '+' && text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }

        var written = text[start.._at];
        return NumberValue.IsNumber(written) ? new Expression.Constant(new NumberValue(written)) : throw Fault($"'{written}' is not a number");
    }

    private Expression ParsePath()
    {
        var parts = new List<string> { ParseWord() };
        while (_at < text.Length && text[_at] is '.' or '[')
        {
            if (text[_at] == '.')
            {
                _at++;
                parts.Add(ParseWord());
                continue;
            }

            _at++;
            var index = ParsePrimary() is Expression.Constant constant ? constant.Value.Text : throw Fault("an index must be a number or text in quotes");
            parts.Add(Take("]") is not null ? index : throw Fault("a ']' is missing"));
        }

        return parts switch
        {
            ["true"] or ["True"] => new Expression.Constant(new TruthValue(true)),
            ["false"] or ["False"] => new Expression.Constant(new TruthValue(false)),
            ["null"] or ["None"] => new Expression.Constant(PlainValue.Null),
            _ => new Expression.Lookup(parts),
        };
    }

    /// <summary>Names may hold dashes between letters, as those of steps do; a minus needs a blank before it.</summary>
    private string ParseWord()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'
            || (text[_at] == '-' && _at > start && _at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[_at + 1]))))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Fault($"a name is expected where it says '{text[_at..]}'");
    }

    private string? Take(params string[] signs)
    {
        SkipBlanks();
        var sign = signs.FirstOrDefault(Follows);
        _at += sign?.Length ?? 0;
        return sign;
    }

    private bool Follows(string sign) => string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0;

    private void SkipBlanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private ExpressionException Fault(string what) => new($"'{text.Trim()}' cannot be read: {what}.");
}
