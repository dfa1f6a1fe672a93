namespace PackRelay.ServiceDefaults.Redis;

/// <summary>The few commands that are worth a typed method; everything else goes through <see cref="RedisClient.ExecuteAsync(ReadOnlySpan{byte}, ReadOnlySpan{RedisArgument}, CancellationToken)"/>.</summary>
public static class RedisCommands
{
    /// <summary>Value of a key; null when there is none.</summary>
    public static async Task<byte[]?> GetAsync(this RedisClient redis, string key, CancellationToken stop = default) =>
        (await redis.ExecuteAsync("GET"u8, [key], stop)).AsBytes();

    /// <summary>Sets a key, for ever or for a time of at least 1 ms.</summary>
    public static async Task SetAsync(this RedisClient redis, string key, RedisArgument value, TimeSpan? expiry = null, CancellationToken stop = default) =>
        await (expiry is { } time
            ? redis.ExecuteAsync("SET"u8, [key, value, "PX", (long)time.TotalMilliseconds], stop)
            : redis.ExecuteAsync("SET"u8, [key, value], stop));

    /// <summary>Sets a key for a time unless it exists; true when it was set. What a lease is made of.</summary>
    public static async Task<bool> SetIfMissingAsync(this RedisClient redis, string key, RedisArgument value, TimeSpan expiry, CancellationToken stop = default) =>
        !(await redis.ExecuteAsync("SET"u8, [key, value, "NX", "PX", (long)expiry.TotalMilliseconds], stop)).IsNull;

    /// <summary>Removes a key; false when there was none.</summary>
    public static async Task<bool> DeleteAsync(this RedisClient redis, string key, CancellationToken stop = default) =>
        (await redis.ExecuteAsync("DEL"u8, [key], stop)).AsInteger() == 1;

    /// <summary>Adds to a counter, which starts at 0, and tells its new value.</summary>
    public static async Task<long> IncrementAsync(this RedisClient redis, string key, long by = 1, CancellationToken stop = default) =>
        (await redis.ExecuteAsync("INCRBY"u8, [key, by], stop)).AsInteger();

    /// <summary>Lets a key end after a time; false when there is no such key.</summary>
    public static async Task<bool> ExpireAsync(this RedisClient redis, string key, TimeSpan after, CancellationToken stop = default) =>
        (await redis.ExecuteAsync("PEXPIRE"u8, [key, (long)after.TotalMilliseconds], stop)).AsInteger() == 1;

    /// <summary>All fields of a hash with their values as text; empty when there is no such key.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> GetHashAsync(this RedisClient redis, string key, CancellationToken stop = default)
    {
        var pairs = (await redis.ExecuteAsync("HGETALL"u8, [key], stop)).AsArray();
        var hash = new Dictionary<string, string>(pairs.Count / 2, StringComparer.Ordinal);
        for (var i = 0; i + 1 < pairs.Count; i += 2)
            hash[pairs[i].AsString()!] = pairs[i + 1].AsString()!;
        return hash;
    }

    /// <summary>Publishes a message; tells how many subscribers of this server got it.</summary>
    public static async Task<long> PublishAsync(this RedisClient redis, string channel, RedisArgument message, CancellationToken stop = default) =>
        (await redis.ExecuteAsync("PUBLISH"u8, [channel, message], stop)).AsInteger();
}
