using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Callers;

/// <summary>Clears away, once an hour, what cannot be used any more: expired sessions, and tokens that ended a month ago.</summary>
internal sealed partial class DeadCredentialsWorker(NpgsqlDataSource db, TimeProvider clock, ILogger<DeadCredentialsWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly TimeSpan TokensStay = TimeSpan.FromDays(30);

    private const string SessionsSql = "DELETE FROM sessions WHERE expires_at <= $1";

    private const string TokensSql = "DELETE FROM api_tokens WHERE least(revoked_at, expires_at) <= $1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var now = clock.GetUtcNow();
                var sessions = await db.ExecuteAsync(SessionsSql, stoppingToken, now);
                var tokens = await db.ExecuteAsync(TokensSql, stoppingToken, now - TokensStay);
                Cleared(sessions, tokens);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error); // in an hour again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Cleared away {Sessions} sessions and {Tokens} API tokens")]
    private partial void Cleared(int sessions, int tokens);

    [LoggerMessage(Level = LogLevel.Error, Message = "Clearing away dead credentials failed")]
    private partial void PassFailed(Exception error);
}
