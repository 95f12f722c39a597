using System.Globalization;
using SkiaSharp;

namespace SeattleWeather.Pictures;

/// <summary>A confusion matrix of two classes.</summary>
public static class ConfusionChart
{
    private const float Left = 148;
    private const float Top = 132;
    private const float CellWidth = 190;
    private const float CellHeight = 132;
    private const float Gap = 6;

    /// <summary>Draws the matrix into a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">Head line.</param>
    /// <param name="subtitle">Line under it.</param>
    /// <param name="classes">The two classes.</param>
    /// <param name="counts">Counts by [what was][what was foretold].</param>
    public static void Save(string path, string title, string subtitle, IReadOnlyList<string> classes, IReadOnlyList<IReadOnlyList<int>> counts)
    {
        using var sheet = new Sheet(572, (int)(Top + (2 * CellHeight) + Gap + 36), title, subtitle);
        sheet.Text("foretold", Left + CellWidth + (Gap / 2), Top - 34, 12.5f, Palette.Muted, align: SKTextAlign.Center);
        sheet.Upwards("what came", Left - 84, Top + CellHeight + (Gap / 2), 12.5f, Palette.Muted);
        for (var was = 0; was < 2; was++)
        {
            var y = Top + (was * (CellHeight + Gap));
            var days = counts[was].Sum();
            sheet.Text(classes[was], Left - 14, y + (CellHeight / 2) + 4, 13.5f, Palette.Ink, bold: true, align: SKTextAlign.Right);
            for (var told = 0; told < 2; told++)
            {
                var x = Left + (told * (CellWidth + Gap));
                var share = days == 0 ? 0 : counts[was][told] / (double)days;
                var ink = share > 0.5 ? SKColors.White : Palette.Ink;
                sheet.Box(new SKRect(x, y, x + CellWidth, y + CellHeight), Palette.Shade(0.06 + (share * 0.94)), 8);
                sheet.Text(counts[was][told].ToString(CultureInfo.InvariantCulture), x + (CellWidth / 2), y + (CellHeight / 2) + 4, 32, ink, bold: true, align: SKTextAlign.Center);
                sheet.Text($"{share.ToString("0.0%", CultureInfo.InvariantCulture)} of {days}", x + (CellWidth / 2), y + (CellHeight / 2) + 30, 12.5f, ink, align: SKTextAlign.Center);
            }
        }

        for (var told = 0; told < 2; told++)
        {
            sheet.Text(classes[told], Left + (told * (CellWidth + Gap)) + (CellWidth / 2), Top - 12, 13.5f, Palette.Ink, bold: true, align: SKTextAlign.Center);
        }

        sheet.Save(path);
    }
}
