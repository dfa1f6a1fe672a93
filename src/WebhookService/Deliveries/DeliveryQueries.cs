using Npgsql;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.WebhookService.Endpoints;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>What the owner of a webhook asks about its deliveries. Whose webhook it is, is settled before.</summary>
internal sealed class DeliveryQueries(NpgsqlDataSource db, SecretVault vault, TimeProvider clock)
{
    private const string ListColumns = "id, event, status, attempts, created_at, next_attempt_at, last_status_code, position";

    private const string ListPart = "AND ($2::text IS NULL OR event = $2) AND position < $3";

    private const string ListSql = $"SELECT {ListColumns} FROM deliveries WHERE endpoint_id = $1 {ListPart} ORDER BY position DESC LIMIT $4";

    private const string ListDeliveredSql = $"SELECT {ListColumns} FROM deliveries WHERE endpoint_id = $1 AND status = 'delivered' {ListPart} ORDER BY position DESC LIMIT $4";

    // These two are few beside the delivered, and have indexes of their own: a webhook that is well would have its whole log read to find none.
    internal const string ListFailedSql = $"SELECT {ListColumns} FROM deliveries WHERE endpoint_id = $1 AND status = 'failed' {ListPart} ORDER BY position DESC LIMIT $4";

    internal const string ListPendingSql = $"""
        SELECT * FROM (
            SELECT {ListColumns} FROM deliveries WHERE endpoint_id = $1 AND status = 'pending' AND round_attempts = 0 {ListPart}
            UNION ALL
            SELECT {ListColumns} FROM deliveries WHERE endpoint_id = $1 AND status = 'pending' AND round_attempts > 0 {ListPart}) AS pending
         ORDER BY position DESC LIMIT $4
        """;

    private const string FindSql = "SELECT event, status, created_at, next_attempt_at, last_status_code, body FROM deliveries WHERE endpoint_id = $1 AND id = $2";

    private const string AttemptsSql = "SELECT at, status_code, duration_ms, error, response_body FROM attempts WHERE delivery_id = $1 ORDER BY number DESC LIMIT 200";

    private const string RedeliverSql = """
        UPDATE deliveries SET status = 'pending', round_attempts = 0, next_attempt_at = $3 WHERE endpoint_id = $1 AND id = $2
        """; // one that is under way keeps its lease: its outcome stands

    private const string RedeliverDeliveredSql = """
        UPDATE deliveries SET status = 'pending', round_attempts = 0, next_attempt_at = $3
         WHERE id IN (SELECT id FROM deliveries WHERE endpoint_id = $1 AND status = 'delivered' AND created_at >= $2 ORDER BY position LIMIT $4)
        """;

    private const string RedeliverFailedSql = """
        UPDATE deliveries SET status = 'pending', round_attempts = 0, next_attempt_at = $3
         WHERE id IN (SELECT id FROM deliveries WHERE endpoint_id = $1 AND status = 'failed' AND created_at >= $2 ORDER BY position LIMIT $4)
        """;

    /// <summary>Newest first; one more than the limit shows that there are more.</summary>
    public Task<List<(ListDeliveries.Delivery Delivery, long Position)>> ListAsync(
        Guid endpointId, string? status, string? eventName, KeysetPage<long> page, CancellationToken stop) =>
        db.ListAsync(
            status switch
            {
                DeliveryStatus.Pending => ListPendingSql,
                DeliveryStatus.Delivered => ListDeliveredSql,
                DeliveryStatus.Failed => ListFailedSql,
                _ => ListSql,
            },
            row => (new ListDeliveries.Delivery(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetFieldValue<DateTimeOffset>(4), row.GetNullableValue<DateTimeOffset>(5),
                row.GetNullableValue<int>(6)), row.GetInt64(7)),
            stop, endpointId, eventName, page.Before, page.Rows);

    /// <summary>One delivery with its attempts; null when the webhook has no such delivery.</summary>
    public async Task<GetDelivery.Answer?> FindAsync(StoredEndpoint endpoint, Guid deliveryId, CancellationToken stop)
    {
        var attempts = await db.ListAsync(
            AttemptsSql,
            row => new GetDelivery.Attempt(
                row.GetFieldValue<DateTimeOffset>(0), row.GetNullableValue<int>(1), row.GetInt32(2), row.GetNullable<string>(3), row.GetNullable<string>(4)),
            stop, deliveryId);
        attempts.Reverse();
        return await db.FirstAsync(
            FindSql,
            row => new GetDelivery.Answer(
                deliveryId, row.GetString(0), row.GetString(1), attempts, row.GetFieldValue<DateTimeOffset>(2), row.GetNullableValue<DateTimeOffset>(3),
                row.GetNullableValue<int>(4), RequestOf(endpoint, deliveryId, row.GetString(0), row.GetFieldValue<byte[]>(5), attempts.Count > 0 ? attempts[^1].At : null)),
            stop, endpoint.Id, deliveryId);
    }

    /// <summary>Makes a delivery due again, with the same id and bytes. False when the webhook has no such delivery.</summary>
    public async Task<bool> RedeliverAsync(Guid endpointId, Guid deliveryId, CancellationToken stop) =>
        await db.ExecuteAsync(RedeliverSql, stop, endpointId, deliveryId, clock.GetUtcNow()) == 1;

    /// <summary>Makes the deliveries of a status due again, the oldest first. Gives their number.</summary>
    public Task<int> RedeliverAsync(Guid endpointId, string status, DateTimeOffset since, int most, CancellationToken stop) =>
        db.ExecuteAsync(status == DeliveryStatus.Failed ? RedeliverFailedSql : RedeliverDeliveredSql, stop, endpointId, since, clock.GetUtcNow(), most);

    private GetDelivery.SentRequest RequestOf(StoredEndpoint endpoint, Guid deliveryId, string eventName, byte[] body, DateTimeOffset? lastAttemptAt)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = DeliveryRequest.ContentType, ["User-Agent"] = DeliveryRequest.UserAgent };
        var at = lastAttemptAt ?? clock.GetUtcNow();
        if (vault.TryOpen(endpoint.Id, endpoint.Secret, out var secret))
            foreach (var (name, value) in DeliveryRequest.Headers(deliveryId, eventName, body, at, secret, previousSecret: null)) headers[name] = value;
        return new GetDelivery.SentRequest(headers, System.Text.Encoding.UTF8.GetString(body));
    }
}
