using Npgsql;
using PackRelay.CatalogService.Files.Collection;
using PackRelay.CatalogService.Versions;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Frameworks;

internal sealed class FrameworkQueries(NpgsqlDataSource db, TimeProvider clock)
{
    private const string FilesSql = """
        SELECT path, encode(sha256, 'hex'), size_bytes FROM framework_files WHERE framework_id = $1 AND version = $2 ORDER BY path
        """;

    // Files that nobody uploaded, or not with that size.
    private const string MissingSql = """
        SELECT DISTINCT encode(wanted.sha256, 'hex') FROM unnest($1, $2) AS wanted (sha256, size_bytes)
         WHERE NOT EXISTS (SELECT FROM files f WHERE f.sha256 = wanted.sha256 AND f.size_bytes = wanted.size_bytes)
        """;

    private const string AddSql = "INSERT INTO frameworks (id, version, file_count, total_size_bytes, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";

    private const string AddFilesSql = """
        INSERT INTO framework_files (framework_id, version, path, sha256, size_bytes) SELECT $1, $2, path, sha256, size_bytes FROM unnest($3, $4, $5) AS files (path, sha256, size_bytes)
        """;

    /// <summary>Files of a version; empty when it is not registered.</summary>
    public Task<List<FileEntry>> FilesAsync(string id, string version, CancellationToken stop) =>
        db.ListAsync(FilesSql, row => new FileEntry(row.GetString(0), row.GetString(1), row.GetInt64(2)), stop, id, version);

    /// <summary>Registers a version, unless files are missing: then it gives their hashes. Neither when the version is registered already.</summary>
    public Task<(bool IsAdded, List<string> Missing)> AddAsync(Framework framework, CancellationToken stop) => db.InTransactionAsync(
        async connection =>
        {
            var (id, version, files) = framework;
            await FileCollector.HoldOffAsync(connection, stop); // what is there now stays
            var missing = await connection.ListAsync(MissingSql, row => row.GetString(0), stop, Hashes(files), Sizes(files));
            if (missing.Count > 0) return (false, missing);
            if (await connection.ExecuteAsync(AddSql, stop, id, version, files.Count, files.Sum(file => file.Size), clock.GetUtcNow()) == 0) return (false, missing);
            await connection.ExecuteAsync(AddFilesSql, stop, id, version, files.Select(file => file.Path).ToArray(), Hashes(files), Sizes(files));
            return (true, missing);
        },
        stop);

    private static byte[][] Hashes(IReadOnlyList<FileEntry> files) => [.. files.Select(file => Convert.FromHexString(file.Sha256))];

    private static long[] Sizes(IReadOnlyList<FileEntry> files) => [.. files.Select(file => file.Size)];
}
