namespace Cairn.Core.Search;

internal enum TokenKind
{
    /// <summary>A name, possibly dotted, possibly with quoted parts: <c>metrics.`a b`</c>, <c>AND</c>, <c>"text"</c>.</summary>
    Word,
    Number,

    /// <summary>Text in single quotes.</summary>
    Text,
    Operator,
    Open,
    Close,
    Comma,
    Semicolon,

    /// <summary>What cannot be read: a quote without its partner, or a character of no meaning.</summary>
    Broken,
    End,
}

/// <summary>A piece of a filter or of an order-by clause.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it starts in the source.</param>
/// <param name="Text">Exactly as written, quotes included; MLflow's messages repeat it so.</param>
internal readonly record struct FilterToken(TokenKind Kind, int Start, string Text)
{
    public bool Is(string keyword) => Kind == TokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Words of the language, which therefore cannot be a name without quotes.</summary>
    public bool IsReserved =>
        Is("AND") || Is("OR") || Is("NOT") || Is("IN") || Is("LIKE") || Is("ILIKE") || Is("RLIKE")
        || Is("IS") || Is("NULL") || Is("TRUE") || Is("FALSE") || Is("BETWEEN");

    public bool IsQuotedText => Kind == TokenKind.Text || (Kind == TokenKind.Word && Text.Length >= 2 && Text[0] == '"' && Text[^1] == '"');
}
