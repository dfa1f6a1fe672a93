using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Scanning;

/// <summary>Scans files that wait for it, and keeps what was found.</summary>
internal sealed class FileScans(NpgsqlDataSource db, IBlobStore blobs, FileScanner scanner, IOptions<ScanOptions> options, TimeProvider clock)
{
    // A claim outlives the longest scan; a replica that died over a file gives it back by that.
    private const string ClaimSql = """
        UPDATE files SET scan_claimed_until = $2 WHERE sha256 = (
            SELECT sha256 FROM files WHERE scan_rules < $1 AND (scan_claimed_until IS NULL OR scan_claimed_until < $3)
             ORDER BY scan_rules, created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING encode(sha256, 'hex')
        """;

    private const string WaitingSql = "SELECT encode(sha256, 'hex') FROM files WHERE sha256 = ANY ($1) AND scan_rules < $2";

    private const string KeepSql = "UPDATE files SET scan_rules = $2, scan_problem = $3, scan_claimed_until = NULL WHERE sha256 = $1 AND scan_rules < $2";

    public int Rules => options.Value.Rules;

    /// <summary>Scans one file that waits; false when none does.</summary>
    public async Task<bool> ScanNextAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var sha256 = await db.ScalarAsync<string>(ClaimSql, stop, Rules, now + (2 * options.Value.MaxTime), now);
        if (sha256 is null) return false;
        await ScanAsync(sha256, stop);
        return true;
    }

    /// <summary>Scans those of these files that wait.</summary>
    public async Task ScanAsync(byte[][] hashes, CancellationToken stop)
    {
        foreach (var sha256 in await db.ListAsync(WaitingSql, row => row.GetString(0), stop, hashes, Rules)) await ScanAsync(sha256, stop);
    }

    private async Task ScanAsync(string sha256, CancellationToken stop)
    {
        await using var content = await blobs.OpenAsync(sha256, stop);
        if (content is null) return; // being collected
        var result = await scanner.ScanAsync(content, inline: false, stop);
        await db.ExecuteAsync(KeepSql, stop, Convert.FromHexString(sha256), Rules, result.Problem);
    }
}
