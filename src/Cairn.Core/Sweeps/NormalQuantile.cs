namespace Cairn.Core.Sweeps;

/// <summary>The quantiles of the standard normal distribution, by bisecting its distribution function: exact to ten digits.</summary>
internal static class NormalQuantile
{
    private const double Widest = 8;

    public static double Of(double chance)
    {
        var (low, high) = (-Widest, Widest);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Below(middle) < chance ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    // Marsaglia's series; beyond the widest value it makes no difference.
    private static double Below(double x)
    {
        var sum = x;
        var term = x;
        for (var i = 3; i < 400 && Math.Abs(term) > 1e-17; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI));
    }
}
