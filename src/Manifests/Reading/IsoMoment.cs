using System.Globalization;

namespace PackRelay.Manifests.Reading;

/// <summary>A moment in ISO 8601 as publishers write it: UTC, to the second, with up to nine decimals.</summary>
internal static class IsoMoment
{
    public const string Rule = "must be a UTC time such as 2026-01-02T03:04:05Z, with at most nine decimals";

    private const string SecondsFormat = "yyyy-MM-dd'T'HH:mm:ss";
    private const int SecondsLength = 19;
    private const int MaxDecimals = 9;

    public static bool IsValid(string text) => TryParse(text, out _);

    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        if (text.Length <= SecondsLength || text[^1] != 'Z') return false;
        var decimals = text.AsSpan(SecondsLength..^1);
        if (!decimals.IsEmpty && (decimals[0] != '.' || decimals.Length is < 2 or > 1 + MaxDecimals || decimals[1..].ContainsAnyExceptInRange('0', '9'))) return false;
        if (!DateTimeOffset.TryParseExact(text.AsSpan(0, SecondsLength), SecondsFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment)) return false;
        var nanoseconds = decimals.ToString().TrimStart('.').PadRight(MaxDecimals, '0');
        moment = moment.AddTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
        return true;
    }
}
