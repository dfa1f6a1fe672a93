namespace PackRelay.TelemetryService.Metrics;

/// <summary>
/// A stretch of time cut into equal buckets. Buckets begin at multiples of their length since 1970, so that a curve does not shiver
/// from one second to the next, and the last one contains now.
/// </summary>
/// <param name="Name">As the client asked: <c>24h</c>.</param>
/// <param name="BucketSeconds">Length of a bucket; a whole number, so the buckets together may be a little longer than the window.</param>
/// <param name="FromUnixSeconds">Start of the first bucket.</param>
/// <param name="Buckets">Their number.</param>
internal sealed record MetricsWindow(string Name, long BucketSeconds, long FromUnixSeconds, int Buckets)
{
    public const string DefaultName = "24h";

    public const int DefaultBuckets = 48;

    public const int MostBuckets = 500;

    public const string Names = "1h, 6h, 24h, 7d or 30d";

    /// <summary>End of the last bucket, which it does not contain.</summary>
    public long ToUnixSeconds => FromUnixSeconds + (BucketSeconds * Buckets);

    /// <summary>Whether all of it is well younger than the raw series' 7 days.</summary>
    public bool IsShort => Name is "1h" or "6h" or "24h";

    /// <summary>Null when there is no such window.</summary>
    public static MetricsWindow? Of(string name, int buckets, DateTimeOffset now)
    {
        long? seconds = name switch { "1h" => 3_600, "6h" => 21_600, "24h" => 86_400, "7d" => 604_800, "30d" => 2_592_000, _ => null };
        if (seconds is not { } length) return null;
        var bucket = (length + buckets - 1) / buckets;
        var end = ((now.ToUnixTimeSeconds() / bucket) + 1) * bucket;
        return new(name, bucket, end - (bucket * buckets), buckets);
    }
}
