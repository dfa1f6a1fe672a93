using System.Text;
using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.WebhookService.Endpoints;
using PackRelay.WebhookService.Events;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>
/// What the owner of a webhook asks about its deliveries. Whose webhook it is, is settled before; not so what its deliveries are about: its filters may have been wider when they were
/// made, so each statement asks for the credential's own restriction.
/// </summary>
internal sealed class DeliveryQueries(NpgsqlDataSource db, SentRequests requests, TimeProvider clock)
{
    // Of a delivery's row and a row "token" with the subjects that the credential is restricted to, or nulls. That a server took up a pack tells of both, and its subject is the server.
    internal const string WithinTokenSql = $"""
        (token.packs IS NULL
            OR CASE WHEN event = '{EventNames.ServerPackAttached}' THEN 'pack:' || (convert_from(body, 'UTF8')::json #>> ARRAY['data', 'pack', 'slug']) = ANY (token.packs)
                    ELSE subject NOT LIKE 'pack:%' OR subject = ANY (token.packs) END)
        AND (token.servers IS NULL OR subject NOT LIKE 'server:%' OR subject = ANY (token.servers))
        """;

    private const string ListColumns = "id, event, status, attempts, created_at, next_attempt_at, last_status_code, position";

    // The newest of each status and event are few to read, and each stand in a row in the index; a filter over a log, or over a queue, would have all of it read to find none.
    internal const string ListSql = $"""
        SELECT newest.* FROM (SELECT $6::text[] AS packs, $7::text[] AS servers) AS token CROSS JOIN unnest($2::text[]) AS wanted (status) CROSS JOIN unnest($3::text[]) AS wanted_event (name)
         CROSS JOIN LATERAL (
            SELECT {ListColumns} FROM deliveries d
             WHERE d.endpoint_id = $1 AND d.status = wanted.status AND d.event = wanted_event.name AND d.position < $4 AND {WithinTokenSql} ORDER BY d.position DESC LIMIT $5) AS newest
         ORDER BY newest.position DESC LIMIT $5
        """;

    private const string FindSql = $"""
        SELECT event, status, created_at, next_attempt_at, last_status_code, body FROM deliveries, (SELECT $3::text[] AS packs, $4::text[] AS servers) AS token
         WHERE endpoint_id = $1 AND id = $2 AND {WithinTokenSql}
        """;

    private const string AttemptsSql = """
        SELECT at, status_code, duration_ms, error, response_body, secret_number, signed_twice FROM attempts WHERE delivery_id = $1 ORDER BY number DESC LIMIT 200
        """;

    private const string RedeliverSql = $"""
        UPDATE deliveries SET status = 'pending', round_attempts = 0, next_attempt_at = $3 FROM (SELECT $4::text[] AS packs, $5::text[] AS servers) AS token
         WHERE endpoint_id = $1 AND id = $2 AND {WithinTokenSql}
        """; // one that is under way keeps its lease: its outcome stands

    // The status stands in the text, not in a parameter, so that the planner sees which index has just these rows; and the ids come as an array, each to be looked up: it would take them for
    // a good part of the table, which it would read for them.
    internal const string RedeliverDeliveredSql = $"{ChooseSql} AND status = '{DeliveryStatus.Delivered}' {QueueSql} AND status = '{DeliveryStatus.Delivered}' {CountSql}";

    internal const string RedeliverFailedSql = $"{ChooseSql} AND status = '{DeliveryStatus.Failed}' {QueueSql} AND status = '{DeliveryStatus.Failed}' {CountSql}";

    private const string ChooseSql = $"""
        WITH chosen AS MATERIALIZED (
            SELECT id, created_at, position FROM deliveries, (SELECT $6::text[] AS packs, $7::text[] AS servers) AS token
             WHERE endpoint_id = $1 AND (created_at, position) > ($2, $3) AND {WithinTokenSql}
        """;

    private const string QueueSql = """
             ORDER BY created_at, position LIMIT $4),
        queued AS (
            UPDATE deliveries SET status = 'pending', round_attempts = 0, next_attempt_at = $5 WHERE id = ANY (ARRAY(SELECT id FROM chosen))
        """;

    private const string CountSql = """
            RETURNING id)
        SELECT (SELECT count(*) FROM queued)::int, (SELECT count(*) FROM chosen)::int, created_at, position FROM chosen ORDER BY created_at DESC, position DESC LIMIT 1
        """;

    /// <summary>Newest first; one more than the limit shows that there are more.</summary>
    public Task<List<(ListDeliveries.Delivery Delivery, long Position)>> ListAsync(
        Guid endpointId, Caller caller, string? status, string? eventName, KeysetPage<long> page, CancellationToken stop) =>
        db.ListAsync(
            ListSql,
            row => (new ListDeliveries.Delivery(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetFieldValue<DateTimeOffset>(4), row.GetNullableValue<DateTimeOffset>(5),
                row.GetNullableValue<int>(6)), row.GetInt64(7)),
            stop, endpointId, status is null ? [.. DeliveryStatus.All] : new[] { status }, eventName is null ? [.. EventNames.All] : new[] { eventName }, page.Before, page.Rows,
            caller.PackSubjects(), caller.ServerSubjects());

