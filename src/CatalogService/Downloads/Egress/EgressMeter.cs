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

    private const string AddSql = """
        INSERT INTO egress (account_id, month, bytes) SELECT account_id, month, bytes FROM unnest($1, $2, $3) AS added (account_id, month, bytes) ORDER BY account_id, month
        ON CONFLICT (account_id, month) DO UPDATE SET bytes = egress.bytes + EXCLUDED.bytes
        RETURNING account_id, month, bytes
        """; // sorted, so that two replicas never wait for each other in a ring

    private readonly Lock gate = new();

    private readonly SemaphoreSlim writing = new(1, 1);

    private readonly Dictionary<Guid, Known> known = [];

    private Dictionary<Meter, long> pending = [];

    private Dictionary<Meter, long> underWay = [];

    public void Dispose() => writing.Dispose();

    /// <summary>402 <c>quota_exceeded</c> when the account has used up its plan's egress of this month; else null.</summary>
    public async ValueTask<ApiError?> CheckAsync(Guid accountId, CancellationToken stop)
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

        var limit = plans.CurrentValue.Of(account.Plan).EgressBytesPerMonth;
        lock (gate)
        {
            var used = account.Bytes + pending.GetValueOrDefault(meter) + underWay.GetValueOrDefault(meter);
            return used < limit ? null : DownloadErrors.EgressUsedUp(limit);
        }
    }

    /// <summary>Adds what an account's content made go out.</summary>
    public void Add(Guid accountId, long bytes)
    {
        if (bytes <= 0) return;
        var meter = new Meter(accountId, ThisMonth());
        lock (gate) pending[meter] = pending.GetValueOrDefault(meter) + bytes;
    }

    /// <summary>Writes what was added; when it fails, it stays added.</summary>
    public async Task FlushAsync(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            lock (gate)
            {
                Forget();
                if (pending.Count == 0) return;
                (underWay, pending) = (pending, []);
            }

            var added = underWay.ToArray();
            var written = await db.ListAsync(
                AddSql, row => (Meter: new Meter(row.GetGuid(0), row.GetFieldValue<DateOnly>(1)), Bytes: row.GetInt64(2)), stop,
                Array.ConvertAll(added, one => one.Key.AccountId), Array.ConvertAll(added, one => one.Key.Month), Array.ConvertAll(added, one => one.Value));
            lock (gate)
            {
                foreach (var (meter, bytes) in written)
                    if (known.TryGetValue(meter.AccountId, out var account) && account.Month == meter.Month) known[meter.AccountId] = account with { Bytes = bytes };
                underWay = [];
            }
        }
        catch
        {
            lock (gate)
            {
                foreach (var (meter, bytes) in underWay) pending[meter] = pending.GetValueOrDefault(meter) + bytes;
                underWay = [];
            }

            throw;
        }
        finally
        {
            writing.Release();
        }
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
