using System.Globalization;

namespace PackRelay.ServiceDefaults.Solder;

/// <summary>Moments as Solder writes them: UTC with six digits, <c>2026-03-31T12:00:00.000000Z</c>.</summary>
public static class SolderTime
{
    /// <summary>Writes a moment.</summary>
    public static string Write(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
