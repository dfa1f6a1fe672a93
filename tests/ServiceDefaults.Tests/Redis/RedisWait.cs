using PackRelay.ServiceDefaults.Redis;
using PackRelay.Testing;

namespace PackRelay.ServiceDefaults.Tests.Redis;

internal static class RedisWait
{
    /// <summary>Until the client has a connection again.</summary>
    public static Task ForRecoveryAsync(RedisClient redis) => Wait.UntilAsync(
        async () =>
        {
            try
            {
                await redis.ExecuteAsync("PING"u8, []);
                return true;
            }
            catch (RedisUnavailableException)
            {
                return false;
            }
        },
        "Redis answers again");
}
