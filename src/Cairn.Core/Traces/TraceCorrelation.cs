namespace Cairn.Core.Traces;

/// <summary>How much two conditions on traces go together: normalized pointwise mutual information, from -1 (never together) over 0 (independent) to 1 (always).</summary>
/// <param name="Total">Traces looked at.</param>
/// <param name="First">Those for which the first condition holds.</param>
/// <param name="Second">Those for which the second does.</param>
/// <param name="Both">Those for which both do.</param>
public sealed record TraceCorrelation(int Total, int First, int Second, int Both)
{
    // Jeffreys' prior: half a trace in each cell keeps few observations from looking certain.
    private const double Prior = 0.5;

    private bool IsDefined => Total > 0 && First > 0 && Second > 0 && Both <= First && Both <= Second && Total - First - Second + Both >= 0;

    /// <summary>NaN where one of the conditions never holds.</summary>
    public double Npmi => !IsDefined ? double.NaN : Both == 0 ? -1 : Of(0);

    /// <inheritdoc cref="Npmi"/>
    public double SmoothedNpmi => IsDefined ? Of(Prior) : double.NaN;

    private double Of(double smoothing)
    {
        if (Both == Total)
        {
            return 1;
        }

        var both = Both + smoothing;
        var total = Total + (4 * smoothing);
        var (first, second) = (First + (2 * smoothing), Second + (2 * smoothing));
        var information = Math.Log(both) + Math.Log(total) - Math.Log(first) - Math.Log(second);
        return Math.Clamp(information / (Math.Log(total) - Math.Log(both)), -1, 1);
    }
}
