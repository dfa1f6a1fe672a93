using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.WebhookService.Secrets;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Hands out what is due.</summary>
internal sealed class DeliveryQueue(NpgsqlDataSource db, IOptions<DeliveryOptions> options, TimeProvider clock)
{
    private const string ReleaseSql = "UPDATE deliveries SET leased_until = NULL WHERE id = $1 AND attempts = $2 AND status = 'pending'";

    // Apart, because each has an index of its own: a plain status = 'pending' would read the whole table.
    internal const string BacklogSql = """
        SELECT (SELECT count(*) FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
                 WHERE e.enabled AND d.status = 'pending' AND d.round_attempts = 0 AND d.attempts = 0 AND d.next_attempt_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1))
             + (SELECT count(*) FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
                 WHERE e.enabled AND d.status = 'pending' AND d.round_attempts = 0 AND d.attempts > 0 AND d.next_attempt_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1))
             + (SELECT count(*) FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id
                 WHERE e.enabled AND d.status = 'pending' AND d.round_attempts > 0 AND d.next_attempt_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1))
        """;

    // The planner's statistics lag behind a queue that is empty in one second and holds a hundred thousand in the next: it would read and sort a whole queue, or the whole table,
    // for the first few. With these off it goes by the indexes, row by row, as it does anyway once it knows better.
    internal const string PlanByIndexSql = """
        SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_bitmapscan', 'enable_sort', 'enable_hashjoin', 'enable_mergejoin', 'jit']) AS name
        """;

    /// <summary>Leases at most <paramref name="most"/> due deliveries to this process.</summary>
    public Task<List<ClaimedDelivery>> ClaimAsync(int most, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        return db.ListWithAsync(PlanByIndexSql, DeliveryScripts.Claim, Read, stop, now, now + options.Value.Lease, options.Value.EndpointConcurrency, most);
    }

    /// <summary>Gives a delivery back unsent, so that another replica need not wait for the lease to end.</summary>
    public Task ReleaseAsync(ClaimedDelivery delivery, CancellationToken stop) => db.ExecuteAsync(ReleaseSql, stop, delivery.Id, delivery.Attempts);

    /// <summary>How many deliveries are due and nobody's.</summary>
    public Task<long> CountDueAsync(CancellationToken stop) => db.ScalarAsync<long>(BacklogSql, stop, clock.GetUtcNow());

    private static ClaimedDelivery Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetFieldValue<byte[]>(3), row.GetInt32(4), row.GetInt32(5), row.GetFieldValue<DateTimeOffset>(6),
        new Uri(row.GetString(7)), new SealedSecret(row.GetString(8), row.GetFieldValue<byte[]>(9)),
        row.GetNullable<byte[]>(11) is { } previous ? new SealedSecret(row.GetString(10), previous) : null, row.GetInt32(12));
}
