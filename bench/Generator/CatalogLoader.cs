using System.Security.Cryptography;
using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using PackRelay.Manifests.Signing;

namespace PackRelay.Generator;

/// <summary>Fills the catalog's database by binary COPY with what its own statements would have stored: every column that they set is set here, from a really signed manifest.</summary>
internal sealed class CatalogLoader(NpgsqlDataSource db, GeneratedCatalog catalog, GeneratedPublisher account)
{
    private const string PublishersSql = """
        WITH publishers AS (SELECT * FROM unnest($1, $2, $3, $4, $5) AS p (id, username, display_name, key_id, public_key)),
        known AS (INSERT INTO accounts (id, username, display_name, revision) SELECT id, username, display_name, 0 FROM publishers ON CONFLICT DO NOTHING)
        INSERT INTO publisher_keys (key_id, owner_id, public_key, created_at) SELECT key_id, id, public_key, now() FROM publishers ON CONFLICT DO NOTHING
        """;

    private const string PackCopy = """
        COPY packs (id, slug, owner_id, publisher_name, name, summary, description, tags, game, visibility, is_featured, latest_version_id, latest_version, file_count, total_size_bytes,
            download_count, favorite_count, installs_last_week, created_at, active_at) FROM STDIN (FORMAT binary)
        """;

    private const string VersionCopy = """
        COPY pack_versions (id, pack_id, version, manifest, manifest_sha256, key_id, published_at, accepted_at, file_count, total_size_bytes, withdrawn_at, withdraw_reason)
            FROM STDIN (FORMAT binary)
        """;

    // What each publish and upload adds up, from what is there now.
    private const string SumsSql = """
        INSERT INTO pack_keys (pack_id, key_id, versions, first_used_at, last_used_at)
        SELECT pack_id, key_id, count(*), min(accepted_at), max(accepted_at) FROM pack_versions GROUP BY pack_id, key_id;
        INSERT INTO account_storage (account_id, stored_bytes) SELECT uploader_id, sum(size_bytes) FROM files GROUP BY uploader_id
        """;

    public async Task RunAsync(Func<string, Task> say, CancellationToken stop)
    {
        await FilesAsync(stop);
        await PublishersAsync([.. catalog.Publishers, account], stop);
        await say($"{GeneratedCatalog.BlobCount} files, {catalog.Publishers.Count} publishers");

        // Filling the search indexes row by row takes minutes; building them anew does not.
        var indexes = await SearchIndexesAsync(stop);
        foreach (var (name, _) in indexes) await ExecuteAsync($"DROP INDEX {name}", stop);
        await CopyPacksAsync(stop);
        await say($"{catalog.PackCount} packs");
        foreach (var (_, definition) in indexes) await ExecuteAsync(definition, stop);
        await say("search indexes");
        await CopyVersionsAsync(stop);
        await say($"{catalog.VersionCount} versions");
        await CopyVersionFilesAsync(stop);
        await ExecuteAsync(SumsSql, stop);
        await ExecuteAsync("VACUUM ANALYZE", stop);
        await say("statistics");
    }

    private IEnumerable<GeneratedPack> Packs() => BenchPacks.WithManifests(catalog.Publishers[0])
        .Concat(BenchPacks.Private(account))
        .Concat(BenchPacks.ForPublishing(account))
        .Concat(Enumerable.Range(0, catalog.PackCount).Select(catalog.Pack));

    private async Task ExecuteAsync(string sql, CancellationToken stop)
    {
        await using var command = db.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(stop);
    }

