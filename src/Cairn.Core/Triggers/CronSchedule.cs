using Cronos;

namespace Cairn.Core.Triggers;

/// <summary>Times by cron's fields, in a time zone: clocks that are put forward or back skip and double no tick.</summary>
public sealed class CronSchedule
{
    private readonly CronExpression expression;
    private readonly TimeZoneInfo zone;

    private CronSchedule(CronExpression expression, TimeZoneInfo zone)
    {
        this.expression = expression;
        this.zone = zone;
    }

    /// <param name="schedule">Five fields, six with seconds first, or <c>@daily</c> and the like.</param>
    /// <param name="timeZone">A name such as Europe/Berlin; null means UTC.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field.</exception>
    public static CronSchedule Parse(string schedule, string? timeZone)
    {
        TimeZoneInfo zone;
        try
        {
            zone = string.IsNullOrEmpty(timeZone) ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        }
        catch (Exception fault) when (fault is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException)
        {
            throw CairnException.Invalid("timezone", $"The time zone '{timeZone}' is not known on the server's machine. Use a name such as Europe/Berlin or UTC.");
        }

        try
        {
            var fields = schedule.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
            var expression = CronExpression.Parse(schedule, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
            return new CronSchedule(expression, zone);
        }
        catch (CronFormatException fault)
        {
            throw CairnException.Invalid("schedule", $"'{(schedule.Length > 60 ? schedule[..60] : schedule)}' is no schedule: {fault.Message} Write five fields such as '0 3 * * 1-5' (minute, hour, day, month, weekday).");
        }
    }

    /// <summary>The first tick after a time, both Unix milliseconds; null where none will ever come.</summary>
    public long? Next(long after) =>
        expression.GetNextOccurrence(DateTimeOffset.FromUnixTimeMilliseconds(after), zone)?.ToUnixTimeMilliseconds();
}
