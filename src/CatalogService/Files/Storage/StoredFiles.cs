using System.Buffers.Binary;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.CatalogService.Files.Scanning;
using PackRelay.ServiceDefaults.Callers;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Plans;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Files.Storage;

/// <summary>Makes files true: the bytes in the blob store, the row, and what the account keeps.</summary>
internal sealed class StoredFiles(
    NpgsqlDataSource db, IBlobStore blobs, StorageAccounts accounts, FileScanner scanner, IOptions<ScanOptions> scans, IOptionsMonitor<PlanOptions> plans, TimeProvider clock)
{
    // Taken by whoever makes a file appear or disappear, so that the blob and its row come and go together. Hashes are spread evenly: their first bytes do.
    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    // Somebody wants it: the collector leaves it for as long as a new one.
    private const string WantSql = "UPDATE files SET idle_since = CASE WHEN idle_since IS NULL THEN NULL ELSE $2 END WHERE sha256 = $1 RETURNING true";

    private const string InsertSql = """
        INSERT INTO files (sha256, size_bytes, uploader_id, created_at, idle_since, scan_rules, scan_problem) VALUES ($1, $2, $3, $4, $4, $5, $6)
        """;

    private const string ExistsSql = "SELECT true FROM files WHERE sha256 = $1";

    /// <summary>402 <c>quota_exceeded</c> when the account has no room for a file of this size, as far as can be said before it is there; else null.</summary>
    public async Task<ApiError?> CheckRoomAsync(Caller caller, long sizeBytes, string? sha256, CancellationToken stop)
    {
        var limitBytes = LimitBytes(caller);
        var usedBytes = await accounts.UsedAsync(caller.AccountId, stop);
        if (usedBytes + sizeBytes <= limitBytes) return null;
        if (sha256 is not null && await db.ScalarAsync<bool>(ExistsSql, stop, Convert.FromHexString(sha256))) return null; // nobody pays for what is there
        return PlanErrors.StorageExceeded(caller, usedBytes, limitBytes);
    }

    /// <summary>Takes a file from a stream and gives its size; else 413, 422 <c>hash_mismatch</c>, 402 <c>quota_exceeded</c> or 507 <c>insufficient_storage</c>.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="sha256">The hash that they must have; null to take whatever comes.</param>
    /// <param name="limitBytes">Most bytes.</param>
    /// <param name="caller">Pays, unless the hub has the file.</param>
    /// <param name="origin">What else becomes true in the same transaction; null for nothing.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<FileAddition> AddAsync(Stream content, string? sha256, long limitBytes, Caller caller, FileOrigin? origin, CancellationToken stop)
    {
        await using var staged = await blobs.StageAsync(content, sha256, limitBytes, stop);
        if (staged.Outcome != BlobOutcome.Stored) return new FileAddition(Error: FileErrors.Of(staged.Outcome, limitBytes));
        try
        {
            // Most files are looked at before anybody can refer to them; what is large or not here yet is left to the worker.
            var scan = staged.Look() is { } look ? await scanner.ScanAsync(look, inline: true, stop) : default;
            if (origin?.Refuse?.Invoke(scan.Problem) is { } refusal) return new FileAddition(Error: refusal);
            return await db.InTransactionAsync(connection => AddAsync(connection, staged, scan, caller, origin, stop), stop);
        }
        catch (IOException error) when (DiskSpace.IsExhausted(error))
        {
            return new FileAddition(Error: FileErrors.OutOfSpace());
        }
    }

    /// <summary>Locks one hash against others who make its file appear or disappear, until the transaction ends.</summary>
    public static Task LockAsync(NpgsqlConnection connection, byte[] sha256, CancellationToken stop) =>
        connection.ExecuteAsync(LockSql, stop, BinaryPrimitives.ReadInt64BigEndian(sha256));

    public long LimitBytes(Caller caller) => plans.CurrentValue.Of(caller).StorageBytes;

    private async Task<FileAddition> AddAsync(NpgsqlConnection connection, StagedBlob staged, ScanResult scan, Caller caller, FileOrigin? origin, CancellationToken stop)
    {
        var releasedBytes = origin is null ? 0 : await origin.BeginAsync(connection);
        if (releasedBytes is null) return default;
        var hash = Convert.FromHexString(staged.Sha256);
        await LockAsync(connection, hash, stop);
        var now = clock.GetUtcNow();
        var isNew = !await connection.ScalarAsync<bool>(WantSql, stop, hash, now);
        var limitBytes = LimitBytes(caller);
        if (!await StorageAccounts.ChargeAsync(connection, caller.AccountId, isNew ? staged.SizeBytes : 0, -releasedBytes.Value, limitBytes, stop))
            return new FileAddition(Error: PlanErrors.StorageExceeded(caller, await StorageAccounts.UsedAsync(connection, caller.AccountId, stop), limitBytes));
        if (isNew) await connection.ExecuteAsync(InsertSql, stop, hash, staged.SizeBytes, caller.AccountId, now, scan.IsDecided ? scans.Value.Rules : 0, scan.Problem);
        if (origin is not null) await origin.EndAsync(connection, staged);
        // Before the row is seen by anybody. Should the commit fail, the blob is there without a row, until somebody brings it again. A blob that
        // is there already is written again: it is the same, and whoever lost it gets it back.
        await staged.CommitAsync(CancellationToken.None);
        return new FileAddition(staged.SizeBytes);
    }
}

/// <summary>How taking a file ended. Neither a size nor an error: its origin was gone, and nothing was done.</summary>
/// <param name="SizeBytes">Its size in bytes.</param>
/// <param name="Error">What to answer when it was not taken.</param>
internal readonly record struct FileAddition(long? SizeBytes = null, ApiError? Error = null);

/// <summary>What ends when the file is there, in the transaction that makes it true.</summary>
/// <param name="BeginAsync">Locks it and gives the bytes that the account kept for it until now; null when it is gone.</param>
/// <param name="EndAsync">Ends it, given the file.</param>
/// <param name="Refuse">Why the content is not taken, given what the scan found so far; null to take it and let the scan have its say later.</param>
internal sealed record FileOrigin(Func<NpgsqlConnection, Task<long?>> BeginAsync, Func<NpgsqlConnection, StagedBlob, Task> EndAsync, Func<string?, ApiError?>? Refuse = null);
