using Npgsql;
using PackRelay.ServiceDefaults.Http.Paging;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.WebhookService.Endpoints;

namespace PackRelay.WebhookService.Feed;

/// <summary>An entry of the feed as it is stored.</summary>
/// <param name="Position">Its place in the feed.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Event">What happened.</param>
/// <param name="EndpointId">The endpoint it happened to.</param>
/// <param name="Reason">Why.</param>
/// <param name="Settings">The endpoint as it is now.</param>
internal sealed record StoredFeedEntry(long Position, DateTimeOffset At, string Event, Guid EndpointId, string Reason, EndpointSettings Settings);

/// <summary>Reads the feed; entries are written with what they tell of.</summary>
internal sealed class FeedQueries(NpgsqlDataSource db)
{
    private const string ListSql = """
        SELECT f.position, f.at, f.event, f.endpoint_id, f.reason, e.url, e.events, e.packs, e.servers, e.description FROM feed f JOIN endpoints e ON e.id = f.endpoint_id
         WHERE f.account_id = $1 AND f.position < $2 AND e.deleted_at IS NULL ORDER BY f.position DESC LIMIT $3
        """;

    /// <summary>The account's entries, newest first.</summary>
    public Task<List<StoredFeedEntry>> ListAsync(Guid accountId, KeysetPage<long> page, CancellationToken stop) =>
        db.ListAsync(ListSql, Read, stop, accountId, page.Before, page.Rows);

    private static StoredFeedEntry Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetGuid(3), row.GetString(4),
        new EndpointSettings(row.GetString(5), row.GetFieldValue<string[]>(6), row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8), row.GetNullable<string>(9)));
}
