using System.Globalization;

namespace Cairn.Core.Promotion;

/// <summary>Recursive descent, one method for each level of precedence; faults say at which column.</summary>
internal sealed class GateParser(string text, string alias)
{
    private const int MostNested = 100;
    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];
    private int at;
    private int depth;

    public GateTerm ParseAll()
    {
        if (text.Length == 0)
        {
            throw Fault(0, "it is empty. Write a comparison such as metrics.mae < prod.metrics.mae");
        }

        var term = ParseOr();
        SkipBlanks();
        if (at < text.Length)
        {
            throw Fault(at, text[at] is '=' ? "'=' compares nothing; write '=='" : $"'{Rest()}' is not expected here");
        }

        return term.IsTruth ? term : throw Fault(0, "it is a number, not a comparison. Write something like metrics.mae < 3");
    }

    private GateTerm ParseOr() => ParseLogic(ParseAnd, "||", "or");

    private GateTerm ParseAnd() => ParseLogic(ParseNot, "&&", "and");

    private GateTerm ParseLogic(Func<GateTerm> operand, string sign, string word)
    {
        var start = Start();
        var left = operand();
        while (Take(sign) is not null || TakeWord(word))
        {
            left = WantTruth(left, start, sign);
            start = Start();
            left = new GateTerm.Binary(sign, left, WantTruth(operand(), start, sign));
        }

        return left;
    }

    private GateTerm ParseNot()
    {
        var start = Start();
        if ((Follows("!") && !Follows("!=") && Take("!") is not null) || TakeWord("not"))
        {
            Deeper(start);
            start = Start();
            var inner = WantTruth(ParseNot(), start, "!");
            depth--;
            return new GateTerm.Not(inner);
        }

        return ParseComparison();
    }

    private GateTerm ParseComparison()
    {
        var start = Start();
        var left = ParseSum();
        if (Take(Comparisons) is not { } sign)
        {
            return left;
        }

        left = WantNumber(left, start, sign);
        start = Start();
        var right = WantNumber(ParseSum(), start, sign);
        SkipBlanks();
        return Comparisons.Any(Follows)
            ? throw Fault(at, "comparisons cannot be chained. Write a < b && b < c")
            : new GateTerm.Binary(sign, left, right);
    }

    private GateTerm ParseSum() => ParseArithmetic(ParseProduct, "+", "-");

    private GateTerm ParseProduct() => ParseArithmetic(ParseUnary, "*", "/");

    private GateTerm ParseArithmetic(Func<GateTerm> operand, params string[] signs)
    {
        var start = Start();
        var left = operand();
        while (Take(signs) is { } sign)
        {
            left = WantNumber(left, start, sign);
            start = Start();
            left = new GateTerm.Binary(sign, left, WantNumber(operand(), start, sign));
        }

        return left;
    }

    private GateTerm ParseUnary()
    {
        var start = Start();
        if (Take("-") is null)
        {
            return ParsePrimary();
        }

        Deeper(start);
        start = Start();
        var inner = WantNumber(ParseUnary(), start, "-");
        depth--;
        return new GateTerm.Minus(inner);
    }

    private GateTerm ParsePrimary()
    {
        SkipBlanks();
        if (at == text.Length)
        {
            throw Fault(at, "something is missing at its end");
        }

        if (text[at] == '(')
        {
            Deeper(at);
            at++;
            var inner = ParseOr();
            depth--;
            return Take(")") is not null ? inner : throw Fault(at, "a ')' is missing");
        }

        return char.IsAsciiDigit(text[at]) || text[at] == '.' ? ParseNumber() : ParseMetric();
    }

    private GateTerm.Constant ParseNumber()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.' || (text[at] is '-' or '+' && text[at - 1] is 'e' or 'E')))
        {
            at++;
        }

        return double.TryParse(text.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new GateTerm.Constant(value)
            : throw Fault(start, $"'{text[start..at]}' is not a number");
    }

    private GateTerm.Metric ParseMetric()
    {
        var start = at;
        var parts = new List<string> { ParseWord() };
        while (at < text.Length && text[at] is '.' or '[')
        {
            parts.Add(text[at] == '.' ? ParseMember() : ParseQuoted());
        }

        var ofHolder = false;
        if (parts[0] is "holder" || (parts[0] == alias && alias != "metrics"))
        {
            ofHolder = true;
            parts.RemoveAt(0);
        }
        else if (parts[0] == "candidate")
        {
            parts.RemoveAt(0);
        }

        return parts is ["metrics", _, ..]
            ? new GateTerm.Metric(ofHolder, string.Join('.', parts.Skip(1)))
            : throw Fault(start, $"'{text[start..at]}' is not known. Write metrics.NAME for the candidate's and {alias}.metrics.NAME for the holder's; a name with a slash is metrics['val/mae']");
    }

    private string ParseMember()
    {
        at++;
        return ParseWord();
    }

    private string ParseQuoted()
    {
        var start = at;
        at++;
        SkipBlanks();
        if (at >= text.Length || text[at] is not ('\'' or '"'))
        {
            throw Fault(at, "a name in quotes is expected after '['");
        }

        var end = text.IndexOf(text[at], at + 1);
        if (end <= at + 1)
        {
            throw Fault(start, end < 0 ? $"a {text[at]} is missing" : "the name is empty");
        }

        var name = text[(at + 1)..end];
        at = end + 1;
        return Take("]") is not null ? name : throw Fault(at, "a ']' is missing");
    }

    /// <summary>Names may hold dashes between letters; a minus needs a blank before it.</summary>
    private string ParseWord()
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'
            || (text[at] == '-' && at > start && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]))))
        {
            at++;
        }

        return at > start ? text[start..at] : throw Fault(start, at == text.Length ? "something is missing at its end" : $"a name or a number is expected where it says '{Rest()}'");
    }

    private static GateTerm WantTruth(GateTerm term, int start, string sign) =>
        term.IsTruth ? term : throw Fault(start, $"'{sign}' joins comparisons, and this is a number");

    private static GateTerm WantNumber(GateTerm term, int start, string sign) =>
        !term.IsTruth ? term : throw Fault(start, $"'{sign}' wants a number, and this is a comparison");

    private void Deeper(int start)
    {
        if (++depth > MostNested)
        {
            throw Fault(start, "it is nested too deeply");
        }
    }

    private int Start()
    {
        SkipBlanks();
        return at;
    }

    private string? Take(params string[] signs)
    {
        SkipBlanks();
        var sign = signs.FirstOrDefault(Follows);
        at += sign?.Length ?? 0;
        return sign;
    }

    private bool TakeWord(string word)
    {
        SkipBlanks();
        if (!Follows(word) || (at + word.Length < text.Length && (char.IsLetterOrDigit(text[at + word.Length]) || text[at + word.Length] is '_' or '.' or '-')))
        {
            return false;
        }

        at += word.Length;
        return true;
    }

    private bool Follows(string sign) => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0;

    private void SkipBlanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private string Rest() => text.Length - at <= 40 ? text[at..] : string.Concat(text.AsSpan(at, 37), "...");

    private static CairnException Fault(int column, string what) =>
        CairnException.Invalid("when", string.Create(CultureInfo.InvariantCulture, $"'when' cannot be read at column {column + 1}: {what}."));
}
