using SkiaSharp;

namespace SeattleWeather.Pictures;

/// <summary>The colours of all pictures.</summary>
internal static class Palette
{
    public static SKColor Ink { get; } = SKColor.Parse("#1b2733");

    public static SKColor Muted { get; } = SKColor.Parse("#5f6f7f");

    public static SKColor Grid { get; } = SKColor.Parse("#e4e9ee");

    public static SKColor Main { get; } = SKColor.Parse("#0f7b8a");

    public static SKColor Other { get; } = SKColor.Parse("#e0873a");

    public static SKColor Faint { get; } = SKColor.Parse("#b9c4ce");

    /// <summary>From white to <see cref="Main"/>.</summary>
    public static SKColor Shade(double strength)
    {
        byte Mix(byte full) => (byte)(255 - ((255 - full) * Math.Clamp(strength, 0, 1)));
        return new SKColor(Mix(Main.Red), Mix(Main.Green), Mix(Main.Blue));
    }
}
