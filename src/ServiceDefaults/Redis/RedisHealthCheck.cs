using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PackRelay.ServiceDefaults.Redis;

/// <summary>Healthy when Redis answers a PING.</summary>
internal sealed class RedisHealthCheck(Func<RedisClient> resolve) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await resolve().ExecuteAsync("PING"u8, [], cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is RedisUnavailableException or RedisServerException or InvalidOperationException or FormatException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, error.Message, error);
        }
    }
}
