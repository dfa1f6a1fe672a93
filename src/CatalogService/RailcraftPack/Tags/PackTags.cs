using System.Text.Json;
using Npgsql;
using PackRelay.Manifests.Rules;
using PackRelay.ServiceDefaults.Http;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Tags;

/// <summary>
/// Gives versions their tags, in the order in which they were published, withdrawn ones too. A tag follows from the versions before it, which never change; so it may be given when somebody first asks, and is the same
/// as if it had been given at once. Publishing itself, of packs that nobody reads in this dialect, costs nothing more.
/// </summary>
internal sealed class PackTags(NpgsqlDataSource db)
{
    private static readonly byte[] NoFiles = ClientFiles.HashOf([]);

    private const string LockSql = "SELECT pg_advisory_xact_lock(hashtextextended('railcraft-tags:' || $1::text, 0))";

    private const string LastSql = "SELECT position, whole, hundredths, client_sha256 FROM railcraft_tags WHERE pack_id = $1 ORDER BY position DESC LIMIT 1";

    private const string NextSql = "SELECT id, position, manifest FROM pack_versions WHERE pack_id = $1 AND position > $2 ORDER BY position LIMIT 1";

    private const string AddSql = """
        INSERT INTO railcraft_tags (version_id, pack_id, position, whole, hundredths, is_client_change, client_sha256, contents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string MajorSql = "SELECT whole, hundredths FROM railcraft_tags WHERE pack_id = $1 AND is_client_change AND position <= $2 ORDER BY position DESC LIMIT 1";

    // By tag, or by the version itself.
    private const string FindByTagSql = "SELECT version_id, whole, hundredths FROM railcraft_tags WHERE pack_id = $1 AND whole = $2 AND hundredths = $3";

    private const string FindByVersionSql = """
        SELECT t.version_id, t.whole, t.hundredths FROM pack_versions v JOIN railcraft_tags t ON t.version_id = v.id WHERE v.pack_id = $1 AND v.version = $2
        """;

    /// <summary>Tags every version of a pack that has no tag yet; one transaction for each, so that what is done stays done.</summary>
    public async Task TagAsync(Guid packId, CancellationToken stop)
    {
        while (await db.InTransactionAsync(connection => TagNextAsync(connection, packId, stop), stop))
        {
        }
    }

    /// <summary>The tag of the last version up to a position that changed a file of the players; 0.00 when none did.</summary>
    public Task<PackTag> MajorAsync(Guid packId, long position, CancellationToken stop) =>
        db.FirstAsync(MajorSql, row => new PackTag(row.GetInt32(0), row.GetInt32(1)), stop, packId, position);

    /// <summary>The version that a client calls by its tag or by its semantic version; null when there is none.</summary>
    public async Task<TaggedVersion?> FindAsync(Guid packId, string name, CancellationToken stop)
    {
        if (PackTag.TryParse(name, out var tag)) return await db.FirstAsync(FindByTagSql, Read, stop, packId, tag.Whole, tag.Hundredths);
        if (!SemanticVersion.IsManifestVersion(name)) return null; // may be what Postgres takes for no text
        var found = await db.FirstAsync(FindByVersionSql, Read, stop, packId, name);
        if (found is not null) return found;
        await TagAsync(packId, stop); // it may have been published and withdrawn before anybody asked
        return await db.FirstAsync(FindByVersionSql, Read, stop, packId, name);
    }

    private static async Task<bool> TagNextAsync(NpgsqlConnection connection, Guid packId, CancellationToken stop)
    {
        await connection.ExecuteAsync(LockSql, stop, packId);
        var last = await connection.FirstAsync(LastSql, row => new Last(row.GetInt64(0), new(row.GetInt32(1), row.GetInt32(2)), row.GetFieldValue<byte[]>(3)), stop, packId)
            ?? new Last(0, default, NoFiles);
        var next = await connection.FirstAsync(NextSql, row => new Untagged(row.GetGuid(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), stop, packId, last.Position);
        if (next is null) return false;
        var files = ClientFiles.Read(next.Manifest);
        var hash = ClientFiles.HashOf(files);
        var isClientChange = !hash.AsSpan().SequenceEqual(last.ClientSha256);
        var tag = last.Tag.Next(isClientChange);
        var contents = JsonSerializer.SerializeToUtf8Bytes(PackContents.Of(next.Manifest, files), ApiJson.Options);
        await connection.ExecuteAsync(AddSql, stop, next.VersionId, packId, next.Position, tag.Whole, tag.Hundredths, isClientChange, hash, contents);
        return true;
    }

    private static TaggedVersion Read(NpgsqlDataReader row) => new(row.GetGuid(0), new PackTag(row.GetInt32(1), row.GetInt32(2)));

    private sealed record Last(long Position, PackTag Tag, byte[] ClientSha256);

    private sealed record Untagged(Guid VersionId, long Position, byte[] Manifest);
}

/// <summary>A version and what the dialect calls it.</summary>
internal sealed record TaggedVersion(Guid VersionId, PackTag Tag);
