using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.WebhookService.Events;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Writes down what is to be sent, and wakes the worker of this process.</summary>
internal sealed class DeliveryEnqueuer(NpgsqlDataSource db, DeliverySignal signal, TimeProvider clock)
{
    private const string MatchingSql = """
        SELECT DISTINCT e.id
          FROM unnest($2::uuid[], $3::text[], $4::text[]) AS audience (account_id, pack, server)
          JOIN endpoints e ON e.account_id = audience.account_id
         WHERE e.enabled AND e.events && ARRAY[$1, '*']
           AND (audience.pack IS NULL OR e.packs = '{}' OR audience.pack = ANY (e.packs))
           AND (audience.server IS NULL OR e.servers = '{}' OR audience.server = ANY (e.servers))
        """;

    private const string InsertSql = """
        INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
        SELECT new.id, e.id, $4, $5, $6, new.body, $7, $8, $8
          FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS new (id, endpoint_id, body) JOIN endpoints e ON e.id = new.endpoint_id
        ON CONFLICT (event_id, endpoint_id) DO NOTHING
        """; // the join leaves out endpoints that were deleted in between

    /// <summary>One delivery per endpoint that listens; none for those that have one for this event already.</summary>
    public async Task EnqueueAsync(Notice notice, CancellationToken stop)
    {
        var endpoints = await db.ListAsync(
            MatchingSql, row => row.GetGuid(0), stop, notice.Event,
            notice.Audiences.Select(audience => audience.AccountId).ToArray(),
            notice.Audiences.Select(audience => audience.Pack).ToArray(),
            notice.Audiences.Select(audience => audience.Server).ToArray());
        if (endpoints.Count > 0) await InsertAsync(notice, endpoints, stop);
    }

    /// <summary>A <c>ping</c> to one endpoint, whatever it listens to. Gives the delivery's id.</summary>
    public async Task<Guid> EnqueuePingAsync(Guid endpointId, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var ping = new Notice(Guid.CreateVersion7(now), EventNames.Ping, now, EventNames.Ping, [], new PingData(endpointId));
        return (await InsertAsync(ping, [endpointId], stop))[0];
    }

    private async Task<Guid[]> InsertAsync(Notice notice, IReadOnlyList<Guid> endpoints, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var ids = endpoints.Select(_ => Guid.CreateVersion7(now)).ToArray();
        var bodies = ids.Select(NoticeBody.Of(notice)).ToArray();
        await db.ExecuteAsync(
            InsertSql, stop, ids, endpoints.ToArray(), bodies, notice.EventId, notice.Event, notice.Subject, notice.OccurredAt.ToUniversalTime(), now);
        signal.Set();
        return ids;
    }

    /// <summary>Data of <c>ping</c>.</summary>
    /// <param name="WebhookId">The webhook that was asked to answer.</param>
    internal sealed record PingData(Guid WebhookId);
}
