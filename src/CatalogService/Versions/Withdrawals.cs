using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>Takes versions back and brings them back; what is <em>latest</em> follows in the same transaction.</summary>
internal sealed class Withdrawals(NpgsqlDataSource db, TimeProvider clock)
{
    private const string ExistsSql = "SELECT true FROM pack_versions WHERE pack_id = $1 AND version = $2";

    private const string LockSql = "SELECT true FROM packs WHERE id = $1 AND visibility <> 'deleted' FOR UPDATE";

    // Doing it twice changes nothing: the first reason and time stay, and nobody is told again.
    private const string SetSql = """
        UPDATE pack_versions SET withdraw_reason = $3, withdrawn_at = CASE WHEN $3 IS NULL THEN NULL ELSE $4 END
         WHERE pack_id = $1 AND version = $2 AND (withdrawn_at IS NULL) <> ($3::text IS NULL)
        """;

    private const string LatestSql = """
        UPDATE packs p SET latest_version_id = v.id, latest_version = v.version, file_count = COALESCE(v.file_count, 0),
               total_size_bytes = COALESCE(v.total_size_bytes, 0), revision = p.revision + 1
          FROM (SELECT) AS one_row
          LEFT JOIN LATERAL (
               SELECT id, version, file_count, total_size_bytes FROM pack_versions WHERE pack_id = $1 AND withdrawn_at IS NULL ORDER BY position DESC LIMIT 1) v ON true
         WHERE p.id = $1
        RETURNING p.revision, p.latest_version
        """;

    // Of a version whose pack was deleted: it has let go of its files, and they may have been collected.
    private const string LetGoSql = """
        SELECT v.id, v.manifest FROM pack_versions v
         WHERE v.pack_id = $1 AND v.version = $2 AND v.withdrawn_at IS NOT NULL AND NOT EXISTS (SELECT FROM version_files f WHERE f.version_id = v.id)
        """;

    private const string MissingSql = "SELECT encode(wanted, 'hex') FROM unnest($1) AS wanted WHERE NOT EXISTS (SELECT FROM files f WHERE f.sha256 = wanted)";

    private const string HoldFilesSql = "INSERT INTO version_files (version_id, sha256) SELECT $1, unnest($2)";

    public Task<bool> ExistsAsync(Guid packId, string version, CancellationToken stop) => db.ScalarAsync<bool>(ExistsSql, stop, packId, version);

    /// <summary>Withdraws with a reason, restores with none. Not null when files of what is to be restored are not there any more: then it stays withdrawn.</summary>
    public Task<ApiError?> SetAsync(PackFacts pack, string version, string? reason, Actor actor, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        return db.InTransactionAsync<ApiError?>(
            async connection =>
            {
                if (reason is null) await FileCollector.HoldOffAsync(connection, stop); // before the pack, as those who publish do
                if (!await connection.ScalarAsync<bool>(LockSql, stop, pack.Id)) return null; // deleted meanwhile
                if (reason is null && await TakeFilesBackAsync(connection, pack.Id, version, stop) is { Count: > 0 } missing) return VersionErrors.Missing(missing);
                if (await connection.ExecuteAsync(SetSql, stop, pack.Id, version, reason, now) == 0) return null;
                var (revision, latest) = await connection.FirstAsync(LatestSql, row => (row.GetInt64(0), row.GetNullable<string>(1)), stop, pack.Id);
                var withdrawn = new PackVersionWithdrawn(Guid.CreateVersion7(now), now, pack.Slug, revision, pack.OwnerId, version, reason, latest);
                await connection.PublishAsync(PackEntity.Of(pack.Slug), withdrawn, stop);
                var action = reason is null ? AuditActions.VersionRestored : AuditActions.VersionWithdrawn;
                await connection.AuditAsync(actor.Did(action, $"version:{pack.Slug}@{version}", now, actor.Caller.AccountId == pack.OwnerId ? null : pack.OwnerId, ("reason", reason)), stop);
                if (reason is null) await connection.AnnounceChangeAsync(pack.Id, now, stop); // those who follow pages learn what is installed now
                return null;
            },
            stop);
    }

    /// <summary>Gives the hashes of files that are gone.</summary>
    private static async Task<List<string>> TakeFilesBackAsync(NpgsqlConnection connection, Guid packId, string version, CancellationToken stop)
    {
        var letGo = await connection.FirstAsync(LetGoSql, row => new LetGo(row.GetGuid(0), row.GetFieldValue<byte[]>(1)), stop, packId, version);
        if (letGo is null) return [];
        var files = ManifestFiles.Read(letGo.Manifest).Select(file => file.Sha256).Distinct(StringComparer.Ordinal).Select(Convert.FromHexString).ToArray();
        var missing = await connection.ListAsync(MissingSql, row => row.GetString(0), stop, (object)files); // one parameter, an array; not one for each of its elements
        if (missing.Count == 0) await connection.ExecuteAsync(HoldFilesSql, stop, letGo.VersionId, files);
        return missing;
    }

    private sealed record LetGo(Guid VersionId, byte[] Manifest);
}
