using System.Numerics;

namespace PackRelay.Heartbeats;

/// <summary>Counts latencies in buckets that are at most 1.6 % wide, from 1 µs to days, without locks.</summary>
internal sealed class LatencyHistogram
{
    // 64 buckets for each power of two; below 128 µs every microsecond has its own.
    private const int SubBucketBits = 6;

    private readonly long[] counts = new long[(64 - SubBucketBits) << SubBucketBits];

    private long max;

    public long Count => counts.Sum();

    /// <summary>The longest one, exactly.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(Volatile.Read(ref max));

    public void Record(TimeSpan latency)
    {
        var microseconds = Math.Max(0, (long)latency.TotalMicroseconds);
        Interlocked.Increment(ref counts[IndexOf(microseconds)]);
        var seen = Volatile.Read(ref max);
        while (microseconds > seen && Interlocked.CompareExchange(ref max, microseconds, seen) is var now && now != seen) seen = now;
    }

    /// <summary>The latency that this share of all stayed below or at, rounded up to its bucket's end; zero when nothing was recorded.</summary>
    public TimeSpan Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (var index = 0; index < counts.Length; index++)
        {
            rank -= counts[index];
            if (rank <= 0) return TimeSpan.FromMicroseconds(Math.Min(EndOf(index), max));
        }

        return Max;
    }

    private static int IndexOf(long microseconds)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)microseconds) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(microseconds >> shift);
    }

    private static long EndOf(int index)
    {
        var shift = Math.Max(0, (index >> SubBucketBits) - 1);
        return ((index - ((long)shift << SubBucketBits) + 1) << shift) - 1;
    }
}
