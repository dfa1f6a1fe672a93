using Microsoft.Extensions.Hosting;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>Connects while the application starts.</summary>
internal sealed class RedisActivation(RedisClient client, bool abortOnConnectFail) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.ConnectAsync(cancellationToken);
        }
        catch (RedisUnavailableException) when (!abortOnConnectFail)
        {
            // The client has logged it and keeps trying.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
