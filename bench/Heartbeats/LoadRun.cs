using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace PackRelay.Heartbeats;

/// <summary>What came of a run.</summary>
internal sealed class LoadResult
{
    public LatencyHistogram Latencies { get; } = new();

    public long Sent;

    public long Acknowledged;

    public long Refused;

    /// <summary>Answers that were neither 200 nor 429.</summary>
    public long Failed;

    /// <summary>Connections that broke before the answer.</summary>
    public long Broken;

    /// <summary>Beats that were given up after all their attempts.</summary>
    public long GivenUp;

    public TimeSpan Elapsed { get; set; }

    public long SentBytes { get; set; }

    public long ReceivedBytes { get; set; }
}

/// <summary>
/// Sends beats over many connections. Open loop: each beat has its time, and its latency counts from that time on, whatever kept it waiting: our own queue,
/// the hub, or an attempt that failed. Closed loop: each connection sends its next beat when the last one is answered, which finds the maximum.
/// </summary>
internal sealed class LoadRun(Fleet fleet, Ledger ledger, Uri gateway, int connections)
{
    private const int MostAttempts = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100); // doubled before each further attempt

    /// <summary>Beats that are still without an answer this long after the end are given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LoadResult result = new();

    /// <summary>Sends every arrival at its time.</summary>
    public async Task<LoadResult> OpenAsync(Arrival[] arrivals, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(arrivals[^1].At + Patience);
        var due = Channel.CreateUnbounded<Arrival>(new() { SingleWriter = true });
        var started = Stopwatch.GetTimestamp();
        var workers = Work(async connection =>
        {
            await foreach (var arrival in due.Reader.ReadAllAsync(limit.Token))
            {
                await BeatAsync(connection, arrival.Server, limit.Token);
                result.Latencies.Record(Stopwatch.GetElapsedTime(started) - arrival.At);
            }
        });

        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var next = 0; next < arrivals.Length;)
        {
            for (var now = Stopwatch.GetElapsedTime(started); next < arrivals.Length && arrivals[next].At <= now; next++) due.Writer.TryWrite(arrivals[next]);
            await tick.WaitForNextTickAsync(limit.Token);
        }

        due.Writer.Complete();
        await workers;
        result.Elapsed = Stopwatch.GetElapsedTime(started);
        return result;
    }

    /// <summary>Beats with all connections as fast as answers come, one server after the other, until the time is over or so many beats were sent.</summary>
    public async Task<LoadResult> ClosedAsync(TimeSpan length, int first, int most, CancellationToken stop)
    {
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Work(async connection =>
        {
            for (var sentAt = Stopwatch.GetElapsedTime(started); sentAt < length; sentAt = Stopwatch.GetElapsedTime(started))
            {
                var beat = Interlocked.Increment(ref next);
                if (beat >= most) break;
                await BeatAsync(connection, (int)(((long)first + beat) % fleet.Count), stop);
                result.Latencies.Record(Stopwatch.GetElapsedTime(started) - sentAt);
            }
        });
        result.Elapsed = Stopwatch.GetElapsedTime(started);
        return result;
    }

    private async Task Work(Func<HubConnection, Task> work)
    {
        var opened = Enumerable.Range(0, connections).Select(_ => new HubConnection(gateway, fleet)).ToList();
        try
        {
            await Task.WhenAll(opened.Select(connection => Task.Run(() => work(connection))));
        }
        finally
        {
            result.SentBytes = opened.Sum(connection => connection.SentBytes);
            result.ReceivedBytes = opened.Sum(connection => connection.ReceivedBytes);
            opened.ForEach(connection => connection.Dispose());
        }
    }

    /// <summary>One beat with its repetitions. An answer that tells of an outage, or none at all, is worth another attempt; a refusal is not.</summary>
    private async Task BeatAsync(HubConnection connection, int server, CancellationToken stop)
    {
        for (var (attempt, pause) = (1, FirstPause); ; attempt++, pause *= 2)
        {
            var number = ledger.Begin(server);
            Interlocked.Increment(ref result.Sent);
            try
            {
                var answer = await connection.BeatAsync(server, number, stop);
                switch (answer.Status)
                {
                    case 200:
                        ledger.Acknowledge(server, number, answer.SeenAt);
                        Interlocked.Increment(ref result.Acknowledged);
                        return;
                    case 429:
                        ledger.Refuse(server, number);
                        Interlocked.Increment(ref result.Refused);
                        return;
                    case 500 or 502 or 503 or 504:
                        Interlocked.Increment(ref result.Failed);
                        break;
                    default:
                        throw new InvalidDataException($"The hub answered {answer.Status} to a beat of {Fleet.Slug(server)}.");
                }
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref result.Broken);
            }

            if (attempt == MostAttempts)
            {
                Interlocked.Increment(ref result.GivenUp);
                return;
            }

            await Task.Delay(pause, stop);
        }
    }
}
