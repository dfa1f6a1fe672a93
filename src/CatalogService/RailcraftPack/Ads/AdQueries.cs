using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Accounts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Ads;

/// <summary>The table of ads. An ad is live for a time after it was posted or bumped; then it is shown to nobody and counts no more, until it is bumped.</summary>
internal sealed class AdQueries(NpgsqlDataSource db, IOptions<RailcraftOptions> options, TimeProvider clock)
{
    private const string ListSql = """
        SELECT a.id, a.created_at, a.bumped_at, a.edited_at, a.type, a.title, a.body, COALESCE(o.minecraft_name, ''), o.minecraft_uuid
          FROM railcraft_ads a JOIN accounts o ON o.id = a.account_id WHERE a.bumped_at > $1 ORDER BY a.bumped_at DESC, a.id DESC LIMIT $2
        """;

    private const string ListOfTypeSql = """
        SELECT a.id, a.created_at, a.bumped_at, a.edited_at, a.type, a.title, a.body, COALESCE(o.minecraft_name, ''), o.minecraft_uuid
          FROM railcraft_ads a JOIN accounts o ON o.id = a.account_id WHERE a.type = $3 AND a.bumped_at > $1 ORDER BY a.bumped_at DESC, a.id DESC LIMIT $2
        """;

    private const string CountSql = "SELECT count(*) FROM railcraft_ads WHERE client_id = $1 AND bumped_at > $2 AND id <> $3";

    private const string AddSql = """
        INSERT INTO railcraft_ads (account_id, client_id, type, title, body, created_at, bumped_at, edited_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $6) RETURNING id
        """;

    private const string EditSql = "UPDATE railcraft_ads SET type = $3, title = $4, body = $5, edited_at = $6 WHERE id = $1 AND account_id = $2";

    private const string OwnerSql = "SELECT client_id FROM railcraft_ads WHERE id = $1 AND account_id = $2";

    private const string BumpSql = "UPDATE railcraft_ads SET bumped_at = $3 WHERE id = $1 AND account_id = $2";

    private const string DeleteSql = "DELETE FROM railcraft_ads WHERE id = $1 AND account_id = $2";

    private DateTimeOffset LiveSince => clock.GetUtcNow() - options.Value.Ads.Lifetime;

    /// <summary>Live ads, last bumped first.</summary>
    /// <param name="type"><c>buy</c> or <c>sell</c>; null for both.</param>
    /// <param name="limit">Most ads.</param>
    /// <param name="stop">Gives up.</param>
    public Task<List<GetAds.Ad>> ListAsync(string? type, long limit, CancellationToken stop) =>
        type is null ? db.ListAsync(ListSql, Read, stop, LiveSince, limit) : db.ListAsync(ListOfTypeSql, Read, stop, LiveSince, limit, type);

    /// <summary>Posts an ad and gives its id; null when the client has as many live ones as it may have.</summary>
    public Task<long?> AddAsync(Caller client, AdText ad, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            await AccountQueries.LockAsync(connection, client, stop); // two at once must not both be the last
            if (await IsFullAsync(connection, client.CredentialId, except: 0, stop)) return (long?)null;
            return await connection.ScalarAsync<long>(AddSql, stop, client.AccountId, client.CredentialId, ad.Type, ad.Title, ad.Body, clock.GetUtcNow());
        },
        stop);

    /// <summary>Changes an ad of the client's account; false when it has none of this id.</summary>
    public async Task<bool> EditAsync(Caller client, long id, AdText ad, CancellationToken stop) =>
        await db.ExecuteAsync(EditSql, stop, id, client.AccountId, ad.Type, ad.Title, ad.Body, clock.GetUtcNow()) == 1;

    /// <summary>Puts an ad of the client's account on top, and makes it live again if it was not.</summary>
    public Task<AdBump> BumpAsync(Caller client, long id, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            await AccountQueries.LockAsync(connection, client, stop);
            if (await connection.ScalarAsync<Guid?>(OwnerSql, stop, id, client.AccountId) is not { } clientId) return AdBump.NotFound;
            if (await IsFullAsync(connection, clientId, except: id, stop)) return AdBump.Full;
            await connection.ExecuteAsync(BumpSql, stop, id, client.AccountId, clock.GetUtcNow());
            return AdBump.Done;
        },
        stop);

    /// <summary>Deletes an ad of the client's account; false when it has none of this id.</summary>
    public async Task<bool> DeleteAsync(Caller client, long id, CancellationToken stop) => await db.ExecuteAsync(DeleteSql, stop, id, client.AccountId) == 1;

    private async Task<bool> IsFullAsync(NpgsqlConnection connection, Guid clientId, long except, CancellationToken stop) =>
        await connection.ScalarAsync<long>(CountSql, stop, clientId, LiveSince, except) >= options.Value.Ads.PerClient;

    private static GetAds.Ad Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), Seconds(row, 1), Seconds(row, 2), Seconds(row, 3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetNullableValue<Guid>(8)?.ToString() ?? "");

    private static long Seconds(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column).ToUnixTimeSeconds();
}

/// <summary>What became of a bump.</summary>
internal enum AdBump
{
    /// <summary>The ad is on top.</summary>
    Done,

    /// <summary>The account has no such ad.</summary>
    NotFound,

    /// <summary>It was not live any more, and its client has as many live ones as it may have.</summary>
    Full,
}
