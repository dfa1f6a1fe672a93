using Npgsql;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Multipart;

/// <summary>An upload in parts.</summary>
/// <param name="Id">Identifies it.</param>
/// <param name="Sha256">Hash of the file that it will be, 64 lower-case hex digits.</param>
/// <param name="Status">How far it is.</param>
/// <param name="SizeBytes">Size of the file, once it is completed.</param>
/// <param name="TouchedAt">Last sign of life, UTC.</param>
internal sealed record Upload(Guid Id, string Sha256, string Status, long? SizeBytes, DateTimeOffset TouchedAt)
{
    public const string Open = "open";

    public const string Completed = "completed";
}

/// <summary>A part that was received.</summary>
/// <param name="Number">1 to 10,000; the order of the parts.</param>
/// <param name="Name">Its name in the blob store.</param>
/// <param name="ETag">Tells one content of the part from another.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
internal sealed record UploadPart(int Number, string Name, string ETag, long SizeBytes);

/// <summary>Reads and ends uploads. An upload is there for its own account only.</summary>
internal sealed class Uploads(NpgsqlDataSource db, TimeProvider clock)
{
    private const string Columns = "id, encode(sha256, 'hex'), status, size_bytes, touched_at";

    private const string FindSql = $"SELECT {Columns} FROM uploads WHERE id = $1 AND account_id = $2 AND status <> 'aborted'";

    private const string LockSql = FindSql + " FOR UPDATE";

    private const string PartsSql = "SELECT part_number, name, etag, size_bytes FROM upload_parts WHERE upload_id = $1 ORDER BY part_number";

    private const string AddSql = """
        INSERT INTO uploads (id, account_id, sha256, created_at, touched_at)
        SELECT $1, $2, $3, $4, $4 WHERE (SELECT count(*) FROM uploads WHERE account_id = $2 AND status = 'open') < $5
        """; // a little more when several begin at once: it only bounds what one account may leave lying about

    private const string TouchSql = "UPDATE uploads SET touched_at = $2 WHERE id = $1";

    private const string PutPartSql = """
        INSERT INTO upload_parts (upload_id, part_number, name, etag, size_bytes) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (upload_id, part_number) DO UPDATE SET name = EXCLUDED.name, etag = EXCLUDED.etag, size_bytes = EXCLUDED.size_bytes
        """;

    private const string PartSql = "SELECT part_number, name, etag, size_bytes FROM upload_parts WHERE upload_id = $1 AND part_number = $2";

    private const string SumSql = "SELECT COALESCE(sum(size_bytes), 0)::bigint FROM upload_parts WHERE upload_id = $1";

    private const string EndSql = "UPDATE uploads SET status = $2, size_bytes = $3, touched_at = $4 WHERE id = $1";

    public Task<Upload?> FindAsync(string? uploadId, Caller caller, CancellationToken stop) =>
        Guid.TryParseExact(uploadId, "N", out var id) ? db.FirstAsync(FindSql, Read, stop, id, caller.AccountId) : Task.FromResult<Upload?>(null);

    /// <summary>The id; null when the account has too many.</summary>
    public async Task<Guid?> AddAsync(string sha256, Caller caller, int limit, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var id = Guid.NewGuid(); // not to be guessed
        return await db.ExecuteAsync(AddSql, stop, id, caller.AccountId, Convert.FromHexString(sha256), now, limit) == 1 ? id : null;
    }

    public Task<List<UploadPart>> PartsAsync(Guid id, CancellationToken stop) => db.ListAsync(PartsSql, ReadPart, stop, id);

    /// <summary>The upload, locked for the transaction; null when it is over for good or not the caller's.</summary>
    public static Task<Upload?> LockAsync(NpgsqlConnection connection, Guid id, Caller caller, CancellationToken stop) =>
        connection.FirstAsync(LockSql, Read, stop, id, caller.AccountId);

    public static Task<UploadPart?> PartAsync(NpgsqlConnection connection, Guid id, int number, CancellationToken stop) => connection.FirstAsync(PartSql, ReadPart, stop, id, number);

    public static Task<long> SumAsync(NpgsqlConnection connection, Guid id, CancellationToken stop) => connection.ScalarAsync<long>(SumSql, stop, id);

    public async Task PutPartAsync(NpgsqlConnection connection, Guid id, UploadPart part, CancellationToken stop)
    {
        await connection.ExecuteAsync(PutPartSql, stop, id, part.Number, part.Name, part.ETag, part.SizeBytes);
        await connection.ExecuteAsync(TouchSql, stop, id, clock.GetUtcNow());
    }

    public Task EndAsync(NpgsqlConnection connection, Guid id, string status, long? sizeBytes, CancellationToken stop) =>
        connection.ExecuteAsync(EndSql, stop, id, status, sizeBytes, clock.GetUtcNow());

    private static Upload Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetNullableValue<long>(3), row.GetFieldValue<DateTimeOffset>(4));

    private static UploadPart ReadPart(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
}
