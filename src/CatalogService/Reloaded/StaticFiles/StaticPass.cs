using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Storage;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Reloaded.StaticFiles;

/// <summary>
/// Writes the static files that are due, by one replica at a time. A file's bytes are in the blob store before its path leads to them, and the path changes in one transaction: whoever reads gets the old file or the new
/// one, whole. A file that would be the same is left alone. Each thing that is due is a transaction of its own, and one that fails waits a minute, so that the others go on.
/// </summary>
internal sealed partial class StaticPass(NpgsqlDataSource db, StaticContent content, IBlobStore blobs, IOptions<ReloadedOptions> options, TimeProvider clock, ILogger<StaticPass> logger)
{
    private const int BatchSize = 50;

    private static readonly TimeSpan FailurePause = TimeSpan.FromMinutes(1);

    private const string LockSql = "SELECT pg_try_advisory_xact_lock(hashtextextended('reloaded static files', 0))";

    private const string DueSql = "SELECT kind, key FROM reloaded_static_due WHERE due_at <= $1 ORDER BY due_at, kind, key LIMIT $2";

    private const string RevisionSql = "SELECT revision FROM reloaded_static_due WHERE kind = $1 AND key = $2 AND due_at <= $3";

    private const string PushBackSql = "UPDATE reloaded_static_due SET due_at = $3 WHERE kind = $1 AND key = $2";

    private const string KnownSql = "SELECT sha256 FROM reloaded_static_files WHERE path = $1";

    private const string PutSql = """
        INSERT INTO reloaded_static_files (path, sha256, size_bytes, written_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (path) DO UPDATE SET sha256 = EXCLUDED.sha256, size_bytes = EXCLUDED.size_bytes, written_at = EXCLUDED.written_at
        """;

    private const string RemoveSql = "DELETE FROM reloaded_static_files WHERE path = $1";

    private const string OrphanSql = "INSERT INTO removed_files (sha256, removed_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"; // the collector sees whether another path still leads to it

    // Last of all, and waiting for nobody: who publishes meanwhile must not wait for the files of others. What changed since it was read stays due; files of many packages, of which one may always change, with a new term.
    internal const string DoneSql = """
        WITH done AS (
            SELECT kind, key, revision = $3 AS is_same FROM reloaded_static_due WHERE kind = $1 AND key = $2 FOR UPDATE SKIP LOCKED),
        gone AS (
            DELETE FROM reloaded_static_due d USING done WHERE d.kind = done.kind AND d.key = done.key AND done.is_same)
        UPDATE reloaded_static_due d SET due_at = CASE d.kind WHEN 'reports' THEN $4 ELSE $5 END
          FROM done WHERE d.kind = done.kind AND d.key = done.key AND NOT done.is_same AND d.kind IN ('reports', 'search')
        """;

    /// <summary>Gives how many of at most 50 things that are due were written; 0 when nothing is left, or nothing works, and also when another replica is at it.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var written = 0;
        foreach (var (kind, key) in await db.ListAsync(DueSql, row => (Kind: row.GetString(0), Key: row.GetString(1)), stop, clock.GetUtcNow(), BatchSize))
        {
            try
            {
                if (await db.InTransactionAsync(connection => WriteAsync(connection, kind, key, stop), stop)) written++;
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                await db.ExecuteAsync(PushBackSql, stop, kind, key, clock.GetUtcNow() + FailurePause); // without the database nothing can be pushed back, and that ends the pass
                NotWritten(error, kind, key);
            }
        }

        return written;
    }

    private async Task<bool> WriteAsync(NpgsqlConnection connection, string kind, string key, CancellationToken stop)
    {
        if (!await connection.ScalarAsync<bool>(LockSql, stop)) return false;
        var now = clock.GetUtcNow();
        var revision = await connection.ScalarAsync<long>(RevisionSql, stop, kind, key, now);
        if (revision == 0) return false; // another replica was faster
        foreach (var (path, bytes) in await content.BuildAsync(connection, kind, key, stop)) await PutAsync(connection, path, bytes, now, stop);
        await connection.ExecuteAsync(DoneSql, stop, kind, key, revision, now + options.Value.StaticReportsInterval, now + StaticDue.SearchPause);
        return true;
    }

    private async Task PutAsync(NpgsqlConnection connection, string path, byte[]? bytes, DateTimeOffset now, CancellationToken stop)
    {
        var known = await connection.ScalarAsync<byte[]>(KnownSql, stop, path);
        var sha256 = bytes is null ? null : SHA256.HashData(bytes);
        if (sha256 is null ? known is null : known is not null && known.AsSpan().SequenceEqual(sha256)) return;
        if (bytes is null)
        {
            await connection.ExecuteAsync(RemoveSql, stop, path);
        }
        else
        {
            await StoredFiles.LockAsync(connection, sha256!, stop); // the collector may be about to remove such a blob: it looks whether it is needed under this lock
            using var body = new MemoryStream(bytes, writable: false);
            var (outcome, _, _) = await blobs.WriteAsync(body, Convert.ToHexStringLower(sha256!), bytes.Length, stop);
            if (outcome != BlobOutcome.Stored) throw new IOException($"The static file {path} could not be stored: {outcome}.");
            await connection.ExecuteAsync(PutSql, stop, path, sha256, (long)bytes.Length, now);
        }

        if (known is not null) await connection.ExecuteAsync(OrphanSql, stop, known, now);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The static files of {Kind} {Key} could not be written; they are tried again in a minute")]
    private partial void NotWritten(Exception error, string kind, string key);
}
