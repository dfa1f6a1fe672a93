using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.IdentityService.Callers;

/// <summary>Clears away, once an hour, what cannot be used any more: expired sessions, tokens that ended a month ago, those of the Solder dialect that ended, and those of clients that ended a day ago.</summary>
internal sealed partial class DeadCredentialsWorker(NpgsqlDataSource db, TimeProvider clock, ILogger<DeadCredentialsWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly TimeSpan TokensStay = TimeSpan.FromDays(30);

    private static readonly TimeSpan ClientTokensStay = TimeSpan.FromDays(1);

    private const string SessionsSql = "DELETE FROM sessions WHERE expires_at <= $1";

    private const string TokensSql = "DELETE FROM api_tokens WHERE least(revoked_at, expires_at) <= $1";

    private const string SolderTokensSql = "DELETE FROM solder_tokens WHERE expires_at <= $1"; // its lists do not show them

    private const string ClientTokensSql = "DELETE FROM client_tokens WHERE expires_at <= $1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var now = clock.GetUtcNow();
                var sessions = await db.ExecuteAsync(SessionsSql, stoppingToken, now);
                var tokens = await db.ExecuteAsync(TokensSql, stoppingToken, now - TokensStay) + await db.ExecuteAsync(SolderTokensSql, stoppingToken, now);
                var clientTokens = await db.ExecuteAsync(ClientTokensSql, stoppingToken, now - ClientTokensStay);
                Cleared(sessions, tokens, clientTokens);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error); // in an hour again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Cleared away {Sessions} sessions, {Tokens} API tokens and {ClientTokens} tokens of clients")]
    private partial void Cleared(int sessions, int tokens, int clientTokens);

    [LoggerMessage(Level = LogLevel.Error, Message = "Clearing away dead credentials failed")]
    private partial void PassFailed(Exception error);
}
