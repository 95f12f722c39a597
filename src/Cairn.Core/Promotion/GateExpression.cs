namespace Cairn.Core.Promotion;

/// <summary>
/// The condition of a gate: metrics of the candidate (<c>metrics.mae</c>) and of the holder (<c>prod.metrics.mae</c>, or
/// <c>holder.metrics.mae</c> whatever the alias is called), numbers, <c>+ - * /</c>, comparisons, <c>&amp;&amp; || !</c>.
/// While nobody has held the alias, and where the holder's metric is not a number, a comparison with it is open; what is
/// open at the end lets the version pass, so that a first one can come, if what is asked of itself holds.
/// </summary>
public sealed class GateExpression
{
    public const int GreatestLength = 2000;

    private readonly GateTerm root;

    private GateExpression(string text, GateTerm root)
    {
        Text = text;
        this.root = root;
        CandidateMetrics = [.. root.Metrics.Where(metric => !metric.OfHolder).Select(metric => metric.Name).Distinct(StringComparer.Ordinal)];
        HolderMetrics = [.. root.Metrics.Where(metric => metric.OfHolder).Select(metric => metric.Name).Distinct(StringComparer.Ordinal)];
    }

    public string Text { get; }

    /// <summary>Names of the candidate's metrics in it.</summary>
    public IReadOnlyList<string> CandidateMetrics { get; }

    /// <summary>Names of the holder's metrics in it.</summary>
    public IReadOnlyList<string> HolderMetrics { get; }

    /// <param name="text">The condition.</param>
    /// <param name="alias">The alias it is about, by which it may name the holder.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> for the field "when", with the column.</exception>
    public static GateExpression Parse(string text, string alias) =>
        text.Length > GreatestLength
            ? throw CairnException.Invalid("when", $"'when' has {text.Length} characters; a condition has at most {GreatestLength}.")
            : new GateExpression(text.Trim(), new GateParser(text.Trim(), alias).ParseAll());

    /// <param name="candidate">Value of a metric of the candidate.</param>
    /// <param name="holder">Value of a metric of the holder; null where nobody has held the alias.</param>
    public bool Holds(Func<string, double> candidate, Func<string, double>? holder) =>
        root.Evaluate(candidate, holder) is not { Truth: false };
}
