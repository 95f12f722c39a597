using SkiaSharp;

namespace SeattleWeather.Pictures;

/// <summary>A sheet to draw a chart on: title and subtitle at the head, text in a typeface that travels with the program.</summary>
internal sealed class Sheet : IDisposable
{
    /// <summary>Pixels for each unit, so that pictures stay sharp on dense screens.</summary>
    private const int Scale = 2;

    // A machine without fonts is common (containers), and the same run should give the same picture everywhere.
    private static readonly SKTypeface Regular = Typeface("Inter-Regular");
    private static readonly SKTypeface SemiBold = Typeface("Inter-SemiBold");

    private readonly SKSurface surface;

    public Sheet(int width, int height, string title, string subtitle)
    {
        Width = width;
        surface = SKSurface.Create(new SKImageInfo(width * Scale, height * Scale));
        Canvas = surface.Canvas;
        Canvas.Scale(Scale);
        Canvas.Clear(SKColors.White);
        Text(title, Margin, 40, 19, Palette.Ink, bold: true);
        Text(subtitle, Margin, 62, 12.5f, Palette.Muted);
    }

    /// <summary>Free space at the edges.</summary>
    public static float Margin => 32;

    public int Width { get; }

    public SKCanvas Canvas { get; }

    public void Text(string text, float x, float y, float size, SKColor color, bool bold = false, SKTextAlign align = SKTextAlign.Left)
    {
        using var font = new SKFont(bold ? SemiBold : Regular, size) { Subpixel = true, Hinting = SKFontHinting.None };
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        Canvas.DrawText(text, x, y, align, font, paint);
    }

    /// <summary>Text that reads upwards, centred on a point.</summary>
    public void Upwards(string text, float x, float y, float size, SKColor color)
    {
        Canvas.Save();
        Canvas.RotateDegrees(-90, x, y);
        Text(text, x, y, size, color, align: SKTextAlign.Center);
        Canvas.Restore();
    }

    public void Line(float x1, float y1, float x2, float y2, SKColor color, float width = 1)
    {
        using var paint = new SKPaint { Color = color, StrokeWidth = width, IsAntialias = true };
        Canvas.DrawLine(x1, y1, x2, y2, paint);
    }

    public void Box(SKRect rect, SKColor color, float radius)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        Canvas.DrawRoundRect(rect, radius, radius, paint);
    }

    public static float WidthOf(string text, float size)
    {
        using var font = new SKFont(Regular, size) { Subpixel = true, Hinting = SKFontHinting.None };
        return font.MeasureText(text);
    }

    public void Save(string path)
    {
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        using var file = File.Create(path);
        data.SaveTo(file);
    }

    public void Dispose() => surface.Dispose();

    private static SKTypeface Typeface(string name)
    {
        using var stream = typeof(Sheet).Assembly.GetManifestResourceStream(name)!;
        return SKTypeface.FromStream(stream);
    }
}
