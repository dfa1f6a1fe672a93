using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Messages;

/// <summary>The hub's messages to players. When each was shown last stands in the database, so that every replica keeps its interval.</summary>
internal sealed class MessageQueries(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>So few that choosing one may look at all.</summary>
    public const int MaxMessages = 200;

    private const long Gate = 0x50_52_52_4D; // of advisory locks: two who add one at once count one after the other

    private const string RandomSql = "SELECT color, text FROM railcraft_messages ORDER BY random() LIMIT 1";

    // The first of those that may be shown, in an order by chance. One with an interval that another request is showing at this moment is passed over; what has no interval needs no
    // note and no lock: any number of requests show it at once.
    private const string ShowSql = """
        WITH eligible AS MATERIALIZED (
            SELECT id, interval_seconds, random() AS place FROM railcraft_messages
             WHERE interval_seconds IS NULL OR shown_at IS NULL OR shown_at + make_interval(secs => interval_seconds) <= $1),
        free AS (
            SELECT id, place FROM eligible WHERE interval_seconds IS NULL ORDER BY place LIMIT 1),
        timed AS MATERIALIZED (
            SELECT m.id FROM railcraft_messages m JOIN eligible e USING (id)
             WHERE m.interval_seconds IS NOT NULL AND (m.shown_at IS NULL OR m.shown_at + make_interval(secs => m.interval_seconds) <= $1)
               AND e.place < COALESCE((SELECT place FROM free), 1)
             ORDER BY e.place LIMIT 1 FOR UPDATE OF m SKIP LOCKED),
        noted AS (
            UPDATE railcraft_messages m SET shown_at = $1 FROM timed t WHERE m.id = t.id)
        SELECT color, text FROM railcraft_messages WHERE id = COALESCE((SELECT id FROM timed), (SELECT id FROM free))
        """;

    private const string ListSql = "SELECT id, color, text, interval_seconds, shown_at, created_at FROM railcraft_messages ORDER BY id DESC";

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    private const string CountSql = "SELECT count(*) FROM railcraft_messages";

    private const string AddSql = """
        INSERT INTO railcraft_messages (color, text, interval_seconds, created_at) VALUES ($1, $2, $3, $4) RETURNING id, color, text, interval_seconds, shown_at, created_at
        """;

    private const string DeleteSql = "DELETE FROM railcraft_messages WHERE id = $1";

    /// <summary>Any message, whenever it was shown; null when there is none. It does not count as shown.</summary>
    public Task<ShownMessage?> AnyAsync(CancellationToken stop) => db.FirstAsync(RandomSql, ReadShown, stop);

    /// <summary>One of those that may be shown, which is shown now; null when none may be.</summary>
    public Task<ShownMessage?> ShowAsync(CancellationToken stop) => db.FirstAsync(ShowSql, ReadShown, stop, clock.GetUtcNow());

    /// <summary>All messages, newest first.</summary>
    public Task<List<Message>> ListAsync(CancellationToken stop) => db.ListAsync(ListSql, Read, stop);

    /// <summary>Adds a message; null when there are as many as there may be.</summary>
    public Task<Message?> AddAsync(CreateMessage.Request request, Actor actor, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            await connection.ExecuteAsync(LockSql, stop, Gate);
            if (await connection.ScalarAsync<long>(CountSql, stop) >= MaxMessages) return null;
            var now = clock.GetUtcNow();
            var message = await connection.FirstAsync(AddSql, Read, stop, request.Color, request.Text, request.IntervalSeconds, now);
            await connection.AuditAsync(actor.Did(AuditActions.MessageCreated, $"message:{message!.Id}", now), stop);
            return message;
        },
        stop);

    /// <summary>Deletes a message; false when there is none of this id.</summary>
    public Task<bool> DeleteAsync(long id, Actor actor, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            if (await connection.ExecuteAsync(DeleteSql, stop, id) == 0) return false;
            await connection.AuditAsync(actor.Did(AuditActions.MessageDeleted, $"message:{id}", clock.GetUtcNow()), stop);
            return true;
        },
        stop);

    private static ShownMessage ReadShown(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1));

    private static Message Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetNullableValue<int>(3), row.GetNullableValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5));
}

/// <summary>What players are shown.</summary>
internal sealed record ShownMessage(string Color, string Text);
