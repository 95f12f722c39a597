using System.Globalization;

namespace Cairn.Cli.Output;

/// <summary>Quantities as people like to read them.</summary>
internal static class Shown
{
    public static string Duration(TimeSpan time)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        return time switch
        {
            { TotalSeconds: < 0.9995 } => Text($"{Math.Max(0, time.TotalMilliseconds):0} ms"),
            { TotalSeconds: < 9.95 } => Text($"{time.TotalSeconds:0.0} s"),
            _ when whole.TotalSeconds < 60 => Text($"{whole.TotalSeconds:0} s"),
            _ when whole.TotalHours < 1 => Text($"{whole.Minutes} min {whole.Seconds:00} s"),
            _ when whole.TotalDays < 1 => Text($"{whole.Hours} h {whole.Minutes:00} min"),
            _ => Text($"{(int)whole.TotalDays} d {whole.Hours} h"),
        };
    }

    public static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = bytes;
        var unit = 0;
        while (size >= 999.5 && unit < units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return unit == 0 ? Text($"{bytes} B") : size < 9.95 ? Text($"{size:0.0} {units[unit]}") : Text($"{size:0} {units[unit]}");
    }

    /// <summary>"3 min ago", and the date where that says more.</summary>
    public static string Ago(long unixMilliseconds, DateTimeOffset now)
    {
        var then = DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
        var age = now - then;
        return age switch
        {
            { TotalSeconds: < 2 } => "just now",
            { TotalMinutes: < 1 } => Text($"{age.TotalSeconds:0} s ago"),
            { TotalHours: < 1 } => Text($"{age.TotalMinutes:0} min ago"),
            { TotalDays: < 1 } => Text($"{age.TotalHours:0} h ago"),
            { TotalDays: < 30 } => Text($"{age.TotalDays:0} d ago"),
            _ => then.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    public static string Time(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A metric with as many digits as say something.</summary>
    public static string Number(double value) =>
        value == Math.Round(value) && Math.Abs(value) < 1e15
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : value.ToString("G5", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
