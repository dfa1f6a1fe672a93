namespace PackRelay.TelemetryService.Uptime;

/// <summary>Five-minute slots, numbered from 1970.</summary>
internal static class Slots
{
    public const int PerDay = 288;

    /// <summary>Slots of the 7 days that the uptime looks at, the current one included.</summary>
    public const int Window = 7 * PerDay;

    /// <summary>Days that are told one by one, today included.</summary>
    public const int Days = 90;

    public static TimeSpan Length { get; } = TimeSpan.FromMinutes(5);

    public static long Of(DateTimeOffset time) => (long)Math.Floor((time - DateTimeOffset.UnixEpoch) / Length);

    public static DateOnly DayOf(long slot) => Epoch.AddDays((int)(slot / PerDay));

    public static long FirstOf(DateOnly day) => (long)(day.DayNumber - Epoch.DayNumber) * PerDay;

    public static int InDay(long slot) => (int)(slot % PerDay);

    private static DateOnly Epoch => new(1970, 1, 1);
}