    /// <summary>One delivery with its attempts; null when the webhook has no such delivery, or none that the caller may see.</summary>
    public async Task<GetDelivery.Answer?> FindAsync(StoredEndpoint endpoint, Guid deliveryId, Caller caller, CancellationToken stop)
    {
        // Before the delivery: what is read of it then tells of these attempts too, should another be written down in between.
        var stored = await db.ListAsync(
            AttemptsSql,
            row => new StoredAttempt(
                row.GetFieldValue<DateTimeOffset>(0), row.GetNullableValue<int>(1), row.GetInt32(2), row.GetNullable<string>(3), row.GetNullable<string>(4),
                row.GetNullableValue<int>(5) is { } number ? new Signing(number, row.GetBoolean(6)) : null),
            stop, deliveryId);
        var found = await db.FirstAsync(
            FindSql,
            row => new Found(
                row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetNullableValue<DateTimeOffset>(3), row.GetNullableValue<int>(4),
                row.GetFieldValue<byte[]>(5)),
            stop, endpoint.Id, deliveryId, caller.PackSubjects(), caller.ServerSubjects());
        if (found is null) return null;

        var attempts = stored.ConvertAll(attempt => new GetDelivery.Attempt(
            attempt.At, attempt.StatusCode, attempt.DurationMs, attempt.Error, attempt.ResponseBody,
            requests.HeadersOf(endpoint, deliveryId, found.Event, found.Body, attempt.At, attempt.Signing)));
        attempts.Reverse();
        var headers = attempts.Count > 0 ? attempts[^1].RequestHeaders : requests.HeadersOf(endpoint, deliveryId, found.Event, found.Body, at: null, signing: null);
        return new GetDelivery.Answer(
            deliveryId, found.Event, found.Status, attempts, found.CreatedAt, found.NextAttemptAt, found.LastStatusCode,
            new GetDelivery.SentRequest(headers, Encoding.UTF8.GetString(found.Body)));
    }

    /// <summary>Makes a delivery due again, with the same id and bytes. False when the webhook has no such delivery, or none that the caller may see.</summary>
    public async Task<bool> RedeliverAsync(Guid endpointId, Guid deliveryId, Caller caller, CancellationToken stop) =>
        await db.ExecuteAsync(RedeliverSql, stop, endpointId, deliveryId, clock.GetUtcNow(), caller.PackSubjects(), caller.ServerSubjects()) == 1;

    /// <summary>Makes the deliveries of a status due again, the oldest first.</summary>
    /// <param name="endpointId">The webhook.</param>
    /// <param name="caller">Whose restriction leaves out what it may not see.</param>
    /// <param name="status"><c>failed</c> or <c>delivered</c>.</param>
    /// <param name="behind">The place in the log to go on behind. Those that went out again stand at their old places: by their time alone the same ones would come again.</param>
    /// <param name="most">Most deliveries at once.</param>
    /// <param name="stop">Leaves all as it was.</param>
    public async Task<Redelivered> RedeliverAsync(Guid endpointId, Caller caller, string status, LogPlace behind, int most, CancellationToken stop) =>
        await db.FirstAsync(
            status == DeliveryStatus.Failed ? RedeliverFailedSql : RedeliverDeliveredSql,
            row => new Redelivered(row.GetInt32(0), row.GetInt32(1) == most, new LogPlace(row.GetFieldValue<DateTimeOffset>(2), row.GetInt64(3))),
            stop, endpointId, behind.CreatedAt, behind.Position, most, clock.GetUtcNow(), caller.PackSubjects(), caller.ServerSubjects()) ?? new Redelivered(0, HasMore: false, behind);

    private sealed record StoredAttempt(DateTimeOffset At, int? StatusCode, int DurationMs, string? Error, string? ResponseBody, Signing? Signing);

    private sealed record Found(string Event, string Status, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, int? LastStatusCode, byte[] Body);
}

/// <summary>A place in the log of a webhook.</summary>
/// <param name="CreatedAt">When the delivery was enqueued, UTC.</param>
/// <param name="Position">Its position; tells those of one moment apart.</param>
internal sealed record LogPlace(DateTimeOffset CreatedAt, long Position)
{
    /// <summary>Before everything that was enqueued then or later.</summary>
    public static LogPlace Before(DateTimeOffset time) => new(time, 0);
}

/// <summary>What was made due again.</summary>
/// <param name="Queued">How many deliveries.</param>
/// <param name="HasMore">Whether there may be more behind them.</param>
/// <param name="Last">The place of the last one.</param>
internal sealed record Redelivered(int Queued, bool HasMore, LogPlace Last);
