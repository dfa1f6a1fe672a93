using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Packs;

/// <summary>Tells the hub that a pack's page is another one now: the next revision, and the event with it.</summary>
internal static class PackChanges
{
    /// <summary>Locks a pack for a change that is not just its own row's. Everything that does so takes the pack first, then what belongs to it.</summary>
    public const string LockSql = "SELECT owner_id FROM packs WHERE id = $1 AND visibility <> 'deleted' FOR UPDATE";

    private const string NextSql = """
        UPDATE packs SET revision = revision + 1 WHERE id = $1
        RETURNING slug, revision, owner_id, name, game, visibility, latest_version
        """;

    /// <summary>Publishes the pack as it is on this connection.</summary>
    public static async Task AnnounceChangeAsync(this NpgsqlConnection connection, Guid packId, DateTimeOffset now, CancellationToken stop)
    {
        var changed = await connection.FirstAsync(NextSql, row => Read(row, now), stop, packId);
        await connection.PublishAsync(PackEntity.Of(changed!.Slug), changed, stop);
    }

    private static PackChanged Read(NpgsqlDataReader row, DateTimeOffset now) => new(
        Guid.CreateVersion7(now), now, row.GetString(0), row.GetInt64(1), Created: false, row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.GetNullable<string>(6));
}
