using System.Globalization;
using System.Text;

namespace DotnetClient;

internal readonly record struct Point(double X, double Y);

/// <summary>The model: y = slope · x + offset.</summary>
internal sealed record Line(double Slope, double Offset)
{
    public static Point[] NoisyPoints(int count, double slope, double offset)
    {
        var random = new Random(1); // the same points every time, so that runs can be compared
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var x = 2.0 * i / count;
            return new Point(x, (slope * x) + offset + (0.4 * (random.NextDouble() - 0.5)));
        })];
    }

    public static Line Parse(string text)
    {
        var numbers = text.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new Line(numbers[0], numbers[1]);
    }

    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Slope:R} {Offset:R}");

    public double Loss(Point[] points) => points.Average(p => Error(p) * Error(p));

    public Line Step(Point[] points, double rate) => new(
        Slope - (rate * 2 * points.Average(p => Error(p) * p.X)),
        Offset - (rate * 2 * points.Average(Error)));

    /// <summary>An SVG picture of the points and the line.</summary>
    public byte[] Draw(Point[] points)
    {
        var svg = new StringBuilder("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" width="800" height="600">""");
        svg.Append("""<rect width="400" height="300" fill="white"/>""");
        foreach (var point in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{X(point.X):0.0}" cy="{Y(point.Y):0.0}" r="3" fill="#4c78a8"/>""");
        }

        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<line x1="{X(0):0.0}" y1="{Y(Offset):0.0}" x2="{X(2):0.0}" y2="{Y((2 * Slope) + Offset):0.0}" stroke="#e45756" stroke-width="2"/>""");
        return Encoding.UTF8.GetBytes(svg.Append("</svg>").ToString());
    }

    private static double X(double x) => 20 + (180 * x);

    private static double Y(double y) => 280 - (60 * y);

    private double Error(Point point) => (Slope * point.X) + Offset - point.Y;
}
