using Cairn.Cli.Output;
using Cairn.Cli.Parsing;

namespace Cairn.Cli.Tests;

public sealed class OutputTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(999.9, "1.0 s")]
    [InlineData(1249, "1.2 s")]
    [InlineData(9960, "10 s")]
    [InlineData(59_600, "1 min 00 s")]
    [InlineData(125_000, "2 min 05 s")]
    [InlineData(3_720_000, "1 h 02 min")]
    [InlineData(90_000_000, "1 d 1 h")]
    public void Durations_read_well(double milliseconds, string shown) => Assert.Equal(shown, Shown.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(48_210, "48 kB")]
    [InlineData(999_999, "1.0 MB")]
    [InlineData(5_000_000_000_000, "5.0 TB")]
    public void Sizes_read_well(long bytes, string shown) => Assert.Equal(shown, Shown.Size(bytes));

    [Theory]
    [InlineData(3, "3")]
    [InlineData(0.541912, "0.54191")]
    [InlineData(1e-9, "1E-09")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_read_well(double value, string shown) => Assert.Equal(shown, Shown.Number(value));

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("\u001b[31mred\u001b[0m", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🙂", 2)]
    public void Width_is_what_a_terminal_shows(string text, int width) => Assert.Equal(width, TextWidth.Of(text));

    [Fact]
    public void A_table_fits_its_width_by_cutting_the_widest_column()
    {
        var table = new Table("ID", "NAME", "N").RightAlign(2);
        table.Add("a1", new string('x', 60), "7");
        table.Add("b2", "日本", "123");
        var lines = table.Render(new Ink(false), 30).Split('\n');
        Assert.Equal("a1  " + new string('x', 20) + "…    7", lines[1]);
        Assert.All(lines, line => Assert.True(TextWidth.Of(line) <= 30));
        Assert.Contains(new string('x', 60), table.Render(new Ink(false), null), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_from_elsewhere_cannot_steer_the_terminal() =>
        Assert.Equal("a\ufffd[2Jb⏎c", TextWidth.Safe("a\u001b[2Jb\nc"));

    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    public void Spans_of_time_are_read(string text, double seconds) => Assert.Equal(seconds, TimeText.Parse(text, "--timeout")!.Value.TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1s")]
    [InlineData("5x")]
    [InlineData("s")]
    [InlineData("1e300")]
    [InlineData("100d")]
    public void Other_spans_are_refused(string text) => Assert.Throws<UsageException>(() => TimeText.Parse(text, "--timeout"));
}
