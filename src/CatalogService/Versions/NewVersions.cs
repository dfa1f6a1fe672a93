using System.Security.Cryptography;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Downloads.Bundles;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Keys;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.Manifests.Model;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>
/// Makes a version true: its row, the pack's latest, the files it refers to, its bundle to be built and the events. The statements travel as one batch, which is one
/// transaction and one round trip, so that the pack stays locked for as short as can be.
/// </summary>
internal sealed class NewVersions(NpgsqlDataSource db, PublishChecks checks, PublishPace pace, TimeProvider clock)
{
    // The pack is locked by the statement before, which puts its publishes in a row, so that positions, revisions and events have one order, and this one sees what was changed while
    // that waited: a slug that is another now, a build of the version. Of two publishes of one version the later one conflicts and inserts nothing; then nothing else happens either.
    // The revision is known here alone.
    private const string PublishSql = """
        WITH pack AS (
            SELECT p.id FROM packs p
             WHERE p.id = $1 AND p.slug = $26 AND p.visibility <> 'deleted' AND p.game = $12 AND (SELECT c.generation FROM file_collection c) = $13
               AND EXISTS (SELECT FROM publisher_keys k WHERE k.key_id = $7 AND k.revoked_at IS NULL)
               AND (p.owner_id = $2 OR EXISTS (SELECT FROM pack_members m WHERE m.pack_id = p.id AND m.account_id = $2))
               AND NOT EXISTS (SELECT FROM solder_builds b WHERE b.pack_id = p.id AND b.version = $4)),
        published AS (
            INSERT INTO pack_versions (id, pack_id, version, manifest, manifest_sha256, key_id, published_at, accepted_at, file_count, total_size_bytes, game_version)
            SELECT $3, pack.id, $4, $5, $6, $7, $8, $9, $10, $11, $25 FROM pack
            ON CONFLICT (pack_id, version) DO NOTHING
            RETURNING *),
        files AS (
            INSERT INTO version_files (version_id, sha256) SELECT v.id, unnest($14) FROM published v),
        bundle AS (
            INSERT INTO bundles (version_id, total_size_bytes, due_at) SELECT v.id, v.total_size_bytes, v.accepted_at FROM published v),
        used_key AS (
            INSERT INTO pack_keys AS k (pack_id, key_id, versions, first_used_at, last_used_at) SELECT v.pack_id, v.key_id, 1, v.accepted_at, v.accepted_at FROM published v
            ON CONFLICT (pack_id, key_id) DO UPDATE SET versions = k.versions + 1, last_used_at = EXCLUDED.last_used_at),
        latest AS (
            UPDATE packs p SET latest_version_id = v.id, latest_version = v.version, file_count = v.file_count, total_size_bytes = v.total_size_bytes, active_at = v.accepted_at,
                               revision = p.revision + 1
              FROM published v WHERE p.id = v.pack_id
            RETURNING p.revision)
        INSERT INTO outbox (event_id, entity, event_type, body, trace_parent)
        SELECT $15, $16, $17, jsonb_set($18, '{Revision}', to_jsonb(latest.revision)), $19 FROM latest
         UNION ALL
        SELECT $20, $21, $22, $23, $24 FROM published
        """;

    // A version that was held back, by the scan or for it, is held no longer; a statement of its own, which sees what was held while the one before waited for the pack.
    private const string ReleaseSql = "DELETE FROM held_versions WHERE pack_id = $1 AND version = $2 AND EXISTS (SELECT FROM pack_versions v WHERE v.id = $3)";

    private const string RefusalSql = """
        SELECT EXISTS (SELECT FROM publisher_keys WHERE key_id = $3 AND revoked_at IS NOT NULL),
               EXISTS (SELECT FROM pack_versions WHERE pack_id = $1 AND version = $2) OR EXISTS (SELECT FROM solder_builds WHERE pack_id = $1 AND version = $2)
        """;

    /// <summary>Null once the version is published; else why it is not: what the checks saw may have changed since.</summary>
    public async Task<ApiError?> AddAsync(PackFacts pack, Manifest manifest, byte[] body, Actor actor, long generation, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(body));
        var keyId = manifest.Signature.PublicKeyId.ToString();
        var published = new PackVersionPublished(
            Guid.CreateVersion7(now), now, pack.Slug, Revision: 0, pack.OwnerId, pack.Visibility, manifest.DisplayName, manifest.Version, manifest.Publisher,
            manifest.Game, manifest.GameVersion, manifest.PublishedAt, manifest.Files.Count, manifest.TotalSizeBytes, sha256, keyId);
        var files = manifest.Files.Select(file => file.Sha256).Distinct(StringComparer.Ordinal).Select(Convert.FromHexString).ToArray();
        var publish = Command(
            PublishSql, pack.Id, actor.Caller.AccountId, id, manifest.Version, body, sha256, keyId, manifest.PublishedAt, now, manifest.Files.Count, manifest.TotalSizeBytes,
            manifest.Game, generation, files);
        Add(publish, OutboxWriter.Command(PackEntity.Of(pack.Slug), published));
        Add(publish, AuditTrail.Command(Audit(actor, pack, manifest.Version, keyId, now)));
        publish.Parameters.Add(new NpgsqlParameter { Value = manifest.GameVersion });
        publish.Parameters.Add(new NpgsqlParameter { Value = pack.Slug });

        pace.Published();
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(KeyGate.Pass(keyId));
        batch.BatchCommands.Add(FileCollector.HoldOff()); // while this lasts nothing is collected, and what was since the files were looked at shows
        batch.BatchCommands.Add(Command(PackChanges.LockSql, pack.Id));
        batch.BatchCommands.Add(publish);
        batch.BatchCommands.Add(Command(ReleaseSql, pack.Id, manifest.Version, id));
        await batch.ExecuteNonQueryAsync(stop);
        if (publish.RecordsAffected > 0) return null;
        var looked = await checks.LookAtFilesAsync(manifest, stop);
        if (looked.Refusal is not null) return looked.Refusal;
        return looked.Generation == generation
            ? await RefusalAsync(pack, manifest.Version, keyId, stop)
            : await AddAsync(pack, manifest, body, actor, looked.Generation, stop); // something was collected, but nothing of this
    }

    /// <summary>The key was revoked meanwhile, or the version published or built, or the pack deleted or renamed, or the caller left its team.</summary>
    private async Task<ApiError> RefusalAsync(PackFacts pack, string version, string keyId, CancellationToken stop)
    {
        var (isRevoked, isDuplicate) = await db.FirstAsync(RefusalSql, row => (row.GetBoolean(0), row.GetBoolean(1)), stop, pack.Id, version, keyId);
        if (isRevoked) return VersionErrors.Revoked(keyId);
        return isDuplicate ? VersionErrors.Duplicate(pack.Slug, version) : PackErrors.NotFound(pack.Slug);
    }

    private static AuditRecorded Audit(Actor actor, PackFacts pack, string version, string keyId, DateTimeOffset now)
    {
        Guid? owner = actor.Caller.AccountId == pack.OwnerId ? null : pack.OwnerId;
        return actor.Did(AuditActions.VersionPublished, $"version:{pack.Slug}@{version}", now, owner, ("key", keyId));
    }

    /// <summary>What another command would be given, behind what this one is given.</summary>
    private static void Add(NpgsqlBatchCommand command, NpgsqlBatchCommand other)
    {
        foreach (NpgsqlParameter parameter in other.Parameters) command.Parameters.Add(parameter.Clone());
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
