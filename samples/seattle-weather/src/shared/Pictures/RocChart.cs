using System.Globalization;
using SkiaSharp;

namespace SeattleWeather.Pictures;

/// <summary>One curve of a <see cref="RocChart"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its corners from (0, 0) to (1, 1).</param>
public sealed record Roc(string Name, IReadOnlyList<(double FalseAlarms, double Found)> Points);

/// <summary>ROC curves in one square; the first is the one that matters.</summary>
public static class RocChart
{
    private const float Left = 84;
    private const float Top = 92;
    private const float Side = 440;

    /// <summary>Draws the curves into a PNG file.</summary>
    public static void Save(string path, string title, string subtitle, IReadOnlyList<Roc> curves)
    {
        using var sheet = new Sheet(572, (int)(Top + Side) + 74, title, subtitle);
        float X(double value) => (float)(Left + (Side * value));
        float Y(double value) => (float)(Top + (Side * (1 - value)));
        for (var i = 0; i <= 5; i++)
        {
            var value = i / 5.0;
            var label = value.ToString("0%", CultureInfo.InvariantCulture);
            sheet.Line(X(value), Y(0), X(value), Y(1), Palette.Grid);
            sheet.Line(X(0), Y(value), X(1), Y(value), Palette.Grid);
            sheet.Text(label, X(value), Y(0) + 20, 11.5f, Palette.Muted, align: SKTextAlign.Center);
            sheet.Text(label, X(0) - 10, Y(value) + 4, 11.5f, Palette.Muted, align: SKTextAlign.Right);
        }

        Dashes(sheet, X(0), Y(0), X(1), Y(1));
        foreach (var (curve, i) in curves.Select((curve, i) => (curve, i)).Reverse())
        {
            using var line = new SKPathBuilder();
            line.MoveTo(X(0), Y(0));
            foreach (var (alarms, found) in curve.Points)
            {
                line.LineTo(X(alarms), Y(found));
            }

            using var drawn = line.Snapshot();
            using var paint = new SKPaint { Color = Color(i), IsStroke = true, StrokeWidth = i == 0 ? 3 : 2.2f, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true };
            sheet.Canvas.DrawPath(drawn, paint);
        }

        for (var i = 0; i < curves.Count; i++)
        {
            var y = Y(0) - 22 - ((curves.Count - 1 - i) * 24);
            var name = curves[i].Name;
            var x = X(1) - 18 - Sheet.WidthOf(name, 13);
            sheet.Line(x - 32, y - 4, x - 10, y - 4, Color(i), 3);
            sheet.Text(name, x, y, 13, Palette.Ink);
        }

        sheet.Text("false alarms (share of the dry days)", X(0.5), Y(0) + 46, 12.5f, Palette.Muted, align: SKTextAlign.Center);
        sheet.Upwards("rain found (share of the wet days)", X(0) - 52, Y(0.5), 12.5f, Palette.Muted);
        sheet.Save(path);
    }

    private static SKColor Color(int curve) => curve == 0 ? Palette.Main : Palette.Other;

    private static void Dashes(Sheet sheet, float x1, float y1, float x2, float y2)
    {
        using var dashes = SKPathEffect.CreateDash([5, 5], 0);
        using var paint = new SKPaint { Color = Palette.Faint, IsStroke = true, StrokeWidth = 1.4f, PathEffect = dashes, IsAntialias = true };
        sheet.Canvas.DrawLine(x1, y1, x2, y2, paint);
    }
}
