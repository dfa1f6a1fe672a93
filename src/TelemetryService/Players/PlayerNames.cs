using System.Text.Json;
using Microsoft.Extensions.Options;
using PackRelay.ServiceDefaults.Redis;
using PackRelay.TelemetryService.Heartbeats;
using PackRelay.TelemetryService.Live;

namespace PackRelay.TelemetryService.Players;

/// <summary>
/// Who plays on the servers whose owners show it: the names of the last heartbeat, in Redis, for as long as the server may count as online. Names of
/// other servers are not kept anywhere. They are a courtesy: a heartbeat is good without them, so a Redis that is known to be away is not waited for.
/// </summary>
internal sealed class PlayerNames(RedisClient redis, IOptions<LiveOptions> options)
{
    private const string KeyPrefix = "telemetry:players:";

    /// <summary>Keeps the names of a batch of beats. Beats that were refused are not to be among them.</summary>
    public async Task KeepAsync(IReadOnlyList<Beat> beats, CancellationToken stop)
    {
        var batch = new RedisBatch();
        foreach (var beat in beats)
        {
            var key = Key(beat.Server.Id);
            if (beat.Reading is { Stopping: false, Players: { } names })
                batch.Add("SET"u8, key, JsonSerializer.SerializeToUtf8Bytes(names), "PX", (long)options.Value.OfflineAfter.TotalMilliseconds);
            else
                batch.Add("DEL"u8, key);
        }

        try
        {
            await redis.ExecuteAsync(batch, stop);
        }
        catch (Exception error) when (LiveState.IsOutage(error))
        {
            // The outage is logged where beats meet it.
        }
    }

    /// <summary>The names, in the order in which the server sent them; null when the last heartbeat named nobody, or was too long ago.</summary>
    /// <exception cref="RedisUnavailableException">Redis is away.</exception>
    public async Task<IReadOnlyList<string>?> FindAsync(Guid serverId, CancellationToken stop)
    {
        var kept = (await redis.ExecuteAsync("GET"u8, [Key(serverId)], stop)).AsBytes();
        return kept is null ? null : JsonSerializer.Deserialize<List<string>>(kept);
    }

    private static RedisArgument Key(Guid serverId) => $"{KeyPrefix}{serverId}";
}
