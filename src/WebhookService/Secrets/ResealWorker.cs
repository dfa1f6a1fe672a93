using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.WebhookService.Secrets;

/// <summary>After a change of keys: encrypts anew, once, what the previous key had encrypted, so that the previous key can be forgotten.</summary>
internal sealed partial class ResealWorker(
    SecretVault vault, NpgsqlDataSource db, IOptions<SecretOptions> options, TimeProvider clock, ILogger<ResealWorker> logger) : BackgroundService
{
    private const int BatchSize = 100;

    /// <summary>Until then replicas that know the previous key alone have been replaced; they could not read what is encrypted anew.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    private const string NextSql = """
        SELECT id, secret_key_id, secret, previous_secret_key_id, previous_secret FROM endpoints
         WHERE id > $1 AND (secret_key_id <> $2 OR previous_secret_key_id <> $2) ORDER BY id LIMIT $3
        """; // a walk over the primary key, once after a change of keys

    private const string UpdateSql = """
        UPDATE endpoints SET secret_key_id = $3, secret = $4, previous_secret_key_id = $5, previous_secret = $6 WHERE id = $1 AND secret = $2
        """; // one that is rotated meanwhile is encrypted with the present key already, but for its old secret, which ends by itself

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.PreviousSecretsKey is null) return;
        using var timer = new PeriodicTimer(Grace, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var count = await ResealAsync(stoppingToken);
                Resealed(count);
                return;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(error);
            }
        }
    }

    private async Task<int> ResealAsync(CancellationToken stop)
    {
        var count = 0;
        for (var last = Guid.Empty; ;)
        {
            var rows = await db.ListAsync(NextSql, Read, stop, last, vault.KeyId, BatchSize);
            foreach (var row in rows)
            {
                if (!vault.TryReseal(row.Id, row.Secret, out var secret)) continue; // a key before the previous one: its owner must rotate
                SealedSecret? previous = null;
                if (row.Previous is not null) vault.TryReseal(row.Id, row.Previous, out previous);
                count += await db.ExecuteAsync(UpdateSql, stop, row.Id, row.Secret.Bytes, secret.KeyId, secret.Bytes, previous?.KeyId, previous?.Bytes);
            }

            if (rows.Count < BatchSize) return count;
            last = rows[^1].Id;
        }
    }

    private static Row Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), new SealedSecret(row.GetString(1), row.GetFieldValue<byte[]>(2)),
        row.GetNullable<byte[]>(4) is { } previous ? new SealedSecret(row.GetString(3), previous) : null);

    [LoggerMessage(Level = LogLevel.Information, Message = "Encrypted {Count} webhook secrets anew; Webhooks:PreviousSecretsKey is not needed any more")]
    private partial void Resealed(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Encrypting webhook secrets anew failed; it is tried again in 5 minutes")]
    private partial void PassFailed(Exception error);

    private sealed record Row(Guid Id, SealedSecret Secret, SealedSecret? Previous);
}
