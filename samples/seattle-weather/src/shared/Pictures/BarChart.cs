using System.Globalization;
using SkiaSharp;

namespace SeattleWeather.Pictures;

/// <summary>One bar of a <see cref="BarChart"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its length.</param>
/// <param name="Spread">Half the length of the whisker at its end.</param>
public sealed record Bar(string Name, double Value, double Spread);

/// <summary>Horizontal bars with whiskers, longest first as given.</summary>
public static class BarChart
{
    private const float RowHeight = 26;
    private const float Top = 92;

    /// <summary>Draws the bars into a PNG file.</summary>
    public static void Save(string path, string title, string subtitle, string axis, IReadOnlyList<Bar> bars)
    {
        using var sheet = new Sheet(760, (int)(Top + (bars.Count * RowHeight) + 70), title, subtitle);
        var left = Sheet.Margin + bars.Max(bar => Sheet.WidthOf(bar.Name, 13)) + 14;
        var right = sheet.Width - Sheet.Margin - 62;
        var bottom = Top + (bars.Count * RowHeight);
        var least = Math.Min(0, bars.Min(bar => bar.Value - bar.Spread));
        var most = Math.Max(1e-9, bars.Max(bar => bar.Value + bar.Spread));
        var step = NiceStep((most - least) / 8);
        least = Math.Floor(least / step) * step;
        most = Math.Ceiling(most / step) * step;
        float X(double value) => (float)(left + ((right - left) * (value - least) / (most - least)));

        for (var i = 0; i <= (int)Math.Round((most - least) / step); i++)
        {
            var value = least + (i * step);
            sheet.Line(X(value), Top - 6, X(value), bottom, Palette.Grid);
            sheet.Text(Number(value, step), X(value), bottom + 18, 11.5f, Palette.Muted, align: SKTextAlign.Center);
        }

        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            var middle = Top + (i * RowHeight) + (RowHeight / 2) - 3;
            var color = bar.Value > 0 ? Palette.Main : Palette.Faint;
            sheet.Text(bar.Name, left - 12, middle + 4.5f, 13, Palette.Ink, align: SKTextAlign.Right);
            sheet.Box(new SKRect(Math.Min(X(0), X(bar.Value)), middle - 8, Math.Max(X(0), X(bar.Value)), middle + 8), color, 3);
            var (from, to) = (X(bar.Value - bar.Spread), X(bar.Value + bar.Spread));
            sheet.Line(from, middle, to, middle, Palette.Ink, 1.2f);
            sheet.Line(from, middle - 4, from, middle + 4, Palette.Ink, 1.2f);
            sheet.Line(to, middle - 4, to, middle + 4, Palette.Ink, 1.2f);
            sheet.Text(bar.Value.ToString("0.0000", CultureInfo.InvariantCulture).Replace('-', '−'), sheet.Width - Sheet.Margin, middle + 4.5f, 12, Palette.Ink, align: SKTextAlign.Right);
        }

        sheet.Line(X(0), Top - 6, X(0), bottom, Palette.Muted);
        sheet.Text(axis, (left + right) / 2, bottom + 42, 12.5f, Palette.Muted, align: SKTextAlign.Center);
        sheet.Save(path);
    }

    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
    }

    private static string Number(double value, double step) =>
        (Math.Abs(value) < step / 2 ? 0 : value).ToString($"F{Math.Max(0, (int)-Math.Floor(Math.Log10(step)))}", CultureInfo.InvariantCulture).Replace('-', '−');
}
