using Npgsql;
using PackRelay.CatalogService.Solder.Modpacks;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;
using PackRelay.ServiceDefaults.Solder;

namespace PackRelay.CatalogService.Solder.Builds;

/// <summary>Finds builds for those who change them.</summary>
internal sealed class BuildQueries(NpgsqlDataSource db, ModpackQueries modpacks)
{
    /// <summary>Whether the version <c>$2</c> is no signed one's of the modpack <c>$1</c>, nor one's that is being scanned. It stays so as long as the modpack is locked.</summary>
    internal const string IsFreeSql = """
        NOT EXISTS (SELECT FROM pack_versions v WHERE v.pack_id = $1 AND v.version = $2)
           AND NOT EXISTS (SELECT FROM held_versions h WHERE h.pack_id = $1 AND h.version = $2 AND h.status = 'scanning')
        """;

    private const string FindSql = $"SELECT {BuildRecord.Columns} FROM solder_builds b WHERE b.pack_id = $1 AND b.version = $2";

    private const string FindByIdSql = $"SELECT {BuildRecord.Columns} FROM solder_builds b WHERE b.pack_id = $1 AND b.id = $2";

    private const string ListSql = $"SELECT {BuildRecord.Columns} FROM solder_builds b WHERE b.pack_id = $1 ORDER BY b.id";

    private const string SignedSql = "SELECT withdrawn_at IS NOT NULL FROM pack_versions WHERE pack_id = $1 AND version = $2";

    /// <summary>A build of a modpack that the caller may manage; else 404 or 403. A signed version is no build that could be changed: 422.</summary>
    public async Task<(Modpack? Modpack, BuildRecord? Build, SolderError? Refusal)> FindAsync(string slug, string version, Caller caller, CancellationToken stop)
    {
        var (modpack, build, signed, refusal) = await FindAnyAsync(slug, version, caller, stop);
        return (modpack, build, signed is null ? refusal : SolderError.Unprocessable("Signed versions cannot be changed."));
    }

    /// <summary>A build, or a signed version, of a modpack that the caller may manage; else 404 or 403.</summary>
    public async Task<(Modpack? Modpack, BuildRecord? Build, SignedVersion? Signed, SolderError? Refusal)> FindAnyAsync(string slug, string version, Caller caller, CancellationToken stop)
    {
        var (modpack, refusal) = await modpacks.FindAsync(slug, caller, SolderFlags.ModpacksManage, stop);
        if (modpack is null) return (null, null, null, refusal);
        if (await FindAsync(modpack, version, stop) is { } build) return (modpack, build, null, null);
        var signed = await db.FirstAsync(SignedSql, row => new SignedVersion(row.GetBoolean(0)), stop, modpack.Id, version);
        return (modpack, null, signed, signed is null ? NotFound() : null);
    }

    /// <summary>A build by its version; null when the modpack has none.</summary>
    public Task<BuildRecord?> FindAsync(Modpack modpack, string version, CancellationToken stop) =>
        db.FirstAsync(FindSql, row => BuildRecord.Read(row, modpack.Number), stop, modpack.Id, version);

    /// <summary>All builds of a modpack, in the order in which they came.</summary>
    public Task<List<BuildRecord>> ListAsync(Modpack modpack, CancellationToken stop) =>
        db.ListAsync(ListSql, row => BuildRecord.Read(row, modpack.Number), stop, modpack.Id);

    /// <summary>A build as it is now that its modpack is locked; null when it is gone.</summary>
    public static Task<BuildRecord?> FindAsync(NpgsqlConnection connection, Modpack modpack, long id, CancellationToken stop) =>
        connection.FirstAsync(FindByIdSql, row => BuildRecord.Read(row, modpack.Number), stop, modpack.Id, id);

    public static SolderError NotFound() => SolderError.NotFound("Build not found.");

    public static SolderError Exists() => SolderError.Unprocessable("Build version already exists for this modpack.");
}

/// <summary>A signed version among a modpack's builds.</summary>
/// <param name="IsWithdrawn">Whether it was taken back.</param>
internal sealed record SignedVersion(bool IsWithdrawn);
