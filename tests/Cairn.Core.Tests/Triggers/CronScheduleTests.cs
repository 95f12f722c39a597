using System.Globalization;
using Cairn.Core.Triggers;

namespace Cairn.Core.Tests.Triggers;

public sealed class CronScheduleTests
{
    /// <summary>Berlin goes from 2 to 3 on 29 March 2026, and from 3 back to 2 on 25 October.</summary>
    [Theory]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z")]
    [InlineData("0 4 1 * *", null, "2026-01-15T00:00Z", "2026-02-01T04:00Z", "2026-03-01T04:00Z")]
    [InlineData("@daily", "America/Los_Angeles", "2026-01-15T00:00Z", "2026-01-15T08:00Z", "2026-01-16T08:00Z")]
    [InlineData("*/30 * * * * *", null, "2026-01-15T00:00Z", "2026-01-15T00:00:30Z", "2026-01-15T00:01Z")]
    public void Clocks_that_are_changed_skip_and_double_no_tick(string schedule, string? zone, string after, string first, string second)
    {
        var cron = CronSchedule.Parse(schedule, zone);
        var tick = cron.Next(Time(after));
        Assert.Equal((Time(first), Time(second)), (tick, cron.Next(tick!.Value)));
    }

    private static long Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
