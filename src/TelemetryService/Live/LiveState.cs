using System.Diagnostics;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Live;

/// <summary>
/// The live state of all servers in Redis: one hash per server and one sorted set of last beats. While Redis is away this replica keeps its own
/// (<see cref="LocalLiveState"/>), which <see cref="LiveRestorer"/> brings over afterwards.
/// </summary>
internal sealed partial class LiveState(RedisClient redis, LocalLiveState local, IOptions<HeartbeatOptions> options, ILogger<LiveState> logger)
{
    public const string SeenKey = "telemetry:seen";

    public const string HashPrefix = "telemetry:live:";

    private const int ValuesPerBeat = 6;

    private const int IdBytes = 36;

    private const int KeyBytes = 15 + IdBytes; // the prefix and an id

    private static ReadOnlySpan<byte> Prefix => "telemetry:live:"u8;

    /// <summary>Hashes of servers that are gone end by themselves; a server that comes back later is just new.</summary>
    private static readonly TimeSpan HashLife = TimeSpan.FromDays(30);

    /// <summary>After a failure Redis is left alone for a moment, so that a hanging one does not cost every batch its time-out.</summary>
    private static readonly TimeSpan Detour = TimeSpan.FromSeconds(1);

    private readonly RedisBatch batch = new();

    private long detourUntil;

    private volatile bool failing;

    /// <summary>Takes a batch of beats and tells of each what it changes. One caller at a time.</summary>
    public async Task<Stamp[]> StampAsync(IReadOnlyList<Beat> beats, CancellationToken stop)
    {
        if (Stopwatch.GetTimestamp() < detourUntil) return local.Stamp(beats);
        try
        {
            var stamps = await StampInRedisAsync(beats, options.Value.MinimumInterval, batch, stop);
            if (failing) Recovered();
            failing = false;
            return stamps;
        }
        catch (Exception error) when (IsOutage(error))
        {
            if (!failing) Falling(error); // once per outage
            failing = true;
            detourUntil = Stopwatch.GetTimestamp() + (long)(Detour.TotalSeconds * Stopwatch.Frequency);
            return local.Stamp(beats);
        }
    }

    /// <summary>Brings beats over that were kept locally. They were accepted already, so no rate limit bears on them.</summary>
    public Task<Stamp[]> RestoreAsync(IReadOnlyList<Beat> beats, CancellationToken stop) => StampInRedisAsync(beats, TimeSpan.Zero, new(), stop);

    /// <summary>Redis failed, and no beat found it well again since: who can do without it does not try.</summary>
    public bool IsAway => failing;

    /// <summary>Beats that no store took do not count towards the limit: who sends them again is not to be refused for it.</summary>
    public async Task GiveBackAsync(IReadOnlyList<Beat> beats, CancellationToken stop)
    {
        local.GiveBack(beats);
        if (IsAway) return;
        var commands = new RedisBatch();
        foreach (var beat in beats) commands.Add("HINCRBY"u8, KeyOf(beat.Server.Id), "due", -(long)options.Value.MinimumInterval.TotalMilliseconds);
        try
        {
            await redis.ExecuteAsync(commands, stop);
        }
        catch (Exception error) when (IsOutage(error))
        {
            // The outage is logged where beats meet it.
        }
    }

    /// <summary>Notes what the database has committed. Failing to costs no more than asking the database once more.</summary>
    public async Task MarkAsync(IReadOnlyList<Mark> marks, CancellationToken stop)
    {
        local.Mark(marks);
        if (IsAway) return;
        var keys = new RedisArgument[marks.Count];
        var values = new RedisArgument[marks.Count * 4];
        for (var i = 0; i < marks.Count; i++)
        {
            keys[i] = KeyOf(marks[i].ServerId);
            values[i * 4] = marks[i].Generation;
            values[(i * 4) + 1] = marks[i].Online switch { true => 1, false => 0, null => "" };
            values[(i * 4) + 2] = marks[i].RecordedSlot is { } slot ? slot : "";
            values[(i * 4) + 3] = marks[i].UptimePct is { } uptime ? uptime : "";
        }

        try
        {
            await redis.ExecuteAsync(LiveScripts.Mark, keys, values, stop);
        }
        catch (Exception error) when (IsOutage(error))
        {
            // The outage is logged where beats meet it.
        }
    }

    public static bool IsOutage(Exception error) => error is RedisUnavailableException or RedisServerException;

    private async Task<Stamp[]> StampInRedisAsync(IReadOnlyList<Beat> beats, TimeSpan interval, RedisBatch commands, CancellationToken stop)
    {
        var keys = new RedisArgument[beats.Count + 1];
        var values = new RedisArgument[3 + (beats.Count * 6)];
        var names = new byte[beats.Count * KeyBytes]; // one piece of memory for all keys; each ends in the id
        keys[0] = SeenKey;
        values[0] = (long)interval.TotalMilliseconds;
        values[1] = (long)(interval * options.Value.Burst).TotalMilliseconds;
        values[2] = (long)HashLife.TotalMilliseconds;
        for (var i = 0; i < beats.Count; i++)
        {
            var (beat, at) = (beats[i], 3 + (i * 6));
            var key = names.AsMemory(i * KeyBytes, KeyBytes);
            WriteKey(beat.Server.Id, key.Span);
            keys[i + 1] = (ReadOnlyMemory<byte>)key;
            values[at] = (ReadOnlyMemory<byte>)key[^IdBytes..];
            values[at + 1] = beat.ReceivedAt.ToUnixTimeMilliseconds();
            values[at + 2] = Slots.Of(beat.ReceivedAt);
            values[at + 3] = beat.Reading.CurrentPlayers;
            values[at + 4] = beat.Reading.MaxPlayers is { } most ? most : "";
            values[at + 5] = beat.Reading.Stopping ? 1 : 0;
        }

        commands.Clear();
        commands.Add(LiveScripts.Stamp, keys, values);
        var reply = (await redis.ExecuteAsync(commands, stop))[0].AsArray();
        var stamps = new Stamp[beats.Count];
        for (var i = 0; i < stamps.Length; i++) stamps[i] = Read(reply, i * ValuesPerBeat);
        return stamps;
    }

    private static Stamp Read(IReadOnlyList<RedisReply> reply, int at)
    {
        double? uptime = reply[at + 3].AsInteger() is >= 0 and var tenths ? tenths / 10.0 : null;
        return new(
            TimeSpan.FromMilliseconds(reply[at].AsInteger()), reply[at + 1].AsInteger() == 1, reply[at + 2].AsInteger(), uptime, reply[at + 4].AsInteger(),
            IsOvertaken: reply[at + 5].AsInteger() == 1);
    }

    private static RedisArgument KeyOf(Guid serverId) => $"{HashPrefix}{serverId}";

    private static void WriteKey(Guid serverId, Span<byte> key)
    {
        Prefix.CopyTo(key);
        serverId.TryFormat(key[Prefix.Length..], out _);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not take the live state; this replica keeps it until it does")]
    private partial void Falling(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis takes the live state again")]
    private partial void Recovered();
}
