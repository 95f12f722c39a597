namespace SeattleWeather.CheckData;

/// <summary>How a check ended. A note is worth reading but stops nothing.</summary>
internal enum Outcome
{
    Passed,
    Noted,
    Failed,
}

/// <summary>The verdict of one check.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Outcome">The verdict.</param>
/// <param name="Detail">The numbers behind it, as a sentence.</param>
internal sealed record CheckResult(string Name, Outcome Outcome, string Detail)
{
    /// <summary>Measured values to log as metrics of the run.</summary>
    public IReadOnlyDictionary<string, double> Measured { get; init; } = new Dictionary<string, double>();

    public static CheckResult Of(string name, IReadOnlyList<string> faults, string whenGood) => faults.Count == 0
        ? new CheckResult(name, Outcome.Passed, whenGood)
        : new CheckResult(name, Outcome.Failed, string.Join("; ", faults));
}

/// <summary>What the checks tolerate.</summary>
/// <param name="MinRows">Fewest rows.</param>
/// <param name="MaxMissing">Greatest share of missing values in a column.</param>
/// <param name="MaxGapDays">Most days in a row that may be absent.</param>
/// <param name="MaxPsi">Greatest population stability index against the reference.</param>
internal sealed record CheckLimits(int MinRows, double MaxMissing, int MaxGapDays, double MaxPsi);
