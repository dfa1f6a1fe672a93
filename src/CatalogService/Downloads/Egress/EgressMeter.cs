using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Npgsql;
using PackRelay.ServiceDefaults.Errors;
using PackRelay.ServiceDefaults.Plans;
using PackRelay.ServiceDefaults.Postgres;

namespace PackRelay.CatalogService.Downloads.Egress;

/// <summary>
/// Meters what is downloaded of an account's files and bundles, per calendar month of UTC. Bytes are added in memory and written together every second or
/// so, exactly once; a process that dies loses what it had not written. Each replica knows what the others wrote when it last asked, so an account
/// may pass its limit by what is downloaded within some seconds.
/// </summary>
internal sealed class EgressMeter(NpgsqlDataSource db, IOptionsMonitor<PlanOptions> plans, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);

    private const string FindSql = "SELECT a.plan, COALESCE(e.bytes, 0) FROM accounts a LEFT JOIN egress e ON e.account_id = a.id AND e.month = $2 WHERE a.id = $1";

    // A batch that was written already changes nothing: of a commit whose answer was lost nobody knows, so the same batch is sent again.
    internal const string AddSql = """
        WITH old AS (DELETE FROM egress_writers WHERE written_at < $6 - interval '30 days'),
        next AS (
            INSERT INTO egress_writers AS w (id, batch, written_at) VALUES ($4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET batch = EXCLUDED.batch, written_at = EXCLUDED.written_at WHERE w.batch < EXCLUDED.batch RETURNING 1)
        INSERT INTO egress (account_id, month, bytes)
        SELECT account_id, month, bytes FROM unnest($1, $2, $3) AS added (account_id, month, bytes) WHERE EXISTS (SELECT FROM next) ORDER BY account_id, month
        ON CONFLICT (account_id, month) DO UPDATE SET bytes = egress.bytes + EXCLUDED.bytes
        RETURNING account_id, month, bytes
        """; // sorted, so that two replicas never wait for each other in a ring

    private readonly Guid writer = Guid.NewGuid();

    private readonly Lock gate = new();

    private readonly SemaphoreSlim writing = new(1, 1);

    private readonly Dictionary<Guid, Known> known = [];

    private Dictionary<Meter, long> pending = [];

    private Dictionary<Meter, long> underWay = []; // the batch that is being written, until it is known to be

    private long batch;

    public void Dispose() => writing.Dispose();

    /// <summary>402 <c>quota_exceeded</c> when the account has used up its plan's egress of this month; else null.</summary>
    public async ValueTask<ApiError?> CheckAsync(Guid accountId, CancellationToken stop)
    {
        var (usedBytes, plan) = await FindAsync(accountId, stop);
        var limit = plans.CurrentValue.Of(plan).EgressBytesPerMonth;
        return usedBytes < limit ? null : DownloadErrors.EgressUsedUp(limit);
    }

    /// <summary>What went out this month, in bytes; as the check counts it.</summary>
    public async ValueTask<long> UsedAsync(Guid accountId, CancellationToken stop) => (await FindAsync(accountId, stop)).UsedBytes;

    /// <summary>Adds what an account's content made go out.</summary>
    public void Add(Guid accountId, long bytes)
    {
        if (bytes <= 0) return;
        var meter = new Meter(accountId, ThisMonth());
        lock (gate) pending[meter] = pending.GetValueOrDefault(meter) + bytes;
    }

    /// <summary>
    /// Adds what an answer brings, whole or in part: when it has ended it is known which part was asked for. An answer that breaks off is charged whole, or a client could have the most of it for nothing.
    /// </summary>
    public void AddWhenAnswered(Guid accountId, HttpResponse response) => response.OnCompleted(() =>
    {
        if (response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status206PartialContent) Add(accountId, response.ContentLength ?? 0);
        return Task.CompletedTask;
    });

    /// <summary>Writes what was added; when it fails, it stays added and the same batch is written next.</summary>
    public async Task FlushAsync(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            var isLeft = underWay.Count > 0;
            await WriteAsync(stop);
            if (isLeft) await WriteAsync(stop);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        lock (gate)
        {
            Forget();
            if (underWay.Count == 0)
            {
                if (pending.Count == 0) return;
                (underWay, pending) = (pending, []);
                batch++;
            }
        }

        var added = underWay.ToArray();
        var written = await db.ListAsync(
            AddSql, row => (Meter: new Meter(row.GetGuid(0), row.GetFieldValue<DateOnly>(1)), Bytes: row.GetInt64(2)), stop,
            Array.ConvertAll(added, one => one.Key.AccountId), Array.ConvertAll(added, one => one.Key.Month), Array.ConvertAll(added, one => one.Value),
            writer, batch, clock.GetUtcNow());
        lock (gate)
        {
            underWay = [];
            if (written.Count == 0)
                foreach (var (meter, _) in added) known.Remove(meter.AccountId); // it had been written, by a statement whose answer was lost
            foreach (var (meter, bytes) in written)
                if (known.TryGetValue(meter.AccountId, out var account) && account.Month == meter.Month) known[meter.AccountId] = account with { Bytes = bytes };
        }
    }

    private async ValueTask<(long UsedBytes, string Plan)> FindAsync(Guid accountId, CancellationToken stop)
    {
        var meter = new Meter(accountId, ThisMonth());
        Known? account;
        lock (gate) account = known.GetValueOrDefault(accountId);
        if (account is null || account.Month != meter.Month || clock.GetUtcNow() - account.ReadAt > KnownFor)
        {
            var (plan, bytes) = await db.FirstAsync(FindSql, row => (row.GetString(0), row.GetInt64(1)), stop, accountId, meter.Month);
            account = new Known(meter.Month, plan ?? "free", bytes, clock.GetUtcNow());
            lock (gate) known[accountId] = account;
        }

        lock (gate) return (account.Bytes + pending.GetValueOrDefault(meter) + underWay.GetValueOrDefault(meter), account.Plan);
    }

    /// <summary>What has to be asked for anyway need not be kept.</summary>
    private void Forget()
    {
        var old = clock.GetUtcNow() - KnownFor;
        foreach (var (accountId, account) in known)
            if (account.ReadAt < old) known.Remove(accountId);
    }

    private DateOnly ThisMonth()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateOnly(now.Year, now.Month, 1);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Meter(Guid AccountId, DateOnly Month);

    private sealed record Known(DateOnly Month, string Plan, long Bytes, DateTimeOffset ReadAt);
}
