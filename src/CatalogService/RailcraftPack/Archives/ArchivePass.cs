using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.RailcraftPack.Archives;

/// <summary>Makes archives that are due, the longest waiting first. Another replica, or another builder of this one, passes over what is being made.</summary>
internal sealed partial class ArchivePass(ArchiveBuilder builder, IBlobStore blobs, TimeProvider clock, ILogger<ArchivePass> logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private const string DueSql = "SELECT id FROM railcraft_archives WHERE built_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT 32";

    private const string WantedSql = """
        SELECT v.manifest, f.manifest, a.optional_mods, a.attempts
          FROM railcraft_archives a JOIN packs p ON p.id = a.pack_id JOIN pack_versions v ON v.id = a.version_id LEFT JOIN pack_versions f ON f.id = a.from_version_id
         WHERE a.id = $1 AND a.built_at IS NULL AND a.due_at <= $2 AND p.visibility <> 'deleted'
        """;

    // Unless somebody else was faster by a moment its pack was deleted while it was asked for: it must not stand before others for ever.
    private const string ParkSql = "UPDATE railcraft_archives SET due_at = 'infinity' WHERE id = $1 AND built_at IS NULL AND due_at <= $2";

    private const string DoneSql = "UPDATE railcraft_archives SET sha256 = $2, size_bytes = $3, built_at = $4, attempts = 0 WHERE id = $1 AND built_at IS NULL";

    private const string LostSql = "UPDATE railcraft_archives SET sha256 = NULL, size_bytes = NULL, built_at = NULL, due_at = $2 WHERE id = $1";

    private const string OrphanSql = "INSERT INTO removed_files (sha256, removed_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    private const string FailedSql = "UPDATE railcraft_archives SET attempts = attempts + 1, due_at = $2 WHERE id = $1";

    /// <summary>False when nothing was left to do.</summary>
    /// <param name="session">A connection of the builder's own: it holds the lock.</param>
    /// <param name="stop">Gives up; somebody else starts anew.</param>
    public async Task<bool> RunAsync(NpgsqlConnection session, CancellationToken stop)
    {
        foreach (var id in await session.ListAsync(DueSql, row => row.GetInt64(0), stop, clock.GetUtcNow()))
            if (await session.TryLockedAsync($"railcraft-archive:{id}", () => TryBuildAsync(session, id, stop), stop)) return true; // then the list is read anew
        return false;
    }

    private async Task<bool> TryBuildAsync(NpgsqlConnection session, long id, CancellationToken stop)
    {
        var wanted = await session.FirstAsync(
            WantedSql, row => new Wanted(row.GetFieldValue<byte[]>(0), row.GetNullable<byte[]>(1), row.GetFieldValue<string[]>(2), row.GetInt32(3)), stop, id, clock.GetUtcNow());
        if (wanted is null)
        {
            await session.ExecuteAsync(ParkSql, stop, id, clock.GetUtcNow());
            return false;
        }

        try
        {
            var (sha256, sizeBytes) = await builder.BuildAsync(wanted.Target, wanted.Source, wanted.OptionalMods, stop);
            await KeepAsync(session, id, sha256, sizeBytes, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested && error is not NpgsqlException)
        {
            var pause = TimeSpan.FromSeconds(5 * Math.Pow(4, Math.Min(wanted.Attempts, 8)));
            BuildFailed(error, id, wanted.Attempts + 1);
            await session.ExecuteAsync(FailedSql, stop, id, clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause));
        }

        return true;
    }

    private async Task KeepAsync(NpgsqlConnection session, long id, string sha256, long sizeBytes, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var isKept = await session.ExecuteAsync(DoneSql, stop, id, sha256, sizeBytes, now) == 1;
        if (!isKept) await session.ExecuteAsync(OrphanSql, stop, Convert.FromHexString(sha256), now); // the pack was deleted meanwhile
        // The same bytes may have been on their way out, as another archive. From the statement above on the collector leaves them alone.
        else if (await blobs.FindAsync(sha256, stop) is null) await session.ExecuteAsync(LostSql, stop, id, now);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The archive {ArchiveId} could not be made, attempt {Attempt}; it is tried again later")]
    private partial void BuildFailed(Exception error, long archiveId, int attempt);

    private sealed record Wanted(byte[] Target, byte[]? Source, string[] OptionalMods, int Attempts);
}
