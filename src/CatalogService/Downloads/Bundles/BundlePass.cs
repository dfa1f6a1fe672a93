using System.Runtime.InteropServices;
using Npgsql;
using PackRelay.CatalogService.Files.Blobs;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Bundles;

/// <summary>
/// Builds some of the bundles that are due, first those that a download waits for. Another replica passes over what this one builds.
/// </summary>
internal sealed partial class BundlePass(BundleBuilder builder, IBlobStore blobs, TimeProvider clock, ILogger<BundlePass> logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // Then the list is read anew: a download may have come to wait.
    private static readonly TimeSpan LongestList = TimeSpan.FromMilliseconds(100);

    private const string DueSql = """
        SELECT b.version_id FROM bundles b
         WHERE b.built_at IS NULL AND b.due_at <= $1 AND b.total_size_bytes BETWEEN $2 AND $3
         ORDER BY b.is_waited_for DESC, b.total_size_bytes, b.version_id LIMIT 32
        """;

    private const string ManifestSql = """
        SELECT v.manifest, b.attempts FROM bundles b JOIN pack_versions v ON v.id = b.version_id JOIN packs p ON p.id = v.pack_id
         WHERE b.version_id = $1 AND b.built_at IS NULL AND b.due_at <= $2 AND p.visibility <> 'deleted'
        """; // a pack that was deleted meanwhile has taken its bundles along

    private const string DoneSql = "UPDATE bundles SET sha256 = $2, md5 = $3, size_bytes = $4, built_at = $5 WHERE version_id = $1 AND built_at IS NULL";

    private const string LostSql = "UPDATE bundles SET sha256 = NULL, md5 = NULL, size_bytes = NULL, built_at = NULL, due_at = $2 WHERE version_id = $1";

    private const string OrphanSql = "INSERT INTO removed_files (sha256, removed_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    private const string FailedSql = "UPDATE bundles SET attempts = attempts + 1, due_at = $2 WHERE version_id = $1";

    /// <summary>False when nothing was left to do.</summary>
    /// <param name="session">A connection of the builder's own: it holds the lock.</param>
    /// <param name="sizes">Versions with fewer or more bytes of files are left to others.</param>
    /// <param name="stop">Gives up; somebody else starts anew.</param>
    public async Task<bool> RunAsync(NpgsqlConnection session, BundleSizes sizes, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var hasBuilt = false;
        foreach (var versionId in await session.ListAsync(DueSql, row => row.GetGuid(0), stop, clock.GetUtcNow(), sizes.MinBytes, sizes.MaxBytes))
        {
            hasBuilt |= await session.TryLockedAsync($"bundle:{versionId}", () => TryBuildAsync(session, versionId, stop), stop);
            if (hasBuilt && clock.GetElapsedTime(started) >= LongestList) break;
        }

        return hasBuilt;
    }

    private async Task<bool> TryBuildAsync(NpgsqlConnection session, Guid versionId, CancellationToken stop)
    {
        var wanted = await session.FirstAsync(
            ManifestSql, row => new Wanted(row.GetFieldValue<byte[]>(0), row.GetInt32(1)), stop, versionId, clock.GetUtcNow());
        if (wanted is null) return false; // somebody else was faster by a moment
        try
        {
            var built = await builder.BuildAsync(wanted.Manifest, stop);
            await KeepAsync(session, versionId, built, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested && error is not NpgsqlException)
        {
            var pause = TimeSpan.FromSeconds(5 * Math.Pow(4, Math.Min(wanted.Attempts, 8)));
            BuildFailed(error, versionId, wanted.Attempts + 1);
            await session.ExecuteAsync(FailedSql, stop, versionId, clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause));
        }

        return true;
    }

    private async Task KeepAsync(NpgsqlConnection session, Guid versionId, BuiltBundle built, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var isKept = await session.ExecuteAsync(DoneSql, stop, versionId, built.Sha256, built.Md5, built.SizeBytes, now) == 1;
        if (!isKept) await session.ExecuteAsync(OrphanSql, stop, Convert.FromHexString(built.Sha256), now); // the pack was deleted meanwhile
        // The same bundle may have been on its way out, for a pack that was deleted and is back. From the statement above on the collector leaves it alone.
        else if (await blobs.FindAsync(built.Sha256, stop) is null) await session.ExecuteAsync(LostSql, stop, versionId, now);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The bundle of version {VersionId} could not be built, attempt {Attempt}; it is tried again later")]
    private partial void BuildFailed(Exception error, Guid versionId, int attempt);

    private sealed record Wanted(byte[] Manifest, int Attempts);
}

/// <summary>What a builder takes.</summary>
/// <param name="MinBytes">Fewest bytes of a version's files.</param>
/// <param name="MaxBytes">Most bytes of a version's files.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BundleSizes(long MinBytes, long MaxBytes);
