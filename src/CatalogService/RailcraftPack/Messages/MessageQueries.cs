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

    // One that another request is showing at this moment is passed over. What has no interval needs no note.
    private const string ShowSql = """
        WITH chosen AS (
            SELECT id FROM railcraft_messages WHERE interval_seconds IS NULL OR shown_at IS NULL OR shown_at + make_interval(secs => interval_seconds) <= $1
             ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED),
        noted AS (
            UPDATE railcraft_messages m SET shown_at = $1 FROM chosen c WHERE m.id = c.id AND m.interval_seconds IS NOT NULL)
        SELECT m.color, m.text FROM railcraft_messages m JOIN chosen c ON c.id = m.id
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
    public Task<List<ManageMessages.Message>> ListAsync(CancellationToken stop) => db.ListAsync(ListSql, Read, stop);

    /// <summary>Adds a message; null when there are as many as there may be.</summary>
    public Task<ManageMessages.Message?> AddAsync(ManageMessages.Request request, Actor actor, CancellationToken stop) => db.InTransactionAsync(
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

    private static ManageMessages.Message Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetNullableValue<int>(3), row.GetNullableValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5));
}

/// <summary>What players are shown.</summary>
internal sealed record ShownMessage(string Color, string Text);
