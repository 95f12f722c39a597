namespace Cairn.Core.Search;

/// <summary>
/// One comparison of a search over records other than runs and experiments. All criteria of a search must hold, and one
/// about something that a record lacks does not.
/// </summary>
/// <typeparam name="TSubject">What kinds of things such a record can be asked about.</typeparam>
/// <param name="Subject">The kind of thing.</param>
/// <param name="Key">Its name within the kind.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Operand">With what.</param>
public sealed record Criterion<TSubject>(TSubject Subject, string Key, Comparison Comparison, Operand Operand);

/// <summary>The right side of a comparison: exactly one of the three is there.</summary>
public sealed record Operand(string? Text = null, double? Number = null, IReadOnlyList<string>? List = null);

/// <summary>One sort key of such a search. What lacks it comes last in both directions.</summary>
public sealed record SortKey<TSubject>(TSubject Subject, string Key, bool Descending);
