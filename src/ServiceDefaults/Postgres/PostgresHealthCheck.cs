using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace PackRelay.ServiceDefaults.Postgres;

internal sealed class PostgresHealthCheck(NpgsqlDataSource db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await db.ScalarAsync<int>("SELECT 1", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException error)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "the database does not answer", error);
        }
    }
}
