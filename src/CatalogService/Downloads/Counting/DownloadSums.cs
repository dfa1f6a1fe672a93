using Npgsql;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Counting;

/// <summary>
/// Brings counted downloads to the packs: their sum for ever, and that of the last seven days, today included. Each count is taken away and added in one
/// transaction, by one replica at a time.
/// </summary>
internal sealed class DownloadSums(NpgsqlDataSource db, TimeProvider clock)
{
    private const int WindowDays = 7;

    private const string LockSql = "SELECT pg_try_advisory_xact_lock(hashtextextended('download sums', 0))";

    // Most looks find nothing: the two statements below would read all packs to see that.
    private const string DueSql = "SELECT EXISTS (SELECT FROM download_window WHERE since < $1), EXISTS (SELECT FROM download_batches)";

    // The days that leave the window leave the packs with them; a night that was missed is made up for.
    private const string SlideSql = """
        WITH gone AS (
            SELECT d.pack_id, sum(d.downloads)::bigint AS downloads FROM download_days d, download_window w WHERE d.day >= w.since AND d.day < $1 GROUP BY d.pack_id),
        taken AS (
            UPDATE packs p SET installs_last_week = p.installs_last_week - gone.downloads FROM gone WHERE p.id = gone.pack_id)
        UPDATE download_window SET since = $1 WHERE since < $1
        """;

    private const string AddSql = """
        WITH taken AS (
            DELETE FROM download_batches WHERE id IN (SELECT id FROM download_batches ORDER BY id LIMIT 5000) RETURNING pack_id, day, downloads),
        sums AS (
            SELECT t.pack_id, t.day, sum(t.downloads)::bigint AS downloads FROM taken t JOIN packs p ON p.id = t.pack_id GROUP BY t.pack_id, t.day),
        days AS (
            INSERT INTO download_days (pack_id, day, downloads) SELECT pack_id, day, downloads FROM sums
            ON CONFLICT (pack_id, day) DO UPDATE SET downloads = download_days.downloads + EXCLUDED.downloads),
        slots AS ( -- when they are added is within a second or so of when they were
            INSERT INTO download_slots AS d (slot, downloads) SELECT date_bin('5 minutes', $1::timestamptz, 'epoch'), sum(downloads)::bigint FROM taken HAVING count(*) > 0
            ON CONFLICT (slot) DO UPDATE SET downloads = d.downloads + excluded.downloads),
        added AS (
            UPDATE packs p SET download_count = p.download_count + s.downloads, installs_last_week = p.installs_last_week + s.recent
              FROM (SELECT pack_id, sum(downloads)::bigint AS downloads, COALESCE(sum(downloads) FILTER (WHERE day >= since), 0)::bigint AS recent FROM sums, download_window GROUP BY pack_id) s
             WHERE p.id = s.pack_id)
        SELECT count(*) FROM taken
        """;

    /// <summary>Gives the number of batches that were added; 0 when there is nothing to do, or another replica is at it.</summary>
    public Task<long> RunAsync(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var since = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - WindowDays);
        return db.InTransactionAsync(
            async connection =>
            {
                if (!await connection.ScalarAsync<bool>(LockSql, stop)) return 0;
                var due = await connection.FirstAsync(DueSql, row => (Slide: row.GetBoolean(0), Add: row.GetBoolean(1)), stop, since);
                if (due.Slide) await connection.ExecuteAsync(SlideSql, stop, since);
                return due.Add ? await connection.ScalarAsync<long>(AddSql, stop, now) : 0;
            },
            stop);
    }
}
