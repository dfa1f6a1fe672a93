using Npgsql;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Modpacks;

/// <summary>Finds modpacks, and says what a caller may do with them.</summary>
internal sealed class ModpackQueries(NpgsqlDataSource db)
{
    private const string FindSql = Modpack.Sql + " WHERE p.slug = $6 AND p.visibility <> 'deleted'";

    private const string FindByIdSql = Modpack.Sql + " WHERE p.id = $6";

    private const string HoldSql = "SELECT true FROM packs WHERE id = $1 AND visibility <> 'deleted' FOR SHARE";

    // Made if need be: it says when the modpack was last changed.
    private const string TouchSql = """
        INSERT INTO solder_packs (pack_id, is_hidden, updated_at) VALUES ($1, true, $2) ON CONFLICT (pack_id) DO UPDATE SET updated_at = EXCLUDED.updated_at
        """;

    /// <summary>A modpack that the reader may see by its slug; null when there is none.</summary>
    public async Task<Modpack?> FindAsync(string slug, Caller caller, CancellationToken stop)
    {
        var found = await db.FirstAsync(FindSql, Modpack.Read, stop, SolderReader.Reading(caller).Parameters(slug));
        if (found is { IsOpen: true } && !caller.MayTouchPack(slug)) found = found with { IsOpen = false };
        return found is { IsReadable: true } ? found : null;
    }

    /// <summary>A modpack for a change: 404 when there is none, then 403 unless the caller has the flag and access to it. Solder says in that order that a private one exists.</summary>
    public async Task<(Modpack? Modpack, SolderError? Refusal)> FindAsync(string slug, Caller caller, string flag, CancellationToken stop)
    {
        var found = await db.FirstAsync(FindSql, Modpack.Read, stop, SolderReader.Changing(caller).Parameters(slug));
        if (found is null) return (null, SolderError.NotFound("Modpack not found."));
        return caller.MayInSolder(flag) && found.IsOpen && caller.MayTouchPack(slug) ? (found, null) : (null, SolderError.Unauthorized());
    }

    /// <summary>Locks a modpack for a change of what belongs to it; false when it is gone.</summary>
    public static async Task<bool> LockAsync(NpgsqlConnection connection, Guid packId, CancellationToken stop) =>
        await connection.ScalarAsync<Guid>(PackChanges.LockSql, stop, packId) != Guid.Empty;

    /// <summary>Locks a modpack for a change of itself, and reads it as it is now; null when it is gone.</summary>
    public static async Task<Modpack?> LockAsync(NpgsqlConnection connection, Guid packId, Caller caller, CancellationToken stop) =>
        await LockAsync(connection, packId, stop) ? await connection.FirstAsync(FindByIdSql, Modpack.Read, stop, SolderReader.Changing(caller).Parameters(packId)) : null;

    /// <summary>Keeps a modpack as it is until the end of the transaction, and reads it; null when it is gone.</summary>
    public static async Task<Modpack?> HoldAsync(NpgsqlConnection connection, Guid packId, Caller caller, CancellationToken stop) =>
        await connection.ScalarAsync<bool>(HoldSql, stop, packId) ? await connection.FirstAsync(FindByIdSql, Modpack.Read, stop, SolderReader.Changing(caller).Parameters(packId)) : null;

    /// <summary>Says in the transaction that builds or art of a modpack are others now.</summary>
    public static async Task AnnounceBuildsAsync(NpgsqlConnection connection, Modpack modpack, DateTimeOffset now, CancellationToken stop)
    {
        await connection.ExecuteAsync(TouchSql, stop, modpack.Id, now);
        await connection.PublishAsync(PackEntity.Of(modpack.Slug), new SolderBuildsChanged(Guid.CreateVersion7(now), now, modpack.Slug), stop);
    }
}