    private async Task<List<(string Name, string Definition)>> SearchIndexesAsync(CancellationToken stop)
    {
        var found = new List<(string, string)>();
        await using var command = db.CreateCommand("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'packs' AND indexdef LIKE '%USING gin%'");
        await using var row = await command.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop)) found.Add((row.GetString(0), row.GetString(1)));
        return found;
    }

    private async Task FilesAsync(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var copy = await connection.BeginBinaryImportAsync("COPY files (sha256, size_bytes, uploader_id, created_at, scan_rules) FROM STDIN (FORMAT binary)", stop);
        for (var i = 0; i < GeneratedCatalog.BlobCount; i++)
        {
            var (sha256, size) = GeneratedCatalog.Blob(i);
            await copy.StartRowAsync(stop);
            await copy.WriteAsync(Convert.FromHexString(sha256), NpgsqlDbType.Bytea, stop);
            await copy.WriteAsync(size, NpgsqlDbType.Bigint, stop);
            await copy.WriteAsync(account.Id, NpgsqlDbType.Uuid, stop);
            await copy.WriteAsync(DateTimeOffset.UnixEpoch, NpgsqlDbType.TimestampTz, stop);
            await copy.WriteAsync(int.MaxValue, NpgsqlDbType.Integer, stop); // scanned by whatever rules: there is no content to look into
        }

        await copy.CompleteAsync(stop);
    }

    private async Task PublishersAsync(GeneratedPublisher[] publishers, CancellationToken stop)
    {
        await using var command = db.CreateCommand(PublishersSql);
        command.Parameters.Add(new() { Value = Array.ConvertAll(publishers, publisher => publisher.Id) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(publishers, publisher => publisher.Username) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(publishers, publisher => publisher.DisplayName) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(publishers, publisher => publisher.KeyId) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(publishers, publisher => Ed25519.DerivePublicKey(publisher.Seed)) });
        await command.ExecuteNonQueryAsync(stop);
    }

    private async Task CopyPacksAsync(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var copy = await connection.BeginBinaryImportAsync(PackCopy, stop);
        copy.Timeout = TimeSpan.FromMinutes(10);
        foreach (var pack in Packs())
        {
            var latest = pack.Versions.LastOrDefault(version => !version.IsWithdrawn);
            await copy.StartRowAsync(stop);
            await copy.WriteAsync(pack.Id, NpgsqlDbType.Uuid, stop);
            await copy.WriteAsync(pack.Slug, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.Owner.Id, NpgsqlDbType.Uuid, stop);
            await copy.WriteAsync(pack.Owner.DisplayName, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.Name, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.Summary, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.Description, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.Tags, NpgsqlDbType.Array | NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.Game, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.Visibility, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(pack.IsFeatured, NpgsqlDbType.Boolean, stop);
            await WriteAsync(copy, latest?.Id, NpgsqlDbType.Uuid, stop);
            await WriteAsync(copy, latest?.Version, NpgsqlDbType.Text, stop);
            await copy.WriteAsync(latest?.Blobs.Count ?? 0, NpgsqlDbType.Integer, stop);
            await copy.WriteAsync(latest is null ? 0L : TotalSizeBytes(latest), NpgsqlDbType.Bigint, stop);
            await copy.WriteAsync(pack.Downloads, NpgsqlDbType.Bigint, stop);
            await copy.WriteAsync(pack.Favorites, NpgsqlDbType.Bigint, stop);
            await copy.WriteAsync(pack.InstallsLastWeek, NpgsqlDbType.Bigint, stop);
            await copy.WriteAsync(pack.CreatedAt, NpgsqlDbType.TimestampTz, stop);
            await copy.WriteAsync(pack.Versions.Count == 0 ? pack.CreatedAt : pack.Versions[^1].AcceptedAt, NpgsqlDbType.TimestampTz, stop);
        }

        await copy.CompleteAsync(stop);
    }

    /// <summary>Signing takes most of the time, so it is done on all cores while one connection copies. A pack's versions stay together: their rows are numbered in the order of arrival.</summary>
    private async Task CopyVersionsAsync(CancellationToken stop)
    {
        var signed = Channel.CreateBounded<(GeneratedPack Pack, byte[][] Manifests)>(1_000);
        var signing = SignAsync(signed.Writer, stop);
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var copy = await connection.BeginBinaryImportAsync(VersionCopy, stop);
        copy.Timeout = TimeSpan.FromMinutes(10);
        await foreach (var (pack, manifests) in signed.Reader.ReadAllAsync(stop))
        {
            for (var i = 0; i < manifests.Length; i++)
            {
                var version = pack.Versions[i];
                await copy.StartRowAsync(stop);
                await copy.WriteAsync(version.Id, NpgsqlDbType.Uuid, stop);
                await copy.WriteAsync(pack.Id, NpgsqlDbType.Uuid, stop);
                await copy.WriteAsync(version.Version, NpgsqlDbType.Text, stop);
                await copy.WriteAsync(manifests[i], NpgsqlDbType.Bytea, stop);
                await copy.WriteAsync(Convert.ToHexStringLower(SHA256.HashData(manifests[i])), NpgsqlDbType.Text, stop);
                await copy.WriteAsync(pack.Owner.KeyId, NpgsqlDbType.Text, stop);
                await copy.WriteAsync(SignedManifests.PublishedAt(version), NpgsqlDbType.Text, stop);
                await copy.WriteAsync(version.AcceptedAt, NpgsqlDbType.TimestampTz, stop);
                await copy.WriteAsync(version.Blobs.Count, NpgsqlDbType.Integer, stop);
                await copy.WriteAsync(TotalSizeBytes(version), NpgsqlDbType.Bigint, stop);
                await WriteAsync(copy, version.IsWithdrawn ? version.AcceptedAt.AddHours(1) : (DateTimeOffset?)null, NpgsqlDbType.TimestampTz, stop);
                await WriteAsync(copy, version.IsWithdrawn ? "It does not start." : null, NpgsqlDbType.Text, stop);
            }
        }

        await signing;
        await copy.CompleteAsync(stop);
    }

    private async Task SignAsync(ChannelWriter<(GeneratedPack Pack, byte[][] Manifests)> signed, CancellationToken stop)
    {
        try
        {
            await Parallel.ForEachAsync(
                Packs().Where(pack => pack.Versions.Count > 0), stop,
                (pack, end) => signed.WriteAsync((pack, [.. pack.Versions.Select(version => SignedManifests.Sign(pack, version))]), end));
            signed.Complete();
        }
        catch (Exception error)
        {
            signed.Complete(error); // the reader ends with it
        }
    }

    private async Task CopyVersionFilesAsync(CancellationToken stop)
    {
        await using var connection = await db.OpenConnectionAsync(stop);
        await using var copy = await connection.BeginBinaryImportAsync("COPY version_files (version_id, sha256) FROM STDIN (FORMAT binary)", stop);
        copy.Timeout = TimeSpan.FromMinutes(10);
        foreach (var pack in Packs())
        {
            foreach (var version in pack.Versions)
            {
                foreach (var blob in version.Blobs)
                {
                    await copy.StartRowAsync(stop);
                    await copy.WriteAsync(version.Id, NpgsqlDbType.Uuid, stop);
                    await copy.WriteAsync(Convert.FromHexString(GeneratedCatalog.Blob(blob).Sha256), NpgsqlDbType.Bytea, stop);
                }
            }
        }

        await copy.CompleteAsync(stop);
    }

    private static long TotalSizeBytes(GeneratedVersion version) => version.Blobs.Sum(blob => GeneratedCatalog.Blob(blob).SizeBytes);

    private static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken stop) =>
        value is null ? copy.WriteNullAsync(stop) : copy.WriteAsync(value, type, stop);
}
