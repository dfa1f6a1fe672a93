using Npgsql;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Files.Scanning;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Frameworks;

internal sealed class FrameworkQueries(NpgsqlDataSource db, FileScans scans, TimeProvider clock)
{
    private const string FilesSql = """
        SELECT path, encode(sha256, 'hex'), size_bytes FROM framework_files WHERE framework_id = $1 AND version = $2 ORDER BY path
        """;

    // Files that nobody uploaded, or not with that size.
    private const string MissingSql = """
        SELECT DISTINCT encode(wanted.sha256, 'hex') FROM unnest($1, $2) AS wanted (sha256, size_bytes)
         WHERE NOT EXISTS (SELECT FROM files f WHERE f.sha256 = wanted.sha256 AND f.size_bytes = wanted.size_bytes)
        """;

    // Files that the scan refused, or has not looked at by the rules in force.
    private const string RefusedSql = """
        SELECT encode(f.sha256, 'hex'), COALESCE(f.scan_problem, 'the file could not be scanned yet') FROM files f
         WHERE f.sha256 = ANY ($1) AND (f.scan_problem IS NOT NULL OR f.scan_rules < $2)
        """;

    private const string AddSql = "INSERT INTO frameworks (id, version, file_count, total_size_bytes, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

    private const string AddFilesSql = """
        INSERT INTO framework_files (framework_id, version, path, sha256, size_bytes) SELECT $1, $2, path, sha256, size_bytes FROM unnest($3, $4, $5) AS files (path, sha256, size_bytes)
        """;

    /// <summary>Files of a version; empty when it is not registered.</summary>
    public Task<List<FileEntry>> FilesAsync(string id, string version, CancellationToken stop) =>
        db.ListAsync(FilesSql, row => new FileEntry(row.GetString(0), row.GetString(1), row.GetInt64(2)), stop, id, version);

    /// <summary>Registers a version, unless files are missing or refused by the scan: then it says which. Neither when the version is registered already.</summary>
    public async Task<(bool IsAdded, ApiError? Refusal)> AddAsync(Framework framework, CancellationToken stop)
    {
        await scans.ScanAsync(Hashes(framework.Files), stop); // what has been looked at is not looked at again
        return await db.InTransactionAsync(connection => AddAsync(connection, framework, stop), stop);
    }

    private async Task<(bool IsAdded, ApiError? Refusal)> AddAsync(NpgsqlConnection connection, Framework framework, CancellationToken stop)
    {
        var (id, version, files) = framework;
        await FileCollector.HoldOffAsync(connection, stop); // what is there now stays
        var missing = await connection.ListAsync(MissingSql, row => row.GetString(0), stop, Hashes(files), Sizes(files));
        if (missing.Count > 0) return (false, FrameworkErrors.Missing(missing));
        var refused = (await connection.ListAsync(RefusedSql, row => (Sha256: row.GetString(0), Problem: row.GetString(1)), stop, Hashes(files), scans.Rules))
            .ToDictionary(file => file.Sha256, file => file.Problem, StringComparer.Ordinal);
        if (refused.Count > 0) return (false, FrameworkErrors.Rejected(files, refused));
        if (await connection.ExecuteAsync(AddSql, stop, id, version, files.Count, files.Sum(file => file.Size), clock.GetUtcNow()) == 0) return (false, null);
        await connection.ExecuteAsync(AddFilesSql, stop, id, version, files.Select(file => file.Path).ToArray(), Hashes(files), Sizes(files));
        return (true, null);
    }

    private static byte[][] Hashes(IReadOnlyList<FileEntry> files) => [.. files.Select(file => Convert.FromHexString(file.Sha256))];

    private static long[] Sizes(IReadOnlyList<FileEntry> files) => [.. files.Select(file => file.Size)];
}
