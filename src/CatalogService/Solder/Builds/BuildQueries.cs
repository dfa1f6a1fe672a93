using Npgsql;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>Finds builds for those who change them.</summary>
internal sealed class BuildQueries(NpgsqlDataSource db, ModpackQueries modpacks)
{
    private const string FindSql = $"SELECT {BuildRecord.Columns} FROM solder_builds b WHERE b.pack_id = $1 AND b.version = $2";

    private const string ListSql = $"SELECT {BuildRecord.Columns} FROM solder_builds b WHERE b.pack_id = $1 ORDER BY b.id";

    private const string SignedSql = "SELECT position, withdrawn_at IS NOT NULL FROM pack_versions WHERE pack_id = $1 AND version = $2";

    /// <summary>A build of a modpack that the caller may manage; else 404 or 403. A signed version is no build that could be changed: 422.</summary>
    public async Task<(Modpack? Modpack, BuildRecord? Build, SolderError? Refusal)> FindAsync(string slug, string version, Caller caller, CancellationToken stop)
    {
        var (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        if (modpack is null) return (null, null, refusal);
        if (await FindAsync(modpack, version, stop) is { } build) return (modpack, build, null);
        return (modpack, null, await FindSignedAsync(modpack, version, stop) is null ? NotFound() : SolderError.Unprocessable("Signed versions cannot be changed."));
    }

    /// <summary>A build by its version; null when the modpack has none.</summary>
    public Task<BuildRecord?> FindAsync(Modpack modpack, string version, CancellationToken stop) =>
        db.FirstAsync(FindSql, row => BuildRecord.Read(row, modpack.Number), stop, modpack.Id, version);

    /// <summary>All builds of a modpack, in the order in which they came.</summary>
    public Task<List<BuildRecord>> ListAsync(Modpack modpack, CancellationToken stop) =>
        db.ListAsync(ListSql, row => BuildRecord.Read(row, modpack.Number), stop, modpack.Id);

    /// <summary>A signed version by its number, and whether it is withdrawn; null when there is none.</summary>
    public Task<SignedVersion?> FindSignedAsync(Modpack modpack, string version, CancellationToken stop) =>
        db.FirstAsync(SignedSql, row => new SignedVersion(row.GetInt64(0), row.GetBoolean(1)), stop, modpack.Id, version);

    public static SolderError NotFound() => SolderError.NotFound("Build not found.");
}

/// <summary>A signed version among a modpack's builds.</summary>
/// <param name="Number">Its number among them.</param>
/// <param name="IsWithdrawn">Whether it was taken back.</param>
internal sealed record SignedVersion(long Number, bool IsWithdrawn);
