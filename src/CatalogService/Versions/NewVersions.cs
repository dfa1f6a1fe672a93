using System.Security.Cryptography;
using Npgsql;
using PackRelay.CatalogService.Access;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Packs;
using PackRelay.Contracts;
using PackRelay.Manifests.Model;
using PackRelay.ServiceDefaults.Audit;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Outbox;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Versions;

/// <summary>
/// Makes a version true: its row, the pack's latest, the files it refers to and the event. The statements travel as one batch, which is one transaction
/// and one round trip, so that the pack stays locked for as short as can be.
/// </summary>
internal sealed class NewVersions(NpgsqlDataSource db, PublishChecks checks, TimeProvider clock)
{
    // The key stays as it is until the commit: a publish is before the key's revocation or refused, never beside it.
    // Locking the pack first puts its publishes in a row, so that positions, revisions and events have one order. Of two publishes of one
    // version the later one waits here, then conflicts and inserts nothing; then the statements behind it change nothing either.
    private const string InsertSql = """
        WITH key AS (SELECT k.key_id FROM publisher_keys k WHERE k.key_id = $7 AND k.revoked_at IS NULL FOR SHARE),
        pack AS (
            SELECT p.id FROM packs p, key
             WHERE p.id = $1 AND p.visibility <> 'deleted' AND p.game = $12 AND (SELECT c.generation FROM file_collection c) = $13
               AND (p.owner_id = $2 OR EXISTS (SELECT FROM pack_members m WHERE m.pack_id = p.id AND m.account_id = $2))
               FOR UPDATE OF p)
        INSERT INTO pack_versions (id, pack_id, version, manifest, manifest_sha256, key_id, published_at, accepted_at, file_count, total_size_bytes)
        SELECT $3, pack.id, $4, $5, $6, $7, $8, $9, $10, $11 FROM pack
        ON CONFLICT (pack_id, version) DO NOTHING
        """;

    private const string LatestSql = """
        UPDATE packs SET latest_version_id = $2, latest_version = $3, file_count = $4, total_size_bytes = $5, active_at = $6, revision = revision + 1
         WHERE id = $1 AND EXISTS (SELECT FROM pack_versions v WHERE v.id = $2)
        """;

    private const string FilesSql = "INSERT INTO version_files (version_id, sha256) SELECT v.id, unnest($2) FROM pack_versions v WHERE v.id = $1";

    // A version that was held back, by the scan or for it, is held no longer.
    private const string ReleaseSql = "DELETE FROM held_versions WHERE pack_id = $1 AND version = $2 AND EXISTS (SELECT FROM pack_versions v WHERE v.id = $3)";

    // Only the database knows the revision: the first five parameters are those of OutboxWriter.
    private const string EventSql = """
        INSERT INTO outbox (event_id, entity, event_type, body, trace_parent)
        SELECT $1, $2, $3, jsonb_set($4, '{Revision}', to_jsonb(p.revision)), $5 FROM packs p WHERE p.id = $6 AND p.latest_version_id = $7
        """;

    private const string AuditSql = """
        INSERT INTO outbox (event_id, entity, event_type, body, trace_parent) SELECT $1, $2, $3, $4, $5 FROM pack_versions v WHERE v.id = $6
        """;

    private const string RefusalSql = """
        SELECT EXISTS (SELECT FROM publisher_keys WHERE key_id = $3 AND revoked_at IS NOT NULL), EXISTS (SELECT FROM pack_versions WHERE pack_id = $1 AND version = $2)
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
        var insert = Command(
            InsertSql, pack.Id, actor.Caller.AccountId, id, manifest.Version, body, sha256, keyId, manifest.PublishedAt, now, manifest.Files.Count, manifest.TotalSizeBytes,
            manifest.Game, generation);
        var outbox = OutboxWriter.Command(PackEntity.Of(pack.Slug), published);
        outbox.CommandText = EventSql;
        outbox.Parameters.Add(new NpgsqlParameter { Value = pack.Id });
        outbox.Parameters.Add(new NpgsqlParameter { Value = id });

        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(FileCollector.HoldOff()); // while this lasts nothing is collected, and what was since the files were looked at shows
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(Command(LatestSql, pack.Id, id, manifest.Version, manifest.Files.Count, manifest.TotalSizeBytes, now));
        batch.BatchCommands.Add(Command(FilesSql, id, files));
        batch.BatchCommands.Add(Command(ReleaseSql, pack.Id, manifest.Version, id));
        batch.BatchCommands.Add(PackKeys.Used(id));
        batch.BatchCommands.Add(outbox);
        batch.BatchCommands.Add(Audit(actor, pack, id, manifest.Version, keyId, now));
        await batch.ExecuteNonQueryAsync(stop);
        if (insert.RecordsAffected == 1) return null;
        var looked = await checks.LookAtFilesAsync(manifest, stop);
        if (looked.Refusal is not null) return looked.Refusal;
        return looked.Generation == generation
            ? await RefusalAsync(pack, manifest.Version, keyId, stop)
            : await AddAsync(pack, manifest, body, actor, looked.Generation, stop); // something was collected, but nothing of this
    }

    /// <summary>The key was revoked meanwhile, or the version published, or the pack deleted, or the caller left its team.</summary>
    private async Task<ApiError> RefusalAsync(PackFacts pack, string version, string keyId, CancellationToken stop)
    {
        var (isRevoked, isDuplicate) = await db.FirstAsync(RefusalSql, row => (row.GetBoolean(0), row.GetBoolean(1)), stop, pack.Id, version, keyId);
        if (isRevoked) return VersionErrors.Revoked(keyId);
        return isDuplicate ? VersionErrors.Duplicate(pack.Slug, version) : PackErrors.NotFound(pack.Slug);
    }

    private static NpgsqlBatchCommand Audit(Actor actor, PackFacts pack, Guid id, string version, string keyId, DateTimeOffset now)
    {
        Guid? owner = actor.Caller.AccountId == pack.OwnerId ? null : pack.OwnerId;
        var command = AuditTrail.Command(actor.Did(AuditActions.VersionPublished, $"version:{pack.Slug}@{version}", now, owner, ("key", keyId)));
        command.CommandText = AuditSql;
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        return command;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
