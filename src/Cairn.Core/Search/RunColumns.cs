using Cairn.Core.Runs;

namespace Cairn.Core.Search;

/// <summary>Many runs with the values of a few fields.</summary>
/// <param name="Runs">The runs, in the order of the search.</param>
/// <param name="Columns">One for each field that was asked for.</param>
public sealed record RunColumns(IReadOnlyList<Run> Runs, IReadOnlyList<RunColumn> Columns);

/// <summary>A field's value in every run. A metric has numbers, everything else texts.</summary>
/// <param name="Field">The field.</param>
/// <param name="Texts">Null where the run has no value; the whole list is null for a metric.</param>
/// <param name="Numbers">NaN where the run has no number.</param>
public sealed record RunColumn(Field Field, string?[]? Texts, double[] Numbers);
