namespace Cairn.Storage.Archives;

/// <summary>What the value of a field is, and so how it is checked.</summary>
internal enum FieldKind
{
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A number; null is "not a number".</summary>
    Real,

    /// <summary>A name as artifacts and aliases have them.</summary>
    Name,

    /// <summary>A relative path.</summary>
    Path,

    /// <summary>SHA-256 of a content that must be here.</summary>
    Content,

    /// <summary>SHA-256 of something that is no content.</summary>
    Digest,

    /// <summary>The number of an experiment, which may be another here.</summary>
    Experiment,

    /// <summary>The id of a run.</summary>
    Run,

    /// <summary>JSON as text.</summary>
    Json,

    /// <summary>Bytes, base64.</summary>
    Bytes,

    /// <summary>One of some words, kept as its place among them.</summary>
    Word,
}

/// <summary>A field of a thing and the column it is kept in.</summary>
/// <param name="Field">Its name in JSON.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Column">The column, or an expression that reads it.</param>
/// <param name="Write">An expression of <c>:field</c> that gives the column its value; null for the value itself, "" for a field that is only read.</param>
internal sealed record ArchiveColumn(string Field, FieldKind Kind, string Column, string? Write = null)
{
    /// <summary>It may not be missing.</summary>
    public bool IsRequired { get; init; }

    /// <summary>For words: each at its number; null for a number that is none.</summary>
    public IReadOnlyList<string?> Words { get; init; } = [];

    /// <summary>The column that <see cref="Write"/> fills, where <see cref="Column"/> is an expression.</summary>
    public string? Target { get; init; }

    public ArchiveColumn Needed() => this with { IsRequired = true };
}
