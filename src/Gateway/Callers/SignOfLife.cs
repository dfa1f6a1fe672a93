using PackRelay.ServiceDefaults.Discovery;
using PackRelay.ServiceDefaults.Redis;

namespace PackRelay.Gateway.Callers;

/// <summary>Says in Redis, for as long as it is so, that this gateway runs and that Identity answers it.</summary>
internal sealed class SignOfLife(IHttpClientFactory clients, RedisClient redis, TimeProvider clock) : BackgroundService
{
    private static readonly Uri Health = new(GatewaySign.IdentityHealth, UriKind.Relative);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(GatewaySign.Interval, clock);
        do
        {
            try
            {
                await GiveAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested && error is HttpRequestException or OperationCanceledException or RedisUnavailableException or RedisServerException)
            {
                // No sign is the sign. Requests meet the outage as well, and it is counted there.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Gives the sign if there is reason to.</summary>
    internal async Task GiveAsync(CancellationToken stop)
    {
        using var identity = clients.CreateClient("identity");
        using var answer = await identity.GetAsync(Health, stop);
        if (answer.IsSuccessStatusCode) await redis.SetAsync(GatewaySign.Key, 1, GatewaySign.Lifetime, stop);
    }
}
