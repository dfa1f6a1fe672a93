using Npgsql;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>Changes which mods a build has. The build stays locked meanwhile, so that of two changes the later one sees the other.</summary>
internal static class BuildMods
{
    private const string LockSql = "SELECT true FROM solder_builds WHERE id = $1 FOR UPDATE";

    /// <summary>Does the change in a transaction, and tells of it when it is made.</summary>
    /// <param name="db">The database.</param>
    /// <param name="modpack">The build's modpack.</param>
    /// <param name="build">The build.</param>
    /// <param name="now">When.</param>
    /// <param name="change">The change; why it is not made, or null.</param>
    /// <param name="stop">Gives up.</param>
    public static Task<SolderError?> ChangeAsync(
        NpgsqlDataSource db, Modpack modpack, BuildRecord build, DateTimeOffset now, Func<NpgsqlConnection, Task<SolderError?>> change, CancellationToken stop) =>
        db.InTransactionAsync(
            async connection =>
            {
                if (!await connection.ScalarAsync<bool>(LockSql, stop, build.Id)) return BuildQueries.NotFound();
                if (await change(connection) is { } refusal) return refusal;
                await ModpackQueries.AnnounceBuildsAsync(connection, modpack, now, stop);
                return null;
            },
            stop);
}
