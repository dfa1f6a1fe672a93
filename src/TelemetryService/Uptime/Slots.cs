namespace PackRelay.TelemetryService.Uptime;

/// <summary>Five-minute slots, numbered from 1970.</summary>
internal static class Slots
{
    public const int PerDay = 288;

    /// <summary>Slots of the 7 days that the uptime looks at, the current one included.</summary>
    public const int Window = 7 * PerDay;

    public static TimeSpan Length { get; } = TimeSpan.FromMinutes(5);

    public static long Of(DateTimeOffset time) => (long)Math.Floor((time - DateTimeOffset.UnixEpoch) / Length);

    public static DateOnly DayOf(long slot) => DateOnly.FromDateTime(DateTimeOffset.UnixEpoch.AddDays(slot / PerDay).UtcDateTime);

    public static int InDay(long slot) => (int)(slot % PerDay);
}
