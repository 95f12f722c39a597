using System.Globalization;

namespace Cairn.Core.Search;

/// <summary>Cuts a filter into tokens, reading each character once. It never refuses: what it cannot read is a token too.</summary>
internal static class FilterLexer
{
    private const string Quotes = "`\"";
    private const string OperatorCharacters = "<>=!~";

    public static List<FilterToken> Read(string source, SearchDialect dialect)
    {
        var tokens = new List<FilterToken>();
        var at = 0;
        while (true)
        {
            while (at < source.Length && char.IsWhiteSpace(source[at]))
            {
                at++;
            }

            if (at == source.Length)
            {
                tokens.Add(new FilterToken(TokenKind.End, at, ""));
                return tokens;
            }

            var (kind, end) = Next(source, at, dialect);
            tokens.Add(new FilterToken(kind, at, source[at..end]));
            at = end;
        }
    }

    private static (TokenKind Kind, int End) Next(string source, int at, SearchDialect dialect)
    {
        var first = source[at];
        if (IsWordStart(first) || Quotes.Contains(first))
        {
            return Word(source, at, dialect);
        }

        if (StartsNumber(source, at))
        {
            return Number(source, at);
        }

        if (OperatorCharacters.Contains(first))
        {
            var end = at + 1;
            while (end < source.Length && OperatorCharacters.Contains(source[end]))
            {
                end++;
            }

            return (TokenKind.Operator, end);
        }

        return first switch
        {
            '\'' => Quoted(source, at) is var end and > 0 ? (TokenKind.Text, end) : (TokenKind.Broken, source.Length),
            '(' => (TokenKind.Open, at + 1),
            ')' => (TokenKind.Close, at + 1),
            ',' => (TokenKind.Comma, at + 1),
            ';' => (TokenKind.Semicolon, at + 1),
            _ => (TokenKind.Broken, at + 1),
        };
    }

    private static (TokenKind Kind, int End) Word(string source, int at, SearchDialect dialect)
    {
        var end = at;
        for (var part = 0; ; part++)
        {
            if (end < source.Length && Quotes.Contains(source[end]))
            {
                end = Quoted(source, end);
                if (end < 0)
                {
                    return (TokenKind.Broken, source.Length);
                }
            }
            else
            {
                var start = end;
                while (end < source.Length && (IsWordPart(source[end]) || (part > 0 && dialect == SearchDialect.Extended && "/-:$@".Contains(source[end]))))
                {
                    end++;
                }

                if (end == start)
                {
                    return (TokenKind.Broken, end);
                }
            }

            if (end == source.Length || source[end] != '.')
            {
                return (TokenKind.Word, end);
            }

            end++;
        }
    }

    private static (TokenKind Kind, int End) Number(string source, int at)
    {
        var end = Digits(source, at + (source[at] is '-' or '+' ? 1 : 0));
        if (end < source.Length && source[end] == '.')
        {
            end = Digits(source, end + 1);
        }

        if (end < source.Length && source[end] is 'e' or 'E')
        {
            var exponent = end + 1;
            exponent += exponent < source.Length && source[exponent] is '-' or '+' ? 1 : 0;
            var after = Digits(source, exponent);
            end = after > exponent ? after : end;
        }

        if (end == source.Length || !IsWordPart(source[end]))
        {
            return (TokenKind.Number, end);
        }

        while (end < source.Length && IsWordPart(source[end]))
        {
            end++;
        }

        return (TokenKind.Broken, end);
    }

    private static bool StartsNumber(string source, int at)
    {
        at += source[at] is '-' or '+' ? 1 : 0;
        at += at < source.Length && source[at] == '.' ? 1 : 0;
        return at < source.Length && char.IsAsciiDigit(source[at]);
    }

    private static int Digits(string source, int at)
    {
        while (at < source.Length && char.IsAsciiDigit(source[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>The end of the quoted text that starts here, or -1. A doubled quote belongs to the text, as does one after a backslash.</summary>
    private static int Quoted(string source, int at)
    {
        var quote = source[at];
        for (var i = at + 1; i < source.Length; i++)
        {
            if (source[i] == '\\' && quote != '`' && i + 1 < source.Length && source[i + 1] == quote && source.IndexOf(quote, i + 2) >= 0)
            {
                i++;
            }
            else if (source[i] == quote)
            {
                if (i + 1 == source.Length || source[i + 1] != quote)
                {
                    return i + 1;
                }

                i++;
            }
        }

        return -1;
    }

    private static bool IsWordStart(char character) => character == '_' || char.IsLetter(character) || char.IsSurrogate(character);

    private static bool IsWordPart(char character) =>
        character == '_' || char.IsLetterOrDigit(character) || char.IsSurrogate(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
