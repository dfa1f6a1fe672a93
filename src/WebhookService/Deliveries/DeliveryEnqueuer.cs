using Npgsql;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.WebhookService.Events;

namespace PackRelay.WebhookService.Deliveries;

/// <summary>Writes down what is to be sent, and wakes the worker of this process. Events that come at about the same time share a commit.</summary>
internal sealed class DeliveryEnqueuer
{
    /// <summary>Each may have a delivery for every endpoint of its accounts, with a body of its own.</summary>
    private const int MostPerCommit = 20;

    private const string MatchingSql = """
        SELECT DISTINCT audience.notice, e.id
          FROM unnest($1::int[], $2::text[], $3::uuid[], $4::text[], $5::text[]) AS audience (notice, event, account_id, pack, server)
          JOIN endpoints e ON e.account_id = audience.account_id
         WHERE e.enabled AND e.events && ARRAY[audience.event, '*']
           AND (audience.pack IS NULL OR e.packs = '{}' OR audience.pack = ANY (e.packs))
           AND (audience.server IS NULL OR e.servers = '{}' OR audience.server = ANY (e.servers))
         ORDER BY audience.notice
        """;

    private const string InsertSql = """
        INSERT INTO deliveries (id, endpoint_id, event_id, event, subject, body, occurred_at, created_at, next_attempt_at)
        SELECT new.id, e.id, new.event_id, new.event, new.subject, new.body, new.occurred_at, $8, $8
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[])
               AS new (id, endpoint_id, event_id, event, subject, body, occurred_at)
          JOIN endpoints e ON e.id = new.endpoint_id AND e.deleted_at IS NULL
        ON CONFLICT (event_id, endpoint_id) DO NOTHING
        """; // the join leaves out endpoints that were deleted in between

    private readonly NpgsqlDataSource db;

    private readonly DeliverySignal signal;

    private readonly TimeProvider clock;

    private readonly SharedCommit<Notice> commits;

    public DeliveryEnqueuer(NpgsqlDataSource db, DeliverySignal signal, TimeProvider clock)
    {
        (this.db, this.signal, this.clock) = (db, signal, clock);
        commits = new(EnqueueAsync, MostPerCommit);
    }

    /// <summary>One delivery per endpoint that listens; none for those that have one for this event already.</summary>
    public Task EnqueueAsync(Notice notice, CancellationToken stop) => commits.WriteAsync(notice, stop);

    /// <summary>A <c>ping</c> to one endpoint, whatever it listens to. Gives the delivery's id.</summary>
    public async Task<Guid> EnqueuePingAsync(Guid endpointId, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var ping = new Notice(Guid.CreateVersion7(now), EventNames.Ping, now, EventNames.Ping, [], new PingData(endpointId));
        return (await InsertAsync([(ping, endpointId)], stop))[0];
    }

    private async Task EnqueueAsync(IReadOnlyList<Notice> notices, CancellationToken stop)
    {
        var audiences = notices.SelectMany((notice, number) => notice.Audiences.Select(audience => (number, notice.Event, audience))).ToArray();
        var matching = await db.ListAsync(
            MatchingSql, row => (notices[row.GetInt32(0)], row.GetGuid(1)), stop,
            Array.ConvertAll(audiences, one => one.number),
            Array.ConvertAll(audiences, one => one.Event),
            Array.ConvertAll(audiences, one => one.audience.AccountId),
            Array.ConvertAll(audiences, one => one.audience.Pack),
            Array.ConvertAll(audiences, one => one.audience.Server));
        if (matching.Count > 0) await InsertAsync(matching, stop);
    }

    private async Task<Guid[]> InsertAsync(IReadOnlyList<(Notice Notice, Guid EndpointId)> deliveries, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var ids = deliveries.Select(_ => Guid.CreateVersion7(now)).ToArray();
        var bodies = deliveries.Select(delivery => delivery.Notice).Distinct().ToDictionary(notice => notice, NoticeBody.Of);
        await db.ExecuteAsync(
            InsertSql, stop,
            ids,
            deliveries.Select(delivery => delivery.EndpointId).ToArray(),
            deliveries.Select(delivery => delivery.Notice.EventId).ToArray(),
            deliveries.Select(delivery => delivery.Notice.Event).ToArray(),
            deliveries.Select(delivery => delivery.Notice.Subject).ToArray(),
            deliveries.Select((delivery, number) => bodies[delivery.Notice](ids[number])).ToArray(),
            deliveries.Select(delivery => delivery.Notice.OccurredAt.ToUniversalTime()).ToArray(),
            now);
        signal.Set();
        return ids;
    }

    /// <summary>Data of <c>ping</c>.</summary>
    /// <param name="WebhookId">The webhook that was asked to answer.</param>
    internal sealed record PingData(Guid WebhookId);
}
