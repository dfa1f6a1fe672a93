using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.WebhookService.Deliveries;
using PackRelay.WebhookService.Events;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Endpoints;

/// <summary>The statements about webhooks. Each names the account, so that no id of another account ever has an effect.</summary>
internal sealed class EndpointQueries(NpgsqlDataSource db, TimeProvider clock)
{
    private const string Columns = "id, url, events, packs, servers, description, enabled, disabled_reason, created_at, secret_key_id, secret, previous_secret_key_id, previous_secret, secret_number";

    private const string FindSql = $"SELECT {Columns} FROM endpoints WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL";

    private const string ListSql = $"SELECT {Columns} FROM endpoints WHERE account_id = $1 AND id < $2 AND deleted_at IS NULL ORDER BY id DESC LIMIT $3";

    private const string CountSql = "SELECT count(*) FROM endpoints WHERE account_id = $1 AND deleted_at IS NULL";

    // Two requests of one account at once could otherwise both find room for the last webhook.
    private const string LockAccountSql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

    private const string InsertSql = """
        INSERT INTO endpoints (id, account_id, url, events, packs, servers, description, secret_key_id, secret, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    // What is left out of a change stays as it is at that moment, not as it was when the request came: the hub itself disables a webhook meanwhile.
    private const string LockSql = $"{FindSql} FOR NO KEY UPDATE";

    private const string UpdateSql = $"""
        UPDATE endpoints SET url = $3, events = $4, packs = $5, servers = $6, description = $7, enabled = $8,
               disabled_reason = CASE WHEN $8 THEN NULL ELSE COALESCE(disabled_reason, 'owner') END,
               failing_since = CASE WHEN enabled AND url = $3 THEN failing_since END
         WHERE id = $1 AND account_id = $2
        RETURNING {Columns}
        """; // one that is enabled again, or that leads elsewhere now, has not failed yet

    // What was recorded before the filters were narrowed still goes out, to the URL of then: the credential must not lead it elsewhere.
    private const string WaitsBeyondSql = $"""
        SELECT EXISTS (SELECT FROM deliveries, (SELECT $2::text[] AS packs, $3::text[] AS servers) AS token
                        WHERE endpoint_id = $1 AND status = 'pending' AND (token.packs IS NOT NULL OR token.servers IS NOT NULL) AND NOT ({DeliveryQueries.WithinTokenSql}))
        """;

    // Marked only: with it would go a month of deliveries and attempts in one statement. RetentionWorker removes them in batches.
    private const string DeleteSql = """
        UPDATE endpoints SET deleted_at = $3, enabled = false, disabled_reason = 'deleted' WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL
        """;

    private const string DeleteAllSql = "UPDATE endpoints SET deleted_at = $2, enabled = false, disabled_reason = 'deleted' WHERE account_id = $1 AND deleted_at IS NULL";

    private const string RotateSql = """
        UPDATE endpoints SET previous_secret = secret, previous_secret_key_id = secret_key_id, previous_secret_expires_at = $5, secret_key_id = $3, secret = $4, secret_number = secret_number + 1
         WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL
        """; // the secret before the previous one stops signing here

    /// <summary>The caller's webhook; 404 when there is none of this id, 403 when the caller's token is restricted to something else.</summary>
    public async Task<EndpointLookup> OpenAsync(Guid id, Caller caller, CancellationToken stop)
    {
        var endpoint = await db.FirstAsync(FindSql, Read, stop, id, caller.AccountId);
        if (endpoint is null) return new EndpointLookup(ApiError.NotFound("webhook", id.ToString()));
        return EndpointRules.Admits(caller, endpoint.Settings) ? new EndpointLookup(endpoint) : new EndpointLookup(WebhookErrors.BeyondToken());
    }

    /// <summary>The account's webhooks, newest first.</summary>
    public Task<List<StoredEndpoint>> ListAsync(Guid accountId, KeysetPage<Guid> page, CancellationToken stop) => db.ListAsync(ListSql, Read, stop, accountId, page.Before, page.Rows);

    /// <summary>Stores a new webhook. Null when the account has <paramref name="limit"/> already.</summary>
    public Task<StoredEndpoint?> CreateAsync(Guid id, Actor actor, EndpointSettings settings, SealedSecret secret, int limit, CancellationToken stop) =>
        db.InTransactionAsync<StoredEndpoint?>(
            async connection =>
            {
                var accountId = actor.Caller.AccountId;
                await connection.ExecuteAsync(LockAccountSql, stop, accountId.ToString());
                if (await connection.ScalarAsync<long>(CountSql, stop, accountId) >= limit) return null;
                var now = clock.GetUtcNow();
                await connection.ExecuteAsync(
                    InsertSql, stop, id, accountId, settings.Url, settings.Events, settings.Packs, settings.Servers, settings.Description, secret.KeyId, secret.Bytes, now);
                await connection.AuditAsync(actor.Did(AuditActions.WebhookCreated, $"webhook:{id}", now), stop);
                return new StoredEndpoint(id, settings, Enabled: true, DisabledReason: null, now, secret, PreviousSecret: null, SecretNumber: 1);
            },
            stop);

    /// <summary>Changes a webhook that nobody else changes meanwhile; 404 when there is none of this id.</summary>
    /// <param name="id">The webhook.</param>
    /// <param name="actor">Its owner.</param>
    /// <param name="change">Gives the webhook as it shall be, or the error to answer with.</param>
    /// <param name="stop">Leaves it as it was.</param>
    public Task<EndpointLookup> UpdateAsync(Guid id, Actor actor, Func<StoredEndpoint, EndpointLookup> change, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            var accountId = actor.Caller.AccountId;
            if (await connection.FirstAsync(LockSql, Read, stop, id, accountId) is not { } present) return new EndpointLookup(ApiError.NotFound("webhook", id.ToString()));
            if (!change(present).TryGet(out var wanted, out var error)) return new EndpointLookup(error);
            var settings = wanted.Settings;
            if (settings.Url != present.Settings.Url && await connection.ScalarAsync<bool>(WaitsBeyondSql, stop, id, actor.Caller.PackSubjects(), actor.Caller.ServerSubjects()))
                return new EndpointLookup(WebhookErrors.WaitingBeyondToken());
            var updated = await connection.FirstAsync(
                UpdateSql, Read, stop, id, accountId, settings.Url, settings.Events, settings.Packs, settings.Servers, settings.Description, wanted.Enabled);
            if (settings.Url != present.Settings.Url) await connection.AuditAsync(actor.Did(AuditActions.WebhookUrlChanged, $"webhook:{id}", clock.GetUtcNow()), stop);
            return new EndpointLookup(updated!);
        },
        stop);

    public Task<bool> DeleteAsync(Guid id, Actor actor, CancellationToken stop) =>
        ChangeAsync(id, actor, AuditActions.WebhookDeleted, DeleteSql, [id, actor.Caller.AccountId, clock.GetUtcNow()], stop);

    /// <summary>Deletes all of an account's; gives their number.</summary>
    public Task<int> DeleteAllAsync(Guid accountId, CancellationToken stop) => db.ExecuteAsync(DeleteAllSql, stop, accountId, clock.GetUtcNow());

    public Task<bool> RotateAsync(Guid id, Actor actor, SealedSecret secret, DateTimeOffset previousExpiresAt, CancellationToken stop) =>
        ChangeAsync(id, actor, AuditActions.WebhookSecretRotated, RotateSql, [id, actor.Caller.AccountId, secret.KeyId, secret.Bytes, previousExpiresAt], stop);

    private Task<bool> ChangeAsync(Guid id, Actor actor, string action, string sql, object?[] parameters, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            if (await connection.ExecuteAsync(sql, stop, parameters) == 0) return false;
            await connection.AuditAsync(actor.Did(action, $"webhook:{id}", clock.GetUtcNow()), stop);
            return true;
        },
        stop);

    private static StoredEndpoint Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        new EndpointSettings(row.GetString(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4), row.GetNullable<string>(5)),
        row.GetBoolean(6), row.GetNullable<string>(7), row.GetFieldValue<DateTimeOffset>(8), new SealedSecret(row.GetString(9), row.GetFieldValue<byte[]>(10)),
        row.GetNullable<byte[]>(12) is { } previous ? new SealedSecret(row.GetString(11), previous) : null, row.GetInt32(13));
}
