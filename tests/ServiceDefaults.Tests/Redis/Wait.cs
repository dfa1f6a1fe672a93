using System.Diagnostics;

namespace PackRelay.ServiceDefaults.Tests.Redis;

internal static class Wait
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"Not within {Patience}: {what}");
            await Task.Delay(20);
        }
    }

    /// <summary>Until the client has a connection again.</summary>
    public static Task ForRecoveryAsync(PackRelay.ServiceDefaults.Redis.RedisClient redis) => UntilAsync(
        async () =>
        {
            try
            {
                await redis.ExecuteAsync("PING"u8, []);
                return true;
            }
            catch (PackRelay.ServiceDefaults.Redis.RedisUnavailableException)
            {
                return false;
            }
        },
        "Redis answers again");
}
