using Npgsql;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Mods;

/// <summary>Finds mods and their versions by their names, and tells of their changes.</summary>
internal sealed class ModQueries(NpgsqlDataSource db)
{
    private const string FindSql = $"SELECT {ModRecord.Columns} FROM solder_mods WHERE name = $1";

    private const string FindIdSql = "SELECT id FROM solder_mods WHERE name = $1";

    private const string FindVersionIdSql = "SELECT id FROM solder_mod_versions WHERE mod_id = $1 AND version = $2";

    /// <summary>A mod by its name; null when there is none.</summary>
    public Task<ModRecord?> FindAsync(string name, CancellationToken stop) => db.FirstAsync(FindSql, ModRecord.Read, stop, name);

    /// <summary>A mod's number; null when there is none.</summary>
    public async Task<long?> FindIdAsync(string name, CancellationToken stop) => await db.ScalarAsync<long>(FindIdSql, stop, name) is > 0 and var id ? id : null;

    /// <summary>The number of a mod's version; null when it has none.</summary>
    public async Task<long?> FindVersionIdAsync(long modId, string version, CancellationToken stop) =>
        await db.ScalarAsync<long>(FindVersionIdSql, stop, modId, version) is > 0 and var id ? id : null;

    /// <summary>Does a change in a transaction, and tells of it when something came of it.</summary>
    public Task<T?> ChangeAsync<T>(DateTimeOffset now, Func<NpgsqlConnection, Task<T?>> change, CancellationToken stop)
        where T : class => db.InTransactionAsync(
            async connection =>
            {
                var result = await change(connection);
                if (result is not null) await AnnounceAsync(connection, now, stop);
                return result;
            },
            stop);

    /// <summary>Says in the transaction that mods are others now.</summary>
    public static Task AnnounceAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken stop) =>
        connection.PublishAsync("solder_mods", new SolderModsChanged(Guid.CreateVersion7(now), now), stop);

    public static SolderError NotFound() => SolderError.NotFound("Mod not found.");

    public static SolderError VersionNotFound() => SolderError.NotFound("Mod version not found.");
}
