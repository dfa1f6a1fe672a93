using System.Runtime.InteropServices;

namespace PackRelay.Heartbeats;

/// <summary>When a server means to beat, counted from the start of the run.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Arrival(TimeSpan At, int Server);

/// <summary>What a schedule is made of.</summary>
/// <param name="Servers">Servers that beat, each as often as the others.</param>
/// <param name="BeatsPerSecond">Of all together, on average.</param>
/// <param name="Length">Of the run.</param>
/// <param name="SpikeShare">Share of the servers that beat in the first second of each period, as those do that were started by a clock; the others are spread over it.</param>
/// <param name="Burst">Beats that come on top within one second, in the middle of the run.</param>
internal sealed record ScheduleOptions(int Servers, double BeatsPerSecond, TimeSpan Length, double SpikeShare = 0, int Burst = 0);

/// <summary>Fixes all arrivals before the run: an open loop. Slow answers do not make the load smaller.</summary>
internal static class Schedule
{
    private const double JitterShare = 0.05; // of the pause between two beats, to either side

    public static Arrival[] Make(ScheduleOptions options, int seed)
    {
        var random = new Random(seed);
        var period = options.Servers / options.BeatsPerSecond;
        var arrivals = new List<Arrival>((int)(options.BeatsPerSecond * options.Length.TotalSeconds) + options.Burst);
        for (var server = 0; server < options.Servers; server++)
        {
            var spikes = random.NextDouble() < options.SpikeShare;
            var phase = random.NextDouble() * (spikes ? Math.Min(1, period) : period);
            for (var beat = phase; beat < options.Length.TotalSeconds; beat += period)
            {
                var jitter = ((random.NextDouble() * 2) - 1) * Math.Min(JitterShare * period, spikes ? 0.1 : 0.5);
                arrivals.Add(new(TimeSpan.FromSeconds(Math.Clamp(beat + jitter, 0, options.Length.TotalSeconds)), server));
            }
        }

        var begin = Math.Max(0, (options.Length.TotalSeconds / 2) - 0.5);
        for (var i = 0; i < options.Burst; i++) arrivals.Add(new(TimeSpan.FromSeconds(begin + ((double)i / options.Burst)), i % options.Servers));
        arrivals.Sort((left, right) => left.At.CompareTo(right.At));
        return [.. arrivals];
    }
}
