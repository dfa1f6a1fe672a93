using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Accounts;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Teams;

internal enum TransferOutcome
{
    Accepted,
    NotOffered,
    QuotaExceeded,
}

/// <summary>Offers of packs from one account to another. A pack changes hands only when its receiver says so.</summary>
internal sealed class Transfers(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>How long an offer stands. A forgotten one must not give a pack away years later.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const string OfferSql = """
        INSERT INTO pack_transfers (pack_id, receiver_id, offered_at, expires_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (pack_id) DO UPDATE SET receiver_id = EXCLUDED.receiver_id, offered_at = EXCLUDED.offered_at, expires_at = EXCLUDED.expires_at
        """;

    private const string FindSql = $"SELECT {TransferOffer.Columns} {TransferOffer.Source} WHERE t.pack_id = $1";

    private const string IsOfferedSql = """
        SELECT true FROM pack_transfers t JOIN packs p ON p.id = t.pack_id
         WHERE p.slug = $1 AND t.receiver_id = $2 AND t.expires_at > $3 AND p.visibility <> 'deleted'
        """;

    private const string LockSql = "SELECT id, owner_id FROM packs WHERE slug = $1 AND visibility <> 'deleted' FOR UPDATE";

    private const string EndSql = "DELETE FROM pack_transfers WHERE pack_id = $1 AND ($2::uuid IS NULL OR receiver_id = $2) AND expires_at > $3";

    // The one who gives it stays in the team, as a maintainer: it may leave. The one who takes it is no member any more: it owns.
    private const string HandOverSql = """
        WITH gone AS (DELETE FROM pack_members WHERE pack_id = $1 AND account_id = $2),
        stays AS (INSERT INTO pack_members (pack_id, account_id, role, added_at) SELECT id, owner_id, 'maintainer', $4 FROM packs WHERE id = $1)
        UPDATE packs SET owner_id = $2, publisher_name = $3 WHERE id = $1
        """;

    public Task<bool> IsOfferedAsync(string slug, Guid receiverId, CancellationToken stop) =>
        db.ScalarAsync<bool>(IsOfferedSql, stop, slug, receiverId, clock.GetUtcNow());

    /// <summary>Offers the pack; the offer, or why not.</summary>
    public Task<(TransferOffer? Offer, ApiError? Refusal)> OfferAsync(PackFacts pack, string username, Actor actor, CancellationToken stop) =>
        db.InTransactionAsync<(TransferOffer?, ApiError?)>(
            async connection =>
            {
                var ownerId = await connection.ScalarAsync<Guid>(PackChanges.LockSql, stop, pack.Id);
                if (ownerId != pack.OwnerId) return (null, PackErrors.NotFound(pack.Slug)); // deleted or given away meanwhile
                if (await AccountQueries.FindAsync(connection, username, stop) is not { } receiverId) return (null, TeamErrors.NoAccount(username));
                if (receiverId == ownerId) return (null, TeamErrors.IsOwner(pack.Slug));
                var now = clock.GetUtcNow();
                await connection.ExecuteAsync(OfferSql, stop, pack.Id, receiverId, now, now + Lifetime);
                await connection.AuditAsync(actor.Did(AuditActions.TransferOffered, $"pack:{pack.Slug}", now, receiverId), stop);
                return (await connection.FirstAsync(FindSql, TransferOffer.Read, stop, pack.Id), null);
            },
            stop);

    /// <summary>Ends an open offer, or only one to this receiver. False when there is none.</summary>
    public Task<bool> EndAsync(string slug, Guid? receiverId, Actor actor, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                var now = clock.GetUtcNow();
                var (packId, _) = await connection.FirstAsync(LockSql, ReadOwner, stop, slug);
                if (await connection.ExecuteAsync(EndSql, stop, packId, receiverId, now) == 0) return false;
                await connection.AuditAsync(actor.Did(AuditActions.TransferEnded, $"pack:{slug}", now, details: ("by", receiverId is null ? "owner" : "receiver")), stop);
                return true;
            },
            stop);

    /// <summary>Makes the caller the owner, if the offer stands and its plan has room.</summary>
    public Task<TransferOutcome> AcceptAsync(string slug, Actor actor, int limit, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                var now = clock.GetUtcNow();
                var receiver = actor.Caller;
                var publisherName = await AccountQueries.LockAsync(connection, receiver, stop); // the account before the pack, as its renaming does
                var (packId, giverId) = await connection.FirstAsync(LockSql, ReadOwner, stop, slug);
                if (await NewPacks.IsOverAsync(connection, receiver, limit, stop)) return TransferOutcome.QuotaExceeded;
                if (await connection.ExecuteAsync(EndSql, stop, packId, receiver.AccountId, now) == 0) return TransferOutcome.NotOffered;
                await connection.ExecuteAsync(HandOverSql, stop, packId, receiver.AccountId, publisherName, now);
                await connection.AnnounceChangeAsync(packId, now, stop);
                await connection.AuditAsync(actor.Did(AuditActions.TransferAccepted, $"pack:{slug}", now, giverId), stop);
                return TransferOutcome.Accepted;
            },
            stop);

    private static (Guid PackId, Guid OwnerId) ReadOwner(NpgsqlDataReader row) => (row.GetGuid(0), row.GetGuid(1));
}
