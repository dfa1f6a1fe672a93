using System.Security.Cryptography;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.Manifests.Model;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>Makes a version true: its row, the pack's latest, the files it refers to and the event, in one transaction.</summary>
internal sealed class NewVersions(NpgsqlDataSource db, TimeProvider clock)
{
    // Locking the pack first puts its publishes in a row, so that positions, revisions and events have one order. Of two publishes of one
    // version the later one waits here, then conflicts and inserts nothing.
    private const string InsertSql = """
        WITH pack AS (
            SELECT p.id, p.revision FROM packs p
             WHERE p.id = $1 AND p.visibility <> 'deleted' AND p.game = $12
               AND (p.owner_id = $2 OR EXISTS (SELECT FROM pack_members m WHERE m.pack_id = p.id AND m.account_id = $2))
               FOR UPDATE)
        INSERT INTO pack_versions (id, pack_id, version, manifest, manifest_sha256, key_id, published_at, accepted_at, file_count, total_size_bytes)
        SELECT $3, pack.id, $4, $5, $6, $7, $8, $9, $10, $11 FROM pack
        ON CONFLICT (pack_id, version) DO NOTHING
        RETURNING (SELECT revision + 1 FROM pack)
        """;

    private const string LatestSql = """
        UPDATE packs SET latest_version_id = $2, latest_version = $3, file_count = $4, total_size_bytes = $5, active_at = $6, revision = $7 WHERE id = $1
        """;

    private const string ExistsSql = "SELECT true FROM pack_versions WHERE pack_id = $1 AND version = $2";

    private const string FilesSql = "INSERT INTO version_files (version_id, sha256) SELECT $1, unnest($2)";

    // The key stays as it is until the commit: a publish is before the key's revocation or refused, never beside it.
    private const string LockKeySql = "SELECT revoked_at IS NULL FROM publisher_keys WHERE key_id = $1 FOR SHARE";

    /// <summary>Null once the version is published; else why it is not: what the checks saw may have changed since.</summary>
    public Task<ApiError?> AddAsync(PackFacts pack, Manifest manifest, byte[] body, Caller caller, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(body));
        var keyId = manifest.Signature.PublicKeyId.ToString();
        return db.InTransactionAsync<ApiError?>(
            async connection =>
            {
                if (!await connection.ScalarAsync<bool>(LockKeySql, stop, keyId)) return VersionErrors.Revoked(keyId);
                var revision = await connection.ScalarAsync<long>(
                    InsertSql, stop,
                    pack.Id, caller.AccountId, id, manifest.Version, body, sha256, keyId, manifest.PublishedAt, now, manifest.Files.Count, manifest.TotalSizeBytes, manifest.Game);
                if (revision == 0) return await RefusalAsync(connection, pack, manifest.Version, stop);

                var published = new PackVersionPublished(
                    Guid.CreateVersion7(now), now, pack.Slug, revision, pack.OwnerId, pack.Visibility, manifest.DisplayName, manifest.Version, manifest.Publisher,
                    manifest.Game, manifest.GameVersion, manifest.PublishedAt, manifest.Files.Count, manifest.TotalSizeBytes, sha256, keyId);
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(Command(LatestSql, pack.Id, id, manifest.Version, manifest.Files.Count, manifest.TotalSizeBytes, now, revision));
                batch.BatchCommands.Add(Command(FilesSql, id, manifest.Files.Select(file => file.Sha256).Distinct(StringComparer.Ordinal).Select(Convert.FromHexString).ToArray()));
                batch.BatchCommands.Add(PackKeys.Used(pack.Id, keyId, now));
                batch.BatchCommands.Add(OutboxWriter.Command(PackEntity.Of(pack.Slug), published));
                await batch.ExecuteNonQueryAsync(stop);
                return null;
            },
            stop);
    }

    /// <summary>Either the version was published meanwhile, or the pack was deleted, or the caller left its team.</summary>
    private static async Task<ApiError> RefusalAsync(NpgsqlConnection connection, PackFacts pack, string version, CancellationToken stop) =>
        await connection.ScalarAsync<bool>(ExistsSql, stop, pack.Id, version) ? VersionErrors.Duplicate(pack.Slug, version) : PackErrors.NotFound(pack.Slug);

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
